package io.foedus.agent.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.agent.Foedus;
import io.foedus.agent.console.Json;
import io.foedus.agent.lineage.Finding.Again;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.OptimizerStep;
import io.foedus.core.aggregation.ServerOptimizers;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.lineage.Signatures;
import io.foedus.core.models.DType;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.models.ModelWriter;
import io.foedus.core.models.TensorSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lineages made as combiners and controller make them: two combiners with two clients each, three rounds. */
class LineageCheckTest {
    private static final List<Long> EXAMPLES = List.of(10L, 30L, 5L, 55L);

    @TempDir
    Path folder;

    @TempDir
    Path scratch;

    private final KeyPair keys = Signatures.newKeys();
    private final Random random = new Random(7);
    private DType first = DType.F32;
    private boolean sums = true;
    private Path seed = Path.of("");
    private Optional<Path> older = Optional.empty();
    private List<Input> uncounted = List.of();

    @BeforeEach
    void makeSeed() throws IOException {
        seed = model(folder.resolve("seed.npz"));
    }

    @Test
    void a_true_lineage_holds_and_every_model_is_computed_again() throws IOException {
        train("mean", "plain");

        assertThat(check()).hasSize(3).allSatisfy(f -> {
            assertThat(f.holds()).isTrue();
            assertThat(f.again()).isEqualTo(Again.SAME);
            assertThat(f.file()).isTrue();
        });
    }

    @Test
    void an_optimizer_that_remembers_is_followed_from_the_seed_on() throws IOException {
        train("mean", "fedadam:lr=0.01");

        assertThat(check()).extracting(Finding::again).containsOnly(Again.SAME);
    }

    @Test
    void updates_that_started_from_an_older_model_are_weighed_against_it() throws IOException {
        train("fedbuff:0.5", "plain");

        assertThat(check()).extracting(Finding::again).containsOnly(Again.SAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "fedbuff:0.5"})
    void models_of_before_whose_partials_were_models_are_computed_again_too(String aggregator) throws IOException {
        sums = false;
        train(aggregator, "plain");

        assertThat(check()).extracting(Finding::again).containsOnly(Again.SAME);
    }

    @Test
    void updates_of_other_dtypes_are_cast_again() throws IOException {
        first = DType.F64;
        train("mean", "plain");

        assertThat(check()).extracting(Finding::again).containsOnly(Again.SAME);
    }

    @Test
    void an_update_that_was_not_kept_leaves_the_rest_to_be_checked() throws IOException {
        train("mean", "plain");
        Files.delete(folder.resolve("update-2-1"));

        List<Finding> findings = check();
        assertThat(findings).allMatch(Finding::holds);
        assertThat(findings)
                .extracting(Finding::again)
                .containsExactlyInAnyOrder(Again.SAME, Again.NOT_KEPT, Again.SAME);
    }

    @Test
    void a_changed_manifest_is_not_signed_any_more() throws IOException {
        train("mean", "plain");
        Path file = manifest(2);
        String text = Files.readString(file);
        assertThat(text).contains("\\\"examples\\\":55");
        Files.writeString(file, text.replace("\\\"examples\\\":55", "\\\"examples\\\":54"));

        assertThat(check()).filteredOn(f -> f.round() == 2).singleElement().satisfies(f -> {
            assertThat(f.signed()).isFalse();
            assertThat(f.again()).isEqualTo(Again.DIFFERS);
        });
    }

    @Test
    void a_manifest_signed_by_another_key_or_dropped_breaks_the_lineage() throws IOException {
        train("mean", "plain");
        assertThat(new LineageCheck(
                                LineageFolder.read(folder), Signatures.newKeys().getPublic(), scratch)
                        .run())
                .noneMatch(Finding::signed);

        Files.delete(manifest(2));
        assertThat(check())
                .filteredOn(f -> f.round() == 3)
                .singleElement()
                .satisfies(f -> assertThat(f.chain().orElse("")).contains("is missing"));
    }

