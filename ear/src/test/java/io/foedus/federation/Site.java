package io.foedus.federation;

import io.foedus.launcher.processes.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An agent and its data directory, whose files tell the {@link InstantPackage} what to do. */
public final class Site {
    private final Alliance alliance;
    private final String name;
    private final Path data;
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable Member agent;
    private @Nullable URI controller;

    Site(Alliance alliance, String name) {
        this.alliance = alliance;
        this.name = name;
        data = Directories.ownersOnly(
                alliance.federation().home().resolve("data").resolve(process()));
    }

    public String name() {
        return name;
    }

    /** Name of the agent in the controller, and of its process. */
    public String process() {
        return alliance.name() + "-" + name;
    }

    public Path data() {
        return data;
    }

    /** The agent's program, once it was started. */
    public Member agent() {
        if (agent == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return agent;
    }

    /** Adds a variable for agent and entry points; before the start. */
    public Site with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Dials another address than the first controller's; before the start. */
    public Site dialing(URI address) {
        controller = address;
        return this;
    }

    /** Starts the agent. */
    public Site start() {
        Federation federation = alliance.federation();
        environment.put("FOEDUS_DATA_DIR", data.toString());
        URI address = controller == null ? federation.controller().uri() : controller;
        agent = new Member(
                        process(),
                        Optional.empty(),
                        () -> federation
                                .installation()
                                .startAgent(process(), address, alliance.joinToken(), environment))
                .start();
        return this;
    }

    /** Asks the agent to end, if it was started. */
    public void stop() {
        if (agent != null) {
            agent.stop();
        }
    }

    /** The update that training returns from now on. */
    public Site update(double... values) {
        Models.write(data.resolve("update.npz"), values);
        return this;
    }

    /** The update that training in rounds of that number returns from now on. */
    public Site update(int round, double... values) {
        Models.write(data.resolve("update-" + round + ".npz"), values);
        return this;
    }

    /** The files that trainings return. */
    public List<Path> updates() {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("update(-\\d+)?\\.npz"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of examples that training reports from now on. */
    public Site examples(long count) {
        return say("examples", String.valueOf(count));
    }

    /** The JSON object that validation returns from now on. */
    public Site metrics(String json) {
        return say("metrics", json);
    }

    /** How long trainings last from now on. */
    public Site lasting(Duration time) {
        return time.isZero() ? forget("lasts") : say("lasts", String.valueOf(time.toMillis() / 1000.0));
    }

    /** Makes trainings wait until {@link #release}. */
    public Site hold() {
        return say("hold", "");
    }

    public Site release() {
        return forget("hold");
    }

    /** What goes wrong in trainings from now on. */
    public enum Fault {
        FAIL,
        HANG,
        NOTHING,
        NO_METADATA,
        NAN,
        LAYOUT;

        /** Value of the file, and of the session's setting {@code fault}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    public Site fault(Fault fault) {
        double[] nans = new double[InstantPackage.VALUES];
        java.util.Arrays.fill(nans, Double.NaN);
        Models.write(data.resolve("nan.npz"), nans);
        Models.write(data.resolve("other.npz"), new double[InstantPackage.VALUES - 1]);
        return say("fault", fault.word());
    }

    public Site noFault() {
        return forget("fault");
    }

    /** The calls of entry points so far, each as {@code train|validate <round> <task>}. */
    public List<String> calls() {
        try {
            Path file = data.resolve("calls");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Site say(String file, String text) {
        try {
            Path part = Files.writeString(data.resolve(file + ".part"), text);
            Files.move(part, data.resolve(file), StandardCopyOption.ATOMIC_MOVE);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Site forget(String file) {
        try {
            Files.deleteIfExists(data.resolve(file));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
