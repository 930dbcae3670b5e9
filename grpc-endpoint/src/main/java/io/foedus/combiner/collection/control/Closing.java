package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Effect;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Origin;
import io.foedus.combiner.uplink.control.Outbox;
import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.Contribution;
import io.foedus.core.aggregation.Fold;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.aggregation.FoldResult;
import io.foedus.core.aggregation.PartialRule;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.ShareReport.Input;
import io.foedus.core.exchange.ShareReport.Partial;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormat;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.ModelLayout;
import io.foedus.core.round.Tally;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a share: fold what was accepted, store the bytes, tell the controller. Blocks; may be run again after any
 * failure and then makes the same bytes.
 *
 * @param share what the share came to
 * @param models what the fold needs beside the updates, by digest
 */
record Closing(CombinerContext context, ShareSpool spool, Effect.Report share, Map<String, Path> models) {
    private static final Logger LOG = System.getLogger(Closing.class.getName());
    private static final int PATIENCE_SECONDS = 20;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** Done when everything is here; nobody's thread waits for it. */
    static CompletableFuture<Closing> of(CombinerContext context, ShareSpool spool, Effect.Report share) {
        Closing closing = new Closing(context, spool, share, new ConcurrentHashMap<>());
        return CompletableFuture.allOf(closing.told(), closing.fetched()).thenApply(done -> closing);
    }

    private Order order() {
        return share.order();
    }

    /**
     * The controller knows what became of each client: it makes the others lost without a reason. Of a training that is
     * for people to read, so its report waits for it a while only.
     */
    private CompletableFuture<?> told() {
        boolean validation = order().kind() == TaskKind.VALIDATE;
        Outbox<?, ?> outbox =
                validation ? context.notices().validations() : context.notices().updates();
        CompletableFuture<Void> drained = outbox.drain().copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return validation ? drained : drained.exceptionally(late -> null);
    }

    /** The models that the fold casts updates to and compares them with. */
    private CompletableFuture<?> fetched() {
        return CompletableFuture.allOf(digests().stream()
                .map(digest -> context.models().get(new Digest(digest)).thenAccept(path -> models.put(digest, path)))
                .toArray(CompletableFuture[]::new));
    }

    private Set<String> digests() {
        Set<String> digests = new HashSet<>();
        if (order().kind() == TaskKind.VALIDATE || share.accepted().isEmpty()) {
            return digests;
        }
        if (Aggregators.parse(order().aggregator()).partials() == PartialRule.REFUSED) {
            return digests;
        }
        digests.add(order().model().digest()); // its dtypes are those that updates are cast to
        for (Fact fact : share.accepted()) {
            Origin older = fact.origin();
            if (older != null && older.staleness(order()) > 0) {
                digests.add(older.model().digest());
            }
        }
        return digests;
    }

    /** @throws FoldException naming the client whose update keeps the others' from being folded */
    ShareAnswer run() throws IOException {
        if (order().kind() == TaskKind.VALIDATE || share.accepted().isEmpty()) {
            return tell(report(null, share.timings()));
        }
        Map<String, Double> measured = new HashMap<>(share.timings());
        long begun = System.nanoTime();
        Partial partial;
        try {
            partial = fold().orElse(null);
        } catch (FoldException e) {
            if (e.culprit().isPresent()) {
                throw e;
            }
            LOG.log(Level.WARNING, "A share comes to nothing: {0} round={1}", e.getMessage(), order().key());
            return tell(nothing(e.getMessage()));
        }
        measured.put("foldMillis", millisSince(begun));
        begun = System.nanoTime();
        store(partial);
        measured.put("storeMillis", millisSince(begun));
        return tell(report(partial, measured));
    }

    private ShareAnswer tell(ShareReport report) throws IOException {
        return context.uplink().call(me -> context.uplink().controller().share(me, order().roundId(), report));
    }

