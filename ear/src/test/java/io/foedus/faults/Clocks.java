package io.foedus.faults;

import io.foedus.federation.CommandLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The wall clocks of programs, in a test's hands: see {@code clock.c}. Threads may share it. */
final class Clocks {
    private final Path directory;

    private Clocks(Path directory) {
        this.directory = directory;
    }

    /** Builds what is preloaded, in a directory; empty if this machine has no C compiler. */
    static Optional<Clocks> in(Path directory) {
        try (InputStream source = Clocks.class.getResourceAsStream("/faults/clock.c")) {
            Files.createDirectories(directory);
            Path file = directory.resolve("clock.c");
            Files.copy(Objects.requireNonNull(source), file, StandardCopyOption.REPLACE_EXISTING);
            CommandLine.Answer built = CommandLine.run(
                    "sh", "-c", "cc -shared -fPIC -O1 -o '" + library(directory) + "' '" + file + "' -ldl");
            return built.exitCode() == 0 ? Optional.of(new Clocks(directory)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Variables for a program whose clock is to be turned under a name. */
    Map<String, String> variables(String name) {
        jump(name, Duration.ZERO);
        return Map.of(
                "LD_PRELOAD",
                library(directory).toString(),
                "FAULTS_CLOCK",
                file(name).toString());
    }

    /** From now on, that program's clock is off by so much. */
    void jump(String name, Duration by) {
        ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        seconds.putLong(by.toSeconds()).flip();
        try (FileChannel file = FileChannel.open(file(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(seconds, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static Path library(Path directory) {
        return directory.resolve("clock.so");
    }
}
