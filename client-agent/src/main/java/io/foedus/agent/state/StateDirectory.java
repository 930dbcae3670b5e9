package io.foedus.agent.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.core.identity.TokenKind;
import io.foedus.core.identity.TokenText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The agent's folder, locked against a second agent as long as it is open. */
public final class StateDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lockFile;

    private StateDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Opens and locks the folder, creating it if needed. */
    public static StateDirectory open(Path root) {
        try {
            PrivateFiles.folder(root);
            Path lock = root.resolve("agent.lock");
            FileChannel channel = FileChannel.open(
                    lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PrivateFiles.ownerOnly(lock));
            if (!locked(channel)) {
                channel.close();
                throw new Failure(
                        ExitCode.CONFLICT,
                        "another agent runs with the state directory " + root,
                        "Stop it, or give this one its own --state-dir.");
            }
            StateDirectory state = new StateDirectory(root, channel);
            for (Path folder : new Path[] {state.packages(), state.environments(), state.models(), state.tasks()}) {
                PrivateFiles.folder(folder);
            }
            return state;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "cannot use the state directory " + root + ": " + e,
                    "Give a folder that this user may write with --state-dir.",
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    public Path root() {
        return root;
    }

    /** Unpacked packages by digest. */
    public Path packages() {
        return root.resolve("packages");
    }

    /** Virtual environments of packages. */
    public Path environments() {
        return root.resolve("environments");
    }

    /** Downloaded models by digest. */
    public Path models() {
        return root.resolve("models");
    }

    /** One folder per task that is not settled yet. */
    public Path tasks() {
        return root.resolve("tasks");
    }

    /** Where an agent's folder is unless it is told otherwise. */
    public static Path usual(Map<String, String> environment) {
        String systemd = environment.get("STATE_DIRECTORY");
        if (systemd != null && !systemd.isBlank()) {
            return Path.of(systemd);
        }
        String xdg = environment.get("XDG_STATE_HOME");
        Path base = xdg != null && !xdg.isBlank()
                ? Path.of(xdg)
                : Path.of(System.getProperty("user.home", "."), ".local", "state");
        return base.resolve("foedus").resolve("agent");
    }

    /** Who this agent is, if it joined before. */
    public Optional<Identity> identity() {
        return identityIn(root);
    }

    /** Who the agent of a folder is, without opening the folder. */
    public static Optional<Identity> identityIn(Path root) {
        Path file = root.resolve("identity.json");
        try {
            return Files.exists(file)
                    ? Optional.of(Json.MAPPER.readValue(Files.readString(file), Identity.class))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    file + " is not an identity: " + e.getOriginalMessage(),
                    "Restore it, or remove it and join again under another name.",
                    e);
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read " + file + ": " + e, "Check its permissions.", e);
        }
    }

    /** Remembers who this agent is. */
    public void remember(Identity identity) throws IOException {
        PrivateFiles.write(root.resolve("identity.json"), Json.MAPPER.writeValueAsBytes(identity));
        Files.deleteIfExists(joining());
    }

    /** True if this agent has tried to join and never saw whether it worked. */
    public boolean hasTriedToJoin() {
        return Files.exists(joining());
    }

    /**
     * The token that this agent joins with: made once and kept before the controller hears of it, so that whatever
     * happens to the answer, the agent can show who it is.
     */
    public String ownToken() throws IOException {
        if (!hasTriedToJoin()) {
            String token = TokenText.random(TokenKind.AGENT, new SecureRandom()).text();
            PrivateFiles.write(joining(), token.getBytes(StandardCharsets.US_ASCII));
        }
        return Files.readString(joining(), StandardCharsets.US_ASCII).strip();
    }

    private Path joining() {
        return root.resolve("joining");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
