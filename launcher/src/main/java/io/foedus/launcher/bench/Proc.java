package io.foedus.launcher.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux says about a process at this moment.
 *
 * @param residentBytes memory it holds
 * @param threads its threads
 */
record Proc(long residentBytes, int threads) {
    static Proc of(long pid) {
        try {
            String status =
                    Files.readString(Path.of("/proc", String.valueOf(pid), "status"), StandardCharsets.ISO_8859_1);
            return new Proc(number(status, "VmRSS:") << 10, (int) number(status, "Threads:"));
        } catch (IOException e) {
            throw new UncheckedIOException("benchmarks need Linux's /proc", e);
        }
    }

    private static long number(String status, String key) {
        return status.lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
