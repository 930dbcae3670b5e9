package io.foedus.agent.attendance;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.LogLines;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.packages.PackageStore;
import io.foedus.agent.packages.PythonEnvironments;
import io.foedus.agent.processes.ChildProcess;
import io.foedus.agent.state.StateDirectory;
import io.foedus.agent.training.ModelCache;
import io.foedus.agent.training.PackageTraining;
import io.foedus.agent.training.TaskBook;
import io.foedus.agent.training.Workbench;
import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code foedus agent}: runs an agent until it is told to stop. */
@Command(
        name = "agent",
        description = {
            "Run a client agent where the data is.",
            "It joins once with a join token, keeps its identity in the state directory and dials out only."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus agent --controller https://foedus.example:8443 --token-file join.token --data-dir /srv/scans",
            "  foedus agent --controller https://foedus.example:8443 --state-dir /var/lib/foedus-agent --label site=north",
            "",
            "Entry points see FOEDUS_DATA_DIR, FOEDUS_TASK_ID, FOEDUS_ROUND, FOEDUS_SETTINGS and FOEDUS_PROGRESS.",
            "SIGTERM uploads or keeps what is finished and ends with 0."
        })
public final class AgentCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(AgentCommand.class.getName());
    private static final String STATE_VARIABLE = "FOEDUS_AGENT_STATE";

    @Mixin
    private Connection connection = new Connection();

    @Option(names = "--name", paramLabel = "NAME", description = "Name in the alliance (default: the host's name).")
    private @Nullable String name;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where it remembers who it is (default: $STATE_DIRECTORY, else ~/.local/state/foedus/agent).")
    private @Nullable Path stateDirectory;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where entry points find the data (FOEDUS_DATA_DIR).")
    private @Nullable Path dataDirectory;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "What combiners may select by; may be repeated.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--preferred-combiner", paramLabel = "NAME", description = "The combiner it would like to attend.")
    private @Nullable String preferredCombiner;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description = "Makes environments for packages with python_env (default: python3).")
    private String python = AgentSettings.PYTHON;

    @Option(names = "--system-site-packages", description = "Let those environments see the machine's Python packages.")
    private boolean systemSitePackages;

    @Option(names = "--json", description = "Log JSON, one object a line.")
    private boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log more.")
    private boolean verbose;

    @Override
    public Integer call() throws Exception {
        LogLines.install(json, verbose);
        AgentSettings settings = settings();
        try (StateDirectory state = StateDirectory.open(settings.stateDirectory())) {
            return run(settings, state).number();
        }
    }

    private ExitCode run(AgentSettings settings, StateDirectory state) throws IOException, InterruptedException {
        String stateMark = state.root().toRealPath().toString();
        int leftovers = ChildProcess.endLeftovers(STATE_VARIABLE, stateMark);
        if (leftovers > 0) {
            LOG.log(System.Logger.Level.WARNING, "ended {0} processes that an earlier agent left running", leftovers);
        }
        Map<String, String> surroundings = new HashMap<>();
        surroundings.put(STATE_VARIABLE, stateMark);
        settings.dataDirectory().ifPresent(d -> surroundings.put("FOEDUS_DATA_DIR", d.toString()));

        Membership membership = new Membership(settings, state, connection.openAnonymously(), connection::token);
        PackageStore packages = new PackageStore(
                state.packages(),
                new PythonEnvironments(state.environments(), settings.python(), settings.systemSitePackages()),
                UnpackLimits.DEFAULT,
                surroundings);
        Clock clock = Clock.systemUTC();
        TaskBook tasks = new TaskBook(
                state.tasks(),
                new Workbench(
                        new ModelCache(state.models()),
                        new PackageTraining(packages, membership::asAgent, surroundings)));
        Agent agent = new Agent(
                settings,
                membership,
                packages,
                tasks,
                new Dialer(settings.ca(), settings.allowPlaintext())::dial,
                clock,
                RandomGenerator.getDefault());
        Thread hook = new Thread(() -> leave(agent), "leave");
        Runtime.getRuntime().addShutdownHook(hook);
        ExitCode code = agent.run();
        if (code != ExitCode.OK) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    /** Ends the process itself, because a virtual machine that a signal stops would not exit with 0. */
    private static void leave(Agent agent) {
        try {
            if (agent.state() != AgentState.LEFT) {
                agent.leave("the agent was told to stop");
                Runtime.getRuntime().halt(ExitCode.OK.number());
            }
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(ExitCode.FAILURE.number());
        }
    }

    /** The settings that the options and the environment make. */
    AgentSettings settings() {
        Path state = stateDirectory != null ? stateDirectory : StateDirectory.usual(System.getenv());
        Optional<Path> data = Optional.ofNullable(dataDirectory)
                .or(() -> Optional.ofNullable(System.getenv("FOEDUS_DATA_DIR")).map(Path::of))
                .map(Path::toAbsolutePath);
        data.filter(d -> !Files.isDirectory(d)).ifPresent(d -> {
            throw new Failure(ExitCode.CONFIGURATION, "there is no data directory " + d, "Check --data-dir.");
        });
        return new AgentSettings(
                connection.controller(),
                name != null ? name : hostName(),
                state.toAbsolutePath(),
                data,
                labels,
                Optional.ofNullable(preferredCombiner),
                connection.ca(),
                connection.allowsPlaintext(),
                python,
                systemSitePackages,
                AgentSettings.LEAVE_PATIENCE);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new Failure(ExitCode.CONFIGURATION, "this machine has no name", "Give --name NAME.", e);
        }
    }
}
