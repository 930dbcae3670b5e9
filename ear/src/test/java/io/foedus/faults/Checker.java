package io.foedus.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.core.aggregation.Tier;
import io.foedus.core.lineage.Input;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.lineage.ManifestChain;
import io.foedus.core.lineage.Signatures;
import io.foedus.core.models.Digest;
import io.foedus.faults.Recomputation.Piece;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Reads what a federation left behind about a session, rows, manifests and files, and says what contradicts the promise
 * that every accepted update is in exactly one global model, with its weight, and nothing else is. The session must
 * have kept its updates and used a mean and the plain optimizer. Used by one thread.
 *
 * <p>What is checked: one completed attempt for each round, each model the child of the one before; accepted updates
 * and the ledger's reported clients are the same pairs, each once, and only in completed rounds; the manifest names
 * exactly them with their weights; hash, chain and signature of manifests; SHA-256 of every file; each partial and each
 * model computed again to the very same bytes, and to the same numbers by other arithmetic; no receipt taken back; the
 * audit log unbroken.
 */
final class Checker {
    /** Single precision, of values around one. */
    private static final double TOLERANCE = 1e-6;

    private final Federation federation;
    private final Alliance alliance;
    private final SessionRun session;
    private final Recomputation files;
    private final List<String> wrong = new ArrayList<>();
    private final List<Manifest> manifests = new ArrayList<>();

    private Checker(Alliance alliance, SessionRun session) {
        this.federation = alliance.federation();
        this.alliance = alliance;
        this.session = session;
        this.files = new Recomputation(
                federation.home().resolve("controller/blobs/blobs"),
                alliance.files().resolve("checker"));
    }

    /** Checks a session that is over, with as many rounds as its plan says. */
    static void check(Alliance alliance, SessionRun session, Receipts receipts) {
        Checker checker = new Checker(alliance, session);
        checker.everything(receipts);
        if (!checker.wrong.isEmpty()) {
            throw new AssertionError("the checker found " + checker.wrong.size() + " faults:\n  "
                    + String.join("\n  ", checker.wrong) + "\n" + session.describe());
        }
    }

    private void everything(Receipts receipts) {
        List<Row> rounds = rows(
                "SELECT r.*, b.digest AS base, m.digest AS model, m.parent_id, m.manifest, m.manifest_hash, m.signature"
                        + " FROM round r JOIN model b ON b.id = r.base_model_id LEFT JOIN model m ON m.id = r.model_id"
                        + " WHERE r.session_id = ?::uuid ORDER BY r.number, r.attempt",
                session.id());
        rounds(rounds);
        for (Row round : rounds) {
            if (round.text("phase").equals("COMPLETED")) {
                completed(round);
            } else {
                unfinished(round);
            }
        }
        ManifestChain.firstBreak(manifests).ifPresent(wrong::add);
        receipts.check(federation, session.id()).forEach(wrong::add);
        JsonNode audit = federation.admin().get("/api/audit/verification");
        require(audit.path("intact").asBoolean(), "the audit log is broken: " + audit);
    }

    private void rounds(List<Row> rounds) {
        List<Row> completed = rounds.stream()
                .filter(row -> row.text("phase").equals("COMPLETED"))
                .toList();
        JsonNode seen = session.json();
        equal(completed.size(), seen.path("roundsPlanned").asInt(), "completed rounds");
        equal(completed.size(), seen.path("roundsCompleted").asInt(), "rounds that the session counts");
        String model = seen.path("seedModel").asText();
        long number = 1;
        for (Row round : completed) {
            equal(round.number("number"), number++, "number of the completed round");
            equal(round.text("base_model_id"), model, "base model of round " + round.text("number"));
            equal(round.text("parent_id"), model, "parent of the model of round " + round.text("number"));
            model = round.text("model_id");
        }
        equal(seen.path("model").asText(), model, "model of the session");
    }

    private void completed(Row round) {
        String which = "round " + round.text("number") + ": ";
        List<Row> updates = rows(
                "SELECT * FROM model_update WHERE round_id = ? AND fate = 'ACCEPTED' ORDER BY client_id", round.id());
        ledger(which, round, updates);
        Manifest manifest = manifest(which, round);
        inputs(which, manifest, updates);
        List<Row> shares = rows(
                "SELECT * FROM share WHERE round_id = ? AND kind = 'TRAIN' AND phase = 'REPORTED' AND accepted > 0"
                        + " ORDER BY combiner_id",
                round.id());
        shares(which, round, shares, updates, manifest);
        bytes(which, round, shares, updates, manifest);
        served(which, round);
    }

    /** A client is counted by an update exactly where the ledger says that it is, by the combiner that it names. */
    private void ledger(String which, Row round, List<Row> updates) {
        Set<String> counted = new HashSet<>();
        updates.forEach(row -> require(
                counted.add(row.text("client_id") + " by " + row.text("combiner_id")), which + "twice: " + row));
        Set<String> reported = rows(
                        "SELECT client_id, combiner_id FROM participation WHERE round_id = ? AND kind = 'TRAIN' AND state ="
                                + " 'REPORTED'",
                        round.id())
                .stream()
                .map(row -> row.text("client_id") + " by " + row.text("combiner_id"))
                .collect(Collectors.toSet());
        equal(counted, reported, which + "clients with an accepted update, against the ledger");
        long open = federation.count(
                "SELECT count(*) FROM participation WHERE round_id = ? AND state = 'CLAIMED'", round.id());
        equal(open, 0L, which + "claims that never ended");
    }

