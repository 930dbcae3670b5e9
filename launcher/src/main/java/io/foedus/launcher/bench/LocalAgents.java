package io.foedus.launcher.bench;

import io.foedus.agent.ExitCode;
import io.foedus.agent.attendance.Agent;
import io.foedus.agent.attendance.AgentSettings;
import io.foedus.agent.attendance.AgentState;
import io.foedus.agent.attendance.Dialer;
import io.foedus.agent.attendance.Membership;
import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.packages.PackageStore;
import io.foedus.agent.packages.PythonEnvironments;
import io.foedus.agent.state.StateDirectory;
import io.foedus.agent.training.ModelCache;
import io.foedus.agent.training.TaskBook;
import io.foedus.agent.training.Workbench;
import io.foedus.packages.UnpackLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Whole agents inside this program, each with a state directory and a connection of its own; only training is instant.
 */
final class LocalAgents implements AutoCloseable {
    private final List<Agent> agents = new ArrayList<>();
    private final List<StateDirectory> states = new ArrayList<>();
    private final ExecutorService lives = Executors.newCachedThreadPool();

    LocalAgents(URI controller, String joinToken, Path directory, int count) throws IOException {
        for (int i = 1; i <= count; i++) {
            AgentSettings settings = new AgentSettings(
                    controller,
                    "agent-" + i,
                    directory.resolve("agent-" + i),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    AgentSettings.PYTHON,
                    false,
                    Duration.ofSeconds(5));
            Agent agent = agent(settings, joinToken, i);
            agents.add(agent);
            var unused = lives.submit(agent::run);
        }
    }

    private Agent agent(AgentSettings settings, String joinToken, int number) throws IOException {
        StateDirectory state = StateDirectory.open(settings.stateDirectory());
        states.add(state);
        Membership membership = new Membership(
                settings, state, new ControllerClient(settings.controller(), null, Optional.empty()), () -> joinToken);
        Clock clock = Clock.systemUTC();
        Workbench workbench = new Workbench(new ModelCache(state.models()), new InstantTraining(number));
        return new Agent(
                settings,
                membership,
                new PackageStore(
                        state.packages(),
                        new PythonEnvironments(state.environments(), settings.python(), false),
                        UnpackLimits.DEFAULT,
                        Map.of()),
                new TaskBook(state.tasks(), workbench),
                new Dialer(Optional.empty(), false)::dial,
                clock,
                RandomGenerator.getDefault());
    }

    /** Blocks until all are attached, and gives up after two minutes. */
    void awaitAttached() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (agents.stream().anyMatch(a -> a.state() == AgentState.JOINING)) {
            if (System.nanoTime() > deadline) {
                throw new Failure(
                        ExitCode.FAILURE, "not every agent found a combiner in two minutes", "Try fewer --agents.");
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() throws IOException {
        lives.shutdown();
        for (Agent agent : agents) {
            try {
                agent.leave("the benchmark is over");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (StateDirectory state : states) {
            state.close();
        }
    }
}
