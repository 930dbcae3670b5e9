package io.foedus.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Python interpreter, and virtual environments under {@code target} made from it. Each environment is made once and
 * kept until {@code mvn clean}.
 *
 * @param program path or name of the interpreter
 */
record Python(String program) {
    private static final Duration INSTALL = Duration.ofMinutes(6);

    /** What a program answered. */
    record Answer(int exitCode, String output) {
        boolean ok() {
            return exitCode == 0;
        }
    }

    /** Why something cannot be had here; the test that wants it is skipped with this reason. */
    static final class NotHere extends Exception {
        private static final long serialVersionUID = 1L;

        NotHere(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** The first interpreter of a version that {@code fedn} runs on: 3.9 to 3.12 (it needs the module {@code cgi}). */
    static Python forFedn() throws NotHere {
        return Python.that("import sys, venv, ensurepip; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 12))")
                .orElseThrow(() -> new NotHere("no Python 3.9 to 3.12 with venv and pip is on the PATH"));
    }

    /** The first interpreter for which a line of Python ends well. */
    static Optional<Python> that(String line) {
        List<String> names = new ArrayList<>(
                List.of("python3.11", "python3.12", "python3.10", "python3.9", "python3", "/usr/bin/python3"));
        String told = System.getenv("FOEDUS_TEST_PYTHON");
        if (told != null) {
            names.add(0, told);
        }
        return names.stream()
                .map(Python::new)
                .filter(python -> python.runs(line))
                .findFirst();
    }

    /** Whether a line of Python ends well. */
    boolean runs(String line) {
        try {
            return run(Map.of(), Path.of("."), Duration.ofMinutes(1), program, "-c", line)
                    .ok();
        } catch (UncheckedIOException e) {
            return false; // there is no such program
        }
    }

    /**
     * The interpreter of an environment with these packages, made if it is not there yet.
     *
     * @throws NotHere with pip's last words if a package cannot be had
     */
    Python with(Path environment, String... packages) throws NotHere {
        return with(environment, List.of(), packages);
    }

    /** As {@link #with}, and the packages of this interpreter are in it too. */
    Python above(Path environment, String... packages) throws NotHere {
        return with(environment, List.of("--system-site-packages"), packages);
    }

    private Python with(Path environment, List<String> options, String... packages) throws NotHere {
        Python inside = new Python(environment.resolve("bin/python").toString());
        Path ready = environment.resolve("ready");
        if (!Files.exists(ready)) {
            List<String> make = new ArrayList<>(List.of(program, "-m", "venv", "--clear"));
            make.addAll(options);
            make.add(environment.toString());
            must("a virtual environment cannot be made", make.toArray(String[]::new));
            List<String> install = new ArrayList<>(List.of(inside.program, "-m", "pip", "install", "-q"));
            install.addAll(List.of("--disable-pip-version-check"));
            install.addAll(List.of(packages));
            must("pip cannot install " + String.join(" ", packages), install.toArray(String[]::new));
            try {
                Files.writeString(ready, String.join("\n", packages));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return inside;
    }

    /** A program beside the interpreter of an environment. */
    String beside(String name) {
        return Path.of(program).resolveSibling(name).toString();
    }

    /** The environment in which {@code python3} of a compute package means this interpreter. */
    Map<String, String> environment() {
        return Map.of("PATH", path(), "PYTHONDONTWRITEBYTECODE", "1");
    }

    /** PATH with this interpreter's folder first, if it is known by its folder. */
    String path() {
        Path folder = Path.of(program).getParent();
        return folder == null ? System.getenv("PATH") : folder + ":" + System.getenv("PATH");
    }

    private static void must(String otherwise, String... command) throws NotHere {
        Answer answer = run(Map.of(), Path.of("."), INSTALL, command);
        if (!answer.ok()) {
            List<String> lines = answer.output().strip().lines().toList();
            throw new NotHere(otherwise + ": " + lines.get(lines.size() - 1));
        }
    }

    /** Runs a program to its end; one that takes longer is killed and answers -1. */
    static Answer run(Map<String, String> environment, Path folder, Duration atMost, String... command) {
        try {
            Path output = Files.createTempFile("foedus-python", ".log");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Answer(ended ? process.exitValue() : -1, ended ? text : text + "\nkilled after " + atMost);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
