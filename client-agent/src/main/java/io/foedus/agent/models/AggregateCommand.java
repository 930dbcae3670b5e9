package io.foedus.agent.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.AggregatorProvider;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.aggregation.FoldResult;
import io.foedus.core.aggregation.NoiseSeed;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.models.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes one model of many, as a combiner or the reducer would. */
@Command(
        name = "aggregate",
        description = "Aggregate model files.",
        footerHeading = "%nAggregators:%n",
        footer = {
            "  see `foedus model aggregate --list`",
            "",
            "Example:  foedus model aggregate --aggregator trimmed-mean:0.1 a.npz b.npz c.npz -o out.npz"
        })
public final class AggregateCommand implements Runnable {
    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "The updates.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = {"-a", "--aggregator"},
            defaultValue = "mean",
            description = "The rule, with its arguments after a colon (default: ${DEFAULT-VALUE}).")
    private String aggregator = "mean";

    @Option(names = "--weights", split = ",", description = "One weight per file, e.g. examples; all 1 if not given.")
    private List<Double> weights = new ArrayList<>();

    @Option(names = "--base", description = "The current global model, for rules that work on differences to it.")
    private @Nullable Path base;

    @Option(names = "--partials", description = "The files are partials of combiners, not updates of clients.")
    private boolean partials;

    @Option(
            names = {"-o", "--output"},
            description = "The file to make or replace.")
    private @Nullable Path target;

    @Option(names = "--to", description = "Format of the output; else its suffix decides.")
    private @Nullable String to;

    @Option(names = "--format", description = "How to read all files: npz, safetensors, raw, raw32.")
    private @Nullable String format;

    @Option(names = "--threads", description = "Threads that work (default: the number of processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--noise-seed",
            paramLabel = "FILE",
            description = "A file of at least 16 secret bytes that a private rule makes its noise of, to repeat it"
                    + " (default: fresh noise).")
    private @Nullable Path noiseSeed;

    @Option(names = "--list", description = "List the aggregators and end.")
    private boolean list;

    @Override
    public void run() {
        if (list) {
            Aggregators.all().stream().map(AggregatorProvider::usage).sorted().forEach(output.out()::println);
            output.out().flush();
            return;
        }
        Path made = target;
        if (made == null || files.isEmpty()) {
            throw new Failure(ExitCode.USAGE, "files and --output are needed", "Run `foedus model aggregate --help`.");
        }
        if (!weights.isEmpty() && weights.size() != files.size()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "there are " + files.size() + " files and " + weights.size() + " weights",
                    "Give one weight per file, separated by commas.");
        }
        List<ModelFile> open = new ArrayList<>();
        try {
            print(fold(open, made), made);
        } catch (IllegalArgumentException | FoldException e) {
            throw new Failure(ExitCode.INVALID, String.valueOf(e.getMessage()), "", e);
        } catch (IOException e) {
            throw ModelInput.failed(made, e);
        } finally {
            close(open);
        }
    }

    private FoldResult fold(List<ModelFile> open, Path made) throws IOException {
        Aggregator rule = Aggregators.parse(aggregator);
        List<Contribution> contributions = new ArrayList<>();
        Iterator<Double> next = weights.iterator();
        for (Path file : files) {
            ModelFile model = ModelInput.open(file, format);
            open.add(model);
            model.verifyChecksums();
            contributions.add(new Contribution(file.toString(), model, next.hasNext() ? next.next() : 1));
        }
        Optional<ModelFile> current = Optional.ofNullable(base).map(path -> ModelInput.open(path, format));
        current.ifPresent(open::add);
        Progress progress = new Progress(output, "aggregating");
        Fold fold = Fold.with(rule)
                .over(partials ? Tier.PARTIALS : Tier.CLIENTS)
                .threads(threads)
                .reporting(progress);
        if (to != null) {
            fold = fold.to(ModelInput.format(to));
        } else if (ModelInput.bySuffix(made).isPresent()) {
            fold = fold.to(ModelInput.bySuffix(made).get());
        }
        if (noiseSeed != null) {
            fold = fold.seeded(NoiseSeed.of(Files.readAllBytes(noiseSeed)));
        }
        FoldResult result = fold.run(contributions, current, made);
        progress.end();
        return result;
    }

    private void print(FoldResult result, Path made) {
        ObjectNode answer = Json.object()
                .put("output", made.toString())
                .put("aggregator", aggregator)
                .put("sha256", result.digest().hex())
                .put("bytes", result.bytes())
                .put("elements", result.elements())
                .put("weight", result.weight());
        ArrayNode ids = answer.putArray("inputs");
        result.ids().forEach(ids::add);
        result.notes().forEach(answer::put);
        result.next().ifPresent(spec -> answer.put("nextAggregator", spec));
        output.value(answer);
    }

    private static void close(List<ModelFile> open) {
        for (ModelFile model : open) {
            try {
                model.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
