package io.foedus.agent.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.models.DType;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Times what exactness costs, each beside the same without it, run by run in turn, so that the ratio is worth more than
 * the seconds: integers of which the last update differs in every other element, beside integers that are all the same;
 * partials that are sums in float64, beside a model of the updates' own numbers.
 */
@Command(
        name = "exact",
        description = "Time what exact integers and exact partials cost, beside the same folds without them.",
        footer = {"", "Example:  foedus bench exact --updates 10 --size-mb 40 --json"})
public final class ExactCommand implements Runnable {
    private static final int AT_A_TIME = 8192;

    @Mixin
    private Output output = new Output();

    @Option(names = "--updates", defaultValue = "10", description = "How many files (default: ${DEFAULT-VALUE}).")
    private int updates;

    @Option(names = "--size-mb", defaultValue = "40", description = "Megabytes of each (default: ${DEFAULT-VALUE}).")
    private int sizeMb;

    @Option(names = "--threads", description = "Threads that work (default: the number of processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--runs", defaultValue = "5", description = "Runs, of which the median counts (default: 5).")
    private int runs;

    @Override
    public void run() {
        if (updates < 2 || sizeMb < 1 || runs < 1 || threads < 1) {
            throw new Failure(
                    ExitCode.USAGE, "--size-mb, --runs and --threads must be positive, --updates at least 2", "");
        }
        try {
            Path place = Files.createTempDirectory("foedus-bench-");
            try {
                measure(place);
            } finally {
                SeededModels.clear(place);
            }
        } catch (IOException e) {
            throw new Failure(ExitCode.FAILURE, "the benchmark failed: " + e, "Is there room for the files?", e);
        }
    }

    private void measure(Path place) throws IOException {
        List<ModelFile> open = new ArrayList<>();
        try {
            List<Contribution> same = new ArrayList<>();
            List<Contribution> floats = new ArrayList<>();
            ModelFile integers = opened(integers(place.resolve("same"), false), open);
            SeededModels models = new SeededModels(place, "npz", sizeMb);
            for (int i = 0; i < updates; i++) {
                same.add(contribution(i, integers));
                ModelFile update = models.open(models.make(i));
                open.add(update);
                floats.add(contribution(i, update));
            }
            List<Contribution> oneDiffers = new ArrayList<>(same.subList(0, updates - 1));
            oneDiffers.add(contribution(updates - 1, opened(integers(place.resolve("differs"), true), open)));
            report(same, oneDiffers, floats, place.resolve("result"));
        } finally {
            for (ModelFile model : open) {
                model.close();
            }
        }
    }

    private void report(List<Contribution> same, List<Contribution> oneDiffers, List<Contribution> floats, Path result)
            throws IOException {
        Fold toModel = Fold.with(Aggregators.parse("mean")).threads(threads);
        Fold toPartial = toModel.toPartial();
        double[][] seconds = new double[4][runs];
        long[] bytes = new long[4];
        for (int run = -1; run < runs; run++) { // the first one warms up
            for (int which = 0; which < seconds.length; which++) {
                Fold fold = which == 3 ? toPartial : toModel;
                List<Contribution> inputs = which == 0 ? same : which == 1 ? oneDiffers : floats;
                long start = System.nanoTime();
                bytes[which] = fold.run(inputs, result).bytes();
                if (run >= 0) {
                    seconds[which][run] = (System.nanoTime() - start) / 1e9;
                }
                Files.delete(result);
            }
        }
        for (double[] times : seconds) {
            Arrays.sort(times);
        }
        double[] medians =
                Arrays.stream(seconds).mapToDouble(times -> times[runs / 2]).toArray();
        ObjectNode answer = Json.object()
                .put("updates", updates)
                .put("sizeMb", sizeMb)
                .put("threads", threads)
                .put("integersAgreeSeconds", round(medians[0]))
                .put("oneDiffersSeconds", round(medians[1]))
                .put("oneDiffersRatio", round(medians[1] / medians[0]))
                .put("toModelSeconds", round(medians[2]))
                .put("toPartialSeconds", round(medians[3]))
                .put("toPartialRatio", round(medians[3] / medians[2]))
                .put("partialBytesRatio", round((double) bytes[3] / bytes[2]));
        output.value(answer);
    }

    private static Contribution contribution(int number, ModelFile model) {
        return new Contribution(String.format("client-%05d", number), model, 100 + number);
    }

    private static ModelFile opened(Path file, List<ModelFile> open) throws IOException {
        ModelFile model = ModelFile.open(file);
        open.add(model);
        return model;
    }

    /** One tensor of int32; in the different one every other element is larger by one. */
    private Path integers(Path file, boolean different) throws IOException {
        ModelFormat format = ModelFormats.byId("npz");
        TensorSpec tensor = TensorSpec.of("0", DType.I32, sizeMb * 250_000L);
        double[] values = new double[AT_A_TIME];
        try (ModelWriter writer = ModelWriter.create(file, format, new ModelLayout(List.of(tensor)))) {
            for (long first = 0; first < tensor.elements(); first += values.length) {
                int count = (int) Math.min(values.length, tensor.elements() - first);
                for (int i = 0; i < count; i++) {
                    values[i] = (first + i) % 1_000_003 + (different && i % 2 == 0 ? 1 : 0);
                }
                writer.slices().write(0, first, values, 0, count);
            }
            writer.finish();
        }
        return file;
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
