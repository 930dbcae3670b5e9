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
 * have used a {@link Rule} that this package knows and the plain optimizer. Used by one thread.
 *
 * <p>What is checked: one completed attempt for each round, each model the child of the one before. For each model the
 * inputs of its manifest, the ledger's reported participants, and the accepted updates of reported shares are the same:
 * client, combiner, digest, examples, weight, each once; there is no other accepted update; the sums of examples of
 * manifest, round and shares agree, and the partials that the manifest names are those of the reported shares. Hash,
 * chain and signature of manifests; SHA-256 of every file; each partial and each model computed again, from exactly the
 * reported participants' updates, to the very same bytes, and to the same numbers by other arithmetic. No receipt taken
 * back; the audit log unbroken. Where a session did not keep its updates, those that the agents' sites still have take
 * their place.
 */
final class Checker {
    /** Single precision, of values around one. */
    private static final double TOLERANCE = 1e-6;

    private final Federation federation;
    private final Alliance alliance;
    private final SessionRun session;
    private final Recomputation files;
    private final boolean kept;
    private final List<String> wrong = new ArrayList<>();
    private final List<Manifest> manifests = new ArrayList<>();

    private Checker(Alliance alliance, SessionRun session) {
        this.federation = alliance.federation();
        this.alliance = alliance;
        this.session = session;
        this.kept = session.json().path("plan").path("keepUpdates").asBoolean();
        this.files = new Recomputation(
                federation.home().resolve("controller/blobs/blobs"),
                alliance.files().resolve("checker"));
        if (!kept) {
            alliance.sites().stream().flatMap(site -> site.updates().stream()).forEach(files::add);
        }
    }

    /** Checks a session that is over; one that has not failed has as many rounds as its plan says. */
    static void check(Alliance alliance, SessionRun session, Receipts receipts) {
        Checker checker = new Checker(alliance, session);
        checker.everything(receipts);
        checker.files.forget();
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
        long unjudged = federation.count(
                "SELECT count(*) FROM model_update u JOIN round r ON r.id = u.round_id WHERE r.session_id = ?::uuid AND"
                        + " u.fate NOT IN ('ACCEPTED', 'REJECTED', 'LATE', 'DUPLICATE')",
                session.id());
        equal(unjudged, 0L, "updates without a final fate");
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
        if (!seen.path("state").asText().equals("FAILED")) {
            equal(completed.size(), seen.path("roundsPlanned").asInt(), "completed rounds");
        }
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
        List<Row> shares = rows(
                "SELECT * FROM share WHERE round_id = ? AND kind = 'TRAIN' AND phase = 'REPORTED' AND accepted > 0"
                        + " ORDER BY combiner_id",
                round.id());
        List<Row> counted = rows(
                "SELECT u.* FROM model_update u JOIN participation p ON p.round_id = u.round_id AND p.client_id ="
                        + " u.client_id AND p.combiner_id = u.combiner_id AND p.kind = 'TRAIN' AND p.state = 'REPORTED'"
                        + " JOIN share s ON s.round_id = u.round_id AND s.combiner_id = u.combiner_id AND s.kind = 'TRAIN'"
                        + " AND s.phase = 'REPORTED' WHERE u.round_id = ? AND u.fate = 'ACCEPTED' ORDER BY u.client_id",
                round.id());
        ledger(which, round, counted);
        Manifest manifest = manifest(which, round);
        inputs(which, manifest, counted);
        shares(which, round, shares, counted, manifest);
        bytes(which, round, shares, counted, manifest);
        served(which, round);
    }

    /** A client is counted by an update exactly where the ledger says that it is, by the combiner that it names. */
    private void ledger(String which, Row round, List<Row> counted) {
        Set<String> once = new HashSet<>();
        counted.forEach(row -> require(once.add(row.text("client_id")), which + "twice: " + row));
        Set<String> pairs = pairs(counted);
        equal(
                pairs(rows(
                        "SELECT client_id, combiner_id FROM model_update WHERE round_id = ? AND fate = 'ACCEPTED'",
                        round.id())),
                pairs,
                which + "accepted updates, against the ledger's reported clients of reported shares");
        equal(
                pairs(rows(
                        "SELECT client_id, combiner_id FROM participation WHERE round_id = ? AND kind = 'TRAIN' AND state ="
                                + " 'REPORTED'",
                        round.id())),
                pairs,
                which + "reported clients of the ledger, against accepted updates of reported shares");
        long open = federation.count(
                "SELECT count(*) FROM participation WHERE round_id = ? AND state = 'CLAIMED'", round.id());
        equal(open, 0L, which + "claims that never ended");
    }