    @Test
    void the_command_says_so_and_ends_with_0_or_1() throws IOException {
        train("mean", "plain");
        Path key = Files.writeString(scratch.resolve("key"), Signatures.text(keys.getPublic()));
        StringWriter out = new StringWriter();
        assertThat(run(out, "model", "verify", folder.toString(), "--public-key", key.toString()))
                .isZero();
        assertThat(out.toString()).contains("verified: 3 manifests, 3 models computed again with the same bytes");

        Files.delete(manifest(1));
        StringWriter json = new StringWriter();
        assertThat(run(json, "model", "verify", folder.toString(), "--json")).isEqualTo(1);
        assertThat(Json.read(json.toString()).path("verified").asBoolean(true)).isFalse();
        assertThat(run(out, "model", "verify", scratch.toString())).isEqualTo(4);
    }

    @Test
    void an_old_manifest_that_names_what_was_not_counted_is_told_apart_from_a_forged_one() throws IOException {
        uncounted = List.of(
                new Input("client-8", "combiner-2", Digest.of(new byte[] {8}), 10, 10),
                new Input("client-9", "combiner-2", Digest.of(new byte[] {9}), 10, 10));
        train("mean", "plain");

        assertThat(check()).hasSize(3).allSatisfy(finding -> {
            assertThat(finding.signed()).isTrue();
            assertThat(finding.chain()).isEmpty();
            assertThat(finding.again()).isEqualTo(Again.SAME);
            assertThat(finding.holds()).isFalse();
            assertThat(finding.uncounted())
                    .contains("it names 2 of its 6 inputs although they were not counted: client client-8 at combiner"
                            + " combiner-2, client client-9 at combiner combiner-2; the model was made of the other 4"
                            + " alone");
        });
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Foedus.commandLine(List.of())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("model", "verify", folder.toString());
        assertThat(code).isEqualTo(1);
        assertThat(out.toString())
                .contains("valid", "NOT ALL COUNTED", "NOT verified: 3 manifests, 3 models computed again")
                .doesNotContain("INVALID", "BROKEN");
        assertThat(err.toString()).contains("3 manifests name inputs that were not counted. That is no forgery");
    }

    private static int run(StringWriter out, String... arguments) {
        return Foedus.commandLine(List.of())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }

    private List<Finding> check() throws IOException {
        return new LineageCheck(LineageFolder.read(folder), keys.getPublic(), scratch).run();
    }

    private Path manifest(int round) {
        return folder.resolve("s-" + round + LineageFolder.MANIFEST_SUFFIX);
    }

    /** Three rounds as the processes do them; with fedbuff, the first client's updates are one model old. */
    private void train(String aggregator, String optimizer) throws IOException {
        Path base = seed;
        Optional<Manifest> previous = Optional.empty();
        Optional<Path> state = Optional.empty();
        for (int round = 1; round <= 3; round++) {
            List<Input> inputs = new ArrayList<>();
            Map<String, Digest> partials = new TreeMap<>();
            List<Path> files = new ArrayList<>();
            for (int combiner = 0; combiner < 2; combiner++) {
                List<Input> ofCombiner = new ArrayList<>();
                List<Path> updates = new ArrayList<>();
                for (int client = 2 * combiner; client < 2 * combiner + 2; client++) {
                    Path update =
                            model(folder.resolve("update-" + round + "-" + client), client == 0 ? first : DType.F32);
                    updates.add(update);
                    ofCombiner.add(new Input(
                            "client-" + client,
                            "combiner-" + combiner,
                            Digest.of(update),
                            EXAMPLES.get(client),
                            EXAMPLES.get(client),
                            client == 0 && older.isPresent() ? 1 : 0,
                            client == 0 && older.isPresent() ? Optional.of(Digest.of(older.get())) : Optional.empty()));
                }
                Path partial = scratch.resolve("partial-" + round + "-" + combiner);
                try (ModelFile model = ModelFile.open(base)) {
                    fold(aggregator, Tier.CLIENTS, updates, ofCombiner, Optional.of(model), partial);
                }
                partials.put("combiner-" + combiner, Digest.of(partial));
                files.add(partial);
                inputs.addAll(ofCombiner);
            }
            inputs.addAll(uncounted);
            Path next = scratch.resolve("model-" + round);
            reduce(aggregator, files, base, next);
            if (!optimizer.equals("plain")) {
                Path stepped = scratch.resolve("stepped-" + round);
                Path nextState = scratch.resolve("state-" + round);
                step(optimizer, base, next, state, stepped, nextState);
                next = stepped;
                state = Optional.of(nextState);
            }
            Path kept = Files.copy(next, folder.resolve("model-" + round));
            Manifest manifest = new Manifest(
                    "digits",
                    "s",
                    round,
                    Digest.of(kept),
                    Optional.of(Digest.of(base)),
                    inputs,
                    partials,
                    aggregator,
                    optimizer,
                    Map.of("mode", "SYNCHRONOUS"),
                    Optional.empty(),
                    1,
                    previous.map(Manifest::hash));
            write(manifest);
            previous = Optional.of(manifest);
            older = aggregator.startsWith("fedbuff") ? Optional.of(base) : Optional.empty();
            base = kept;
        }
    }

