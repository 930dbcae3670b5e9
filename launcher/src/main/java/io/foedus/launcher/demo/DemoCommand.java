package io.foedus.launcher.demo;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.launcher.processes.DataDirectory;
import io.foedus.launcher.processes.Distribution;
import io.foedus.launcher.processes.Ports;
import io.foedus.launcher.servers.DataOption;
import io.foedus.launcher.servers.Installation;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code foedus demo}: the main job on embedded defaults, from nothing to a trained model. */
@Command(
        name = "demo",
        description = {
            "Trains a handwritten-digits model across agents on this machine.",
            "Starts PostgreSQL, a controller, combiners and agents as processes of their own, runs a session, shows a"
                    + " line per round, then leaves the UI up until Ctrl-C. Exit code 0 only if every round completed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus demo",
            "  foedus demo --rounds 10 --agents 5 --combiners 2",
            "  foedus demo --rounds 5 --once --json | tail -1 | jq .accuracy"
        })
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of the session (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--agents",
            defaultValue = "3",
            description = "Agents, each with its own part of the data (default: ${DEFAULT-VALUE}).")
    private int agents = 3;

    @Option(names = "--combiners", defaultValue = "1", description = "Combiners (default: ${DEFAULT-VALUE}).")
    private int combiners = 1;

    @Option(names = "--port", description = "Port of UI and REST API (default: the first free from 8080).")
    private @Nullable Integer port;

    @Option(names = "--once", description = "Stop everything when the session has ended.")
    private boolean once;

    @Option(
            names = "--json",
            description = "Print one JSON object last on standard output, progress on standard error.")
    private boolean json;

    @Override
    public Integer call() {
        long start = System.nanoTime();
        require("--rounds", rounds, 10_000);
        require("--agents", agents, 50);
        require("--combiners", combiners, 10);
        int chosen = port == null ? Ports.firstFree("127.0.0.1", 8080) : Ports.requireFree("127.0.0.1", port);
        PrintWriter progress =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        Installation installation = new Installation(DataDirectory.open(data.path("demo")), Distribution.find());
        End end = new End(installation);
        Runtime.getRuntime().addShutdownHook(new Thread(end::stopAndLeave, "stop-demo"));

        DigitsFederation federation = new DigitsFederation(installation, progress, start);
        federation.start(chosen, combiners, agents);
        Summary summary = federation.follow(federation.openSession(rounds, agents));
        int code = (summary.completed() == rounds ? ExitCode.OK : ExitCode.FAILURE).number();
        end.code = code;
        if (json) {
            spec.commandLine().getOut().println(Json.line(summary.json()));
            spec.commandLine().getOut().flush();
        }
        if (code != 0) {
            federation.say("only " + summary.completed() + " of " + rounds + " rounds completed; logs are in "
                    + installation.data().logs());
        } else if (!once) {
            federation.sayWhereToLook();
            untilInterrupted();
        }
        installation.close();
        return code;
    }

    private static void require(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new Failure(
                    ExitCode.USAGE,
                    option + " must be a number from 1 to " + most + ", not " + value,
                    "See `foedus demo --help`.");
        }
    }

    private static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What happens on Ctrl-C: everything is stopped; the exit code says whether the session had completed. */
    private static final class End {
        private final Installation installation;
        private volatile int code = -1;

        End(Installation installation) {
            this.installation = installation;
        }

        void stopAndLeave() {
            installation.close();
            if (code >= 0) {
                Runtime.getRuntime().halt(code);
            }
        }
    }
}