    private Manifest manifest(String which, Row round) {
        Manifest manifest = Manifest.parse(round.text("manifest").getBytes(StandardCharsets.UTF_8));
        manifests.add(manifest);
        equal(new String(manifest.bytes(), StandardCharsets.UTF_8), round.text("manifest"), which + "canonical form");
        equal(manifest.hash().hex(), round.text("manifest_hash"), which + "hash of the manifest");
        PublicKey key = Signatures.publicKey(
                federation.admin().get("/api/public-key").path("publicKey").asText());
        require(
                Signatures.verify(manifest, Base64.getDecoder().decode(round.text("signature")), key),
                which + "the manifest's signature is wrong");
        equal(manifest.model().hex(), round.text("model"), which + "model in the manifest");
        equal(manifest.parent().map(Digest::hex).orElse(""), round.text("base"), which + "parent in the manifest");
        equal(manifest.session(), session.id(), which + "session in the manifest");
        return manifest;
    }

    private void inputs(String which, Manifest manifest, List<Row> updates) {
        Set<Input> rows = updates.stream()
                .map(row -> new Input(
                        row.text("client_id"),
                        row.text("combiner_id"),
                        new Digest(row.text("digest")),
                        row.number("examples"),
                        Double.parseDouble(row.text("weight"))))
                .collect(Collectors.toSet());
        equal(Set.copyOf(manifest.inputs()), rows, which + "inputs in the manifest, against accepted updates");
        equal(manifest.inputs().size(), updates.size(), which + "number of inputs in the manifest");
        manifest.inputs()
                .forEach(input ->
                        equal(input.weight(), (double) input.examples(), which + "weight of " + input.client()));
    }

    private void shares(String which, Row round, List<Row> shares, List<Row> updates, Manifest manifest) {
        long examples =
                updates.stream().mapToLong(row -> row.number("examples")).sum();
        equal(round.number("examples"), examples, which + "examples of the round");
        for (Row share : shares) {
            List<Row> own = of(share, updates);
            equal(share.number("accepted"), (long) own.size(), which + "accepted updates of a share");
            equal(
                    share.number("examples"),
                    own.stream().mapToLong(row -> row.number("examples")).sum(),
                    which + "examples of a share");
        }
        equal(
                shares.stream()
                        .collect(Collectors.toMap(row -> row.text("combiner_id"), row -> row.text("partial_digest"))),
                manifest.partials().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().hex())),
                which + "partials, against the manifest");
    }

    private void bytes(String which, Row round, List<Row> shares, List<Row> updates, Manifest manifest) {
        Set<Digest> needed = new HashSet<>(manifest.partials().values());
        needed.add(manifest.model());
        manifest.inputs().forEach(input -> needed.add(input.digest()));
        List<String> faults =
                needed.stream().flatMap(digest -> files.fault(digest).stream()).toList();
        faults.forEach(fault -> wrong.add(which + fault));
        if (!faults.isEmpty()) {
            return;
        }
        Digest base = new Digest(round.text("base"));
        List<Piece> partials = new ArrayList<>();
        for (Row share : shares) {
            Digest partial = new Digest(share.text("partial_digest"));
            Digest again = files.fold(manifest.aggregator(), Tier.CLIENTS, pieces(of(share, updates)), base);
            equal(partial, again, which + "a partial, against its updates folded again");
            partials.add(new Piece(share.text("combiner_id"), partial, share.number("examples")));
        }
        Digest model = partials.size() == 1
                ? partials.get(0).digest()
                : files.fold(manifest.aggregator(), Tier.PARTIALS, partials, base);
        equal(manifest.model(), model, which + "the model, against its partials folded again");
        double distance = files.distanceToMean(manifest.model(), pieces(updates));
        require(distance <= TOLERANCE, which + "the model is off the mean of its updates by " + distance);
    }

    /** What the API serves is what the rows say. */
    private void served(String which, Row round) {
        JsonNode model = alliance.model(round.text("model_id"));
        equal(model.path("digest").asText(), round.text("model"), which + "digest of the model in the API");
        JsonNode manifest = federation.admin().get(alliance.path("/models/" + round.text("model_id") + "/manifest"));
        equal(manifest.path("manifest").asText(), round.text("manifest"), which + "manifest in the API");
    }

    private void unfinished(Row round) {
        String which = "round " + round.text("number") + "." + round.text("attempt") + ": ";
        require(round.text("model_id").isEmpty(), which + "it did not complete and has a model");
        long accepted = federation.count(
                "SELECT count(*) FROM model_update WHERE round_id = ? AND fate = 'ACCEPTED'", round.id());
        equal(accepted, 0L, which + "accepted updates of a round that did not complete");
    }

    private static List<Row> of(Row share, List<Row> updates) {
        return updates.stream()
                .filter(row -> row.text("combiner_id").equals(share.text("combiner_id")))
                .toList();
    }

    private static List<Piece> pieces(List<Row> updates) {
        return updates.stream()
                .map(row -> new Piece(row.text("client_id"), new Digest(row.text("digest")), row.number("examples")))
                .toList();
    }

    private List<Row> rows(String query, Object... parameters) {
        return federation.sql(query, parameters).stream().map(Row::new).toList();
    }

    /** A row of the database; what is null is empty. */
    private record Row(Map<String, Object> columns) {
        UUID id() {
            return UUID.fromString(text("id"));
        }

        String text(String column) {
            Object value = columns.get(column);
            return value == null ? "" : value.toString();
        }

        long number(String column) {
            return Long.parseLong(text(column));
        }
    }

    private void equal(Object found, Object expected, String what) {
        require(expected.equals(found), what + ": " + found + " instead of " + expected);
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            wrong.add(otherwise);
        }
    }
}