    private static Set<String> pairs(List<Row> rows) {
        return rows.stream()
                .map(row -> row.text("client_id") + " by " + row.text("combiner_id"))
                .collect(Collectors.toSet());
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

    private void inputs(String which, Manifest manifest, List<Row> counted) {
        Set<Input> rows = counted.stream()
                .map(row -> new Input(
                        row.text("client_id"),
                        row.text("combiner_id"),
                        new Digest(row.text("digest")),
                        row.number("examples"),
                        Double.parseDouble(row.text("weight"))))
                .collect(Collectors.toSet());
        equal(Set.copyOf(manifest.inputs()), rows, which + "inputs in the manifest, against the reported participants");
        equal(manifest.inputs().size(), counted.size(), which + "number of inputs in the manifest");
        manifest.inputs()
                .forEach(input ->
                        equal(input.weight(), (double) input.examples(), which + "weight of " + input.client()));
    }

    private void shares(String which, Row round, List<Row> shares, List<Row> counted, Manifest manifest) {
        long examples = manifest.inputs().stream().mapToLong(Input::examples).sum();
        equal(round.number("examples"), examples, which + "examples of the round, against the manifest");
        equal(
                shares.stream().mapToLong(share -> share.number("examples")).sum(),
                examples,
                which + "examples of all shares, against the manifest");
        for (Row share : shares) {
            List<Row> own = of(share, counted);
            equal(share.number("accepted"), (long) own.size(), which + "accepted updates of a share");
            equal(share.number("examples"), examples(own), which + "examples of a share");
        }
        Map<String, String> partials = manifest.partials().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().hex()));
        equal(
                partials,
                shares.stream()
                        .collect(Collectors.toMap(row -> row.text("combiner_id"), row -> row.text("partial_digest"))),
                which + "partials in the manifest, against the reported shares");
        equal(
                manifest.inputs().stream().map(Input::combiner).collect(Collectors.toSet()),
                partials.keySet(),
                which + "combiners of the inputs, against those of the partials");
    }

    /** Computes partials and model again from the updates of the reported participants, whatever the manifest says. */
    private void bytes(String which, Row round, List<Row> shares, List<Row> counted, Manifest manifest) {
        Set<Digest> needed = new HashSet<>();
        needed.add(manifest.model());
        counted.forEach(row -> needed.add(new Digest(row.text("digest"))));
        if (kept) {
            needed.addAll(manifest.partials().values());
            manifest.inputs().forEach(input -> needed.add(input.digest()));
        }
        List<String> faults =
                needed.stream().flatMap(digest -> files.fault(digest).stream()).toList();
        faults.forEach(fault -> wrong.add(which + fault));
        if (!faults.isEmpty() || counted.isEmpty()) {
            return;
        }
        Digest base = new Digest(round.text("base"));
        List<Piece> partials = new ArrayList<>();
        List<List<Piece>> updates = new ArrayList<>();
        for (Row share : shares) {
            List<Row> own = of(share, counted);
            if (!own.isEmpty()) {
                updates.add(pieces(own));
                Digest again = files.fold(manifest.aggregator(), Tier.CLIENTS, pieces(own), base);
                equal(share.text("partial_digest"), again.hex(), which + "a partial, against its updates folded again");
                partials.add(new Piece(share.text("combiner_id"), again, examples(own)));
            }
        }
        Digest model = files.fold(manifest.aggregator(), Tier.PARTIALS, partials, base);
        equal(manifest.model(), model, which + "the model, against the reported participants' updates folded again");
        double distance = files.distance(manifest.model(), Rule.of(manifest.aggregator()), updates);
        require(distance <= TOLERANCE, which + "the model is off what its updates make by " + distance);
    }

    private static long examples(List<Row> updates) {
        return updates.stream().mapToLong(row -> row.number("examples")).sum();
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
        long open = federation.count(
                "SELECT count(*) FROM participation WHERE round_id = ? AND state = 'CLAIMED'", round.id());
        equal(open, 0L, which + "claims that never ended, of a round that did not complete");
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
