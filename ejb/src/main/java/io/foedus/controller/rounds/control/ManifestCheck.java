package io.foedus.controller.rounds.control;

import io.foedus.controller.rounds.entity.Share;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.models.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Whether a manifest says what the ledger says and what was folded. A signature cannot be taken back, and manifests are
 * chained: what is not true is not signed. Pure.
 */
final class ManifestCheck {
    private static final int NAMED = 5;
    private static final int LONGEST = 200;

    private final Manifest manifest;
    private final List<String> differences = new ArrayList<>();

    private ManifestCheck(Manifest manifest) {
        this.manifest = manifest;
    }

    /** A client whose part in the round is final, and the combiner that counted it. */
    record Claim(UUID client, UUID combiner) {}

    /**
     * What the ledger says of a round.
     *
     * @param claims the reported claims of the training
     * @param shares the reported training shares
     * @param examples what the round says it is made of
     */
    record Books(List<Claim> claims, List<Share> shares, long examples) {}

    /** How the manifest differs; empty if it does not. */
    static Optional<String> difference(Manifest manifest, Books books, Reduction folded) {
        ManifestCheck check = new ManifestCheck(manifest);
        check.clients(books.claims());
        books.shares().forEach(check::share);
        check.partials(books.shares());
        check.same(
                "examples",
                manifest.inputs().stream().mapToLong(Input::examples).sum(),
                books.examples());
        check.fold(folded);
        return check.differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", check.differences));
    }

    private void clients(List<Claim> claims) {
        Set<String> counted = claims.stream()
                .map(claim -> claim.client() + " at " + claim.combiner())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = manifest.inputs().stream()
                .map(input -> input.client() + " at " + input.combiner())
                .collect(Collectors.toCollection(TreeSet::new));
        if (named.size() != manifest.inputs().size()) {
            differences.add("it names a client twice");
        }
        list("it names clients that were not counted", without(named, counted));
        list("it leaves out clients that were counted", without(counted, named));
    }

    private void share(Share share) {
        List<Input> inputs = manifest.inputs().stream()
                .filter(input -> input.combiner().equals(share.combinerId().toString()))
                .toList();
        String of = " of combiner " + share.combinerId();
        same("updates" + of, inputs.size(), share.tally().accepted());
        same("examples" + of, inputs.stream().mapToLong(Input::examples).sum(), share.examples());
    }

    private void partials(List<Share> shares) {
        Map<String, Digest> reported = new TreeMap<>();
        shares.stream()
                .filter(share -> share.partial() != null)
                .forEach(share -> reported.put(
                        share.combinerId().toString(),
                        new Digest(share.partial().digest())));
        same("partials", manifest.partials(), reported);
    }

    private void fold(Reduction folded) {
        same("parent", manifest.parent(), Optional.of(folded.base()));
        same("aggregator", manifest.aggregator(), folded.aggregator());
        same("optimizer", manifest.optimizer(), folded.optimizer());
        Map<String, String> pieces = new TreeMap<>();
        folded.pieces().forEach(piece -> pieces.put(piece.id(), piece.digest() + " × " + piece.weight()));
        same("what was folded", folded.tier() == Tier.PARTIALS ? partialsAsFolded() : inputsAsFolded(), pieces);
    }

    private Map<String, String> partialsAsFolded() {
        Map<String, Double> weights = manifest.inputs().stream()
                .collect(Collectors.groupingBy(Input::combiner, Collectors.summingDouble(Input::weight)));
        Map<String, String> pieces = new TreeMap<>();
        manifest.partials()
                .forEach((combiner, digest) ->
                        pieces.put(combiner, digest + " × " + weights.getOrDefault(combiner, 0.0)));
        return pieces;
    }

    private Map<String, String> inputsAsFolded() {
        Map<String, String> pieces = new TreeMap<>();
        manifest.inputs()
                .forEach(input -> pieces.put(input.client(), input.digest() + " × " + (double) input.examples()));
        return pieces;
    }

    private void same(String what, Object said, Object booked) {
        if (!said.equals(booked)) {
            differences.add(what + ": it says " + brief(said) + ", the books say " + brief(booked));
        }
    }

    private static String brief(Object value) {
        String text = value.toString();
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    private void same(String what, long said, long booked) {
        same(what, (Object) said, (Object) booked);
    }

    private void list(String what, Collection<String> which) {
        if (!which.isEmpty()) {
            differences.add(what + " (" + which.size() + "): "
                    + which.stream().limit(NAMED).collect(Collectors.joining(", "))
                    + (which.size() > NAMED ? ", …" : ""));
        }
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> left = new TreeSet<>(all);
        left.removeAll(some);
        return left;
    }
}