    /** The partial, or empty if the rule must see every client's update. */
    private Optional<Partial> fold() throws IOException {
        Aggregator rule = Aggregators.parse(order().aggregator());
        if (rule.partials() == PartialRule.REFUSED) {
            return Optional.empty();
        }
        Aggregator aggregator = Aggregators.parse(rule.combinerSpec());
        List<ModelFile> open = new ArrayList<>();
        try {
            ModelFile global = model(order().model(), open);
            List<Contribution> contributions = new ArrayList<>();
            for (Fact fact : share.accepted()) {
                contributions.add(contribution(fact, global.layout(), open));
            }
            Optional<ModelFile> base = aggregator.needsBase() ? Optional.of(global) : Optional.empty();
            FoldResult result = Fold.with(aggregator)
                    .threads(THREADS)
                    .to(format())
                    .toPartial()
                    .run(contributions, base, spool.partial());
            if (!result.sum()) { // with one combiner and no step at the root it is the next model
                context.models().keep(result.digest(), spool.partial());
            }
            return Optional.of(new Partial(
                    result.digest().hex(), result.bytes(), result.format().id()));
        } finally {
            for (ModelFile file : open) {
                file.close();
            }
        }
    }

    private Contribution contribution(Fact fact, ModelLayout layout, List<ModelFile> open) throws IOException {
        UUID client = Objects.requireNonNull(fact.client());
        boolean mine = !share.restored().contains(client);
        Path unpacked = spool.unpacked(client);
        Path lying = mine && Files.exists(unpacked) ? unpacked : spool.update(client);
        ModelFile file = ModelFile.openExpecting(format(), lying).castTo(layout);
        open.add(file);
        Optional<Digest> check = mine
                ? Optional.empty() // it was computed as the bytes came
                : Optional.of(new Digest(Objects.requireNonNull(fact.digest())));
        Contribution update = new Contribution(client.toString(), file, fact.examples(), check, 0);
        Origin older = fact.origin();
        return older == null || older.staleness(order()) == 0 // see digests()
                ? update
                : update.from(model(older.model(), open), older.staleness(order()));
    }

    private ModelFormat format() {
        return ModelFormats.byId(order().model().format());
    }

    private ModelFile model(Order.Model model, List<ModelFile> open) throws IOException {
        Path path = models.get(model.digest());
        if (path == null) {
            throw new IOException("the model " + model.id() + " is not here");
        }
        ModelFile file = ModelFile.openExpecting(format(), path);
        open.add(file);
        return file;
    }

    /** Bytes first, row second. */
    private void store(@Nullable Partial partial) throws IOException {
        if (partial != null) {
            put(partial.digest(), spool.partial());
        }
        if (partial == null || order().keepUpdates()) {
            for (Fact fact : share.accepted()) {
                put(Objects.requireNonNull(fact.digest()), spool.update(Objects.requireNonNull(fact.client())));
            }
        }
    }

    private void put(String digest, Path file) throws IOException {
        context.uplink().call(me -> {
            context.uplink().controller().store(me, digest, file);
            return file;
        });
    }

    /** Nothing can be made of what was accepted. */
    private ShareReport nothing(@Nullable String why) {
        Tally tally = share.tally();
        Tally lost = new Tally(
                0,
                tally.rejected(),
                tally.discarded(),
                tally.lost() + share.accepted().size(),
                tally.expected());
        return new ShareReport(order().epoch(), order().kind(), lost, 0, null, List.of(), share.timings(), why);
    }

    private ShareReport report(@Nullable Partial partial, Map<String, Double> measured) throws IOException {
        Aggregator rule = Aggregators.parse(order().aggregator());
        List<Input> inputs = new ArrayList<>();
        long examples = 0;
        for (Fact fact : share.accepted()) {
            examples += fact.examples();
            if (order().kind() == TaskKind.TRAIN) {
                inputs.add(new Input(
                        Objects.requireNonNull(fact.client()),
                        Objects.requireNonNull(fact.digest()),
                        Files.size(spool.update(Objects.requireNonNull(fact.client()))),
                        fact.examples(),
                        rule.weight(fact.examples()),
                        fact.origin() == null ? 0 : fact.origin().staleness(order()),
                        fact.measured().numbers(),
                        fact.timings()));
            }
        }
        return new ShareReport(
                order().epoch(), order().kind(), share.tally(), examples, partial, inputs, measured, share.reason());
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }
}