    private void write(Manifest manifest) throws IOException {
        SignedManifest signed = new SignedManifest(
                new String(manifest.bytes(), java.nio.charset.StandardCharsets.UTF_8),
                manifest,
                manifest.hash().hex(),
                Base64.getEncoder().encodeToString(Signatures.sign(manifest, keys.getPrivate())),
                Signatures.text(keys.getPublic()));
        Files.writeString(manifest(manifest.round()), Json.line(signed.toJson()));
    }

    private ModelLayout layout() throws IOException {
        try (ModelFile model = ModelFile.open(seed)) {
            return model.layout();
        }
    }

    private void fold(
            String aggregator, Tier tier, List<Path> files, List<Input> inputs, Optional<ModelFile> base, Path output)
            throws IOException {
        List<ModelFile> open = new ArrayList<>();
        List<Contribution> contributions = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            ModelFile file = ModelFile.open(files.get(i)).castTo(layout());
            open.add(file);
            Input input = inputs.get(i);
            Contribution contribution = new Contribution(input.client(), file, input.weight());
            if (input.origin().isPresent()) {
                ModelFile origin = ModelFile.open(older.orElseThrow());
                open.add(origin);
                contribution = contribution.from(origin, input.staleness());
            }
            contributions.add(contribution);
        }
        Fold fold =
                Fold.with(Aggregators.parse(aggregator)).over(tier).threads(2).to(ModelFormats.byId("npz"));
        (sums && tier == Tier.CLIENTS ? fold.toPartial() : fold).run(contributions, base, output);
        for (ModelFile file : open) {
            file.close();
        }
    }

    private void reduce(String aggregator, List<Path> partials, Path base, Path output) throws IOException {
        List<Input> shares = List.of(
                new Input("combiner-0", "", Digest.of(partials.get(0)), 40, 40),
                new Input("combiner-1", "", Digest.of(partials.get(1)), 60, 60));
        try (ModelFile model = ModelFile.open(base)) {
            fold(aggregator, Tier.PARTIALS, partials, shares, Optional.of(model), output);
        }
    }

    private static void step(
            String optimizer, Path base, Path aggregate, Optional<Path> state, Path model, Path nextState)
            throws IOException {
        try (ModelFile current = ModelFile.open(base);
                ModelFile target = ModelFile.open(aggregate)) {
            Optional<ModelFile> before =
                    state.isPresent() ? Optional.of(ModelFile.open(state.get())) : Optional.empty();
            new OptimizerStep(ServerOptimizers.parse(optimizer), current, target, before).run(model, nextState, 1);
            if (before.isPresent()) {
                before.get().close();
            }
        }
    }

    private Path model(Path file) throws IOException {
        return model(file, DType.F32);
    }

    private Path model(Path file, DType dtype) throws IOException {
        ModelLayout layout = new ModelLayout(
                List.of(new TensorSpec("0", dtype, List.of(3L, 5L)), new TensorSpec("1", DType.F64, List.of(7L))));
        try (ModelWriter writer = ModelWriter.create(file, ModelFormats.byId("npz"), layout)) {
            ModelWriter.Slices slices = writer.slices();
            for (int tensor = 0; tensor < 2; tensor++) {
                int count = (int) layout.tensors().get(tensor).elements();
                slices.write(tensor, 0, random.doubles(count).toArray(), 0, count);
            }
            writer.finish();
        }
        return file;
    }
}
