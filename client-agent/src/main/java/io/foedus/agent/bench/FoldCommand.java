package io.foedus.agent.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.aggregation.FoldResult;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times a fold from files to file, every input byte digested, beside a plain copy of the same bytes. */
@Command(
        name = "fold",
        description = "Time the aggregation of N model files of M megabytes, SHA-256 of every byte included.",
        footer = {"", "Example:  foedus bench fold --updates 10 --size-mb 100 --json"})
public final class FoldCommand implements Runnable {
    @Mixin
    private Output output = new Output();

    @Option(names = "--updates", defaultValue = "10", description = "How many files (default: ${DEFAULT-VALUE}).")
    private int updates;

    @Option(names = "--size-mb", defaultValue = "100", description = "Megabytes of each (default: ${DEFAULT-VALUE}).")
    private int sizeMb;

    @Option(names = "--aggregator", defaultValue = "mean", description = "The rule (default: ${DEFAULT-VALUE}).")
    private String aggregator = "mean";

    @Option(
            names = "--format",
            defaultValue = "npz",
            description = "npz, npz-deflated (as FEDn writes it), safetensors or raw32 (default: ${DEFAULT-VALUE}).")
    private String format = "npz";

    @Option(names = "--threads", description = "Threads that work (default: the number of processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--runs", defaultValue = "5", description = "Runs, of which the median counts (default: 5).")
    private int runs;

    @Option(
            names = "--last-upload",
            description = "Time what a combiner does after the last upload: admit that one, then fold. The others were"
                    + " admitted, and unpacked where deflated, while it was still sent.")
    private boolean lastUpload;

    @Option(names = "--dir", description = "Where the files go; they are kept and used again. Else a temporary place.")
    private @Nullable Path directory;

    @Override
    public void run() {
        if (updates < 1 || sizeMb < 1 || runs < 1 || threads < 1) {
            throw new Failure(ExitCode.USAGE, "--updates, --size-mb, --runs and --threads must be positive", "");
        }
        try {
            Aggregator rule = Aggregators.parse(aggregator);
            Path place =
                    directory == null ? Files.createTempDirectory("foedus-bench-") : Files.createDirectories(directory);
            try {
                measure(rule, new SeededModels(place, format, sizeMb), place);
            } finally {
                if (directory == null) {
                    SeededModels.clear(place);
                }
            }
        } catch (IllegalArgumentException | FoldException e) {
            throw new Failure(ExitCode.INVALID, String.valueOf(e.getMessage()), "", e);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILURE, "the benchmark failed: " + e, "Is there room for the files? Try --dir.", e);
        }
    }

    private void measure(Aggregator rule, SeededModels models, Path place) throws IOException {
        if (!output.isJson()) {
            output.err().println("making " + updates + " files of " + sizeMb + " MB");
            output.err().flush();
        }
        List<Contribution> contributions = new ArrayList<>();
        List<ModelFile> open = new ArrayList<>();
        try {
            for (int i = 0; i < updates; i++) {
                Path file = models.make(i);
                ModelFile model = models.open(file);
                open.add(model);
                contributions.add(new Contribution(String.format("client-%05d", i), model, 100 + i, Digest.of(file)));
            }
            Optional<ModelFile> base = Optional.empty();
            if (rule.needsBase()) {
                base = Optional.of(models.open(models.make(updates)));
                open.add(base.get());
            }
            report(rule, contributions, base, place);
        } finally {
            for (ModelFile model : open) {
                model.close();
            }
        }
    }

    private void report(Aggregator rule, List<Contribution> contributions, Optional<ModelFile> base, Path place)
            throws IOException {
        Path result = place.resolve("result");
        Fold fold = Fold.with(rule).threads(threads);
        FoldResult made = fold.run(contributions, base, result);
        Resident.resetPeak();
        double[] processor = new double[runs];
        double[] seconds;
        if (lastUpload) {
            try (Admitting spool = new Admitting(contributions, place)) {
                seconds = times(result, made.digest(), processor, () -> fold.run(spool.admitLast(), base, result));
            }
        } else {
            seconds = times(result, made.digest(), processor, () -> fold.run(contributions, base, result));
        }
        long resident = Resident.peakBytes();
        double[] copies = new double[3];
        for (int run = 0; run < copies.length; run++) {
            copies[run] = PlainCopy.seconds(
                    contributions.stream().map(c -> c.model().path()).toList(), result, place.resolve("copy"));
        }
        long bytes = made.bytes();
        for (Contribution contribution : contributions) {
            bytes += contribution.model().bytes();
        }
        Arrays.sort(seconds);
        Arrays.sort(processor);
        Arrays.sort(copies);
        double median = seconds[runs / 2];
        ObjectNode answer = Json.object()
                .put("aggregator", rule.spec())
                .put("format", format)
                .put("lastUpload", lastUpload)
                .put("updates", updates)
                .put("sizeMb", sizeMb)
                .put("threads", threads)
                .put("seconds", round(median))
                .put("fastest", round(seconds[0]))
                .put("slowest", round(seconds[runs - 1]))
                .put("processorSeconds", round(processor[runs / 2]))
                .put("copySeconds", round(copies[1]))
                .put("gigabytesPerSecond", round(bytes / 1e9 / median))
                .put("ofCopyRate", round(copies[1] / median))
                .put("heapMb", Runtime.getRuntime().maxMemory() >> 20)
                .put("residentMb", resident >> 20)
                .put("digest", made.digest().hex());
        output.value(answer);
        Files.deleteIfExists(result);
    }

    private interface Work {
        FoldResult run() throws IOException;
    }

    private double[] times(Path result, Digest expected, double[] processor, Work work) throws IOException {
        double[] seconds = new double[runs];
        for (int run = 0; run < runs; run++) {
            Files.deleteIfExists(result);
            long start = System.nanoTime();
            long spent = processorNanos();
            Digest made = work.run().digest();
            processor[run] = (processorNanos() - spent) / 1e9;
            seconds[run] = (System.nanoTime() - start) / 1e9;
            if (!made.equals(expected)) {
                throw new IOException("two folds of the same updates made " + expected + " and " + made);
            }
        }
        return seconds;
    }

    /** What all threads of this process have spent: tells more than the clock where a machine is shared. */
    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
