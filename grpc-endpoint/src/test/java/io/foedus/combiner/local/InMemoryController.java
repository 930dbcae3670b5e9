package io.foedus.combiner.local;

import io.foedus.combiner.uplink.control.Controller;
import io.foedus.combiner.uplink.control.ControllerRefusal;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A controller that remembers everything in memory and decides nothing: tests open and close shares. */
public final class InMemoryController implements Controller {
    /** The token that lets combiners join. */
    public static final String JOIN_TOKEN = "fds_cj_test";

    public final Firewall firewall = new Firewall();

    private final UUID combiner = UUID.randomUUID();
    private final KeyPair keys;
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final Map<Order.Key, Order> orders = new LinkedHashMap<>();
    private final Map<String, KnownClient> externals = new HashMap<>();
    private final Map<UUID, Set<UUID>> takenElsewhere = new HashMap<>();
    private final Map<UUID, String> attached = new HashMap<>();
    private final Map<UUID, Map<String, ?>> labels = new HashMap<>();
    private final Map<Order.Key, ShareReport> reports = new HashMap<>();
    private final Map<Order.Key, List<UpdateNotice>> updatesBefore = new HashMap<>();
    private final Set<UUID> conflicting = new HashSet<>();
    private final List<UpdateNotice> updates = new ArrayList<>();
    private final List<ValidationNotice> validations = new ArrayList<>();
    private final List<CombinerEvent> events = new ArrayList<>();
    private final Map<String, String> granted = new HashMap<>();
    private int inquiries;
    private Map<String, Object> load = Map.of();
    private final List<ObservationReport> observations = new ArrayList<>();
    private final List<UUID> revoked = new ArrayList<>();
    private final Set<UUID> buffered = new HashSet<>();
    private final List<Integer> shareCalls = new ArrayList<>();
    private long mostExamples = Long.MAX_VALUE;
    private long epoch;
    private long revision;
    private boolean draining;

    public InMemoryController() {
        try {
            this.keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- what tests do

    public synchronized String put(byte[] blob) {
        String digest = Digest.of(blob).hex();
        blobs.put(digest, blob);
        return digest;
    }

    public synchronized byte[] blob(String digest) {
        return Optional.ofNullable(blobs.get(digest)).orElseThrow();
    }

    public synchronized boolean hasBlob(String digest) {
        return blobs.containsKey(digest);
    }

    public synchronized void open(Order order) {
        if (order.buffered()) {
            buffered.add(order.sessionId());
        }
        orders.put(order.key(), order);
        changed();
    }

    public synchronized void close(Order.Key key) {
        orders.remove(key);
        changed();
    }

    /** A buffered session goes on no more. */
    public synchronized void end(UUID session) {
        buffered.remove(session);
        changed();
    }

    public synchronized void know(String externalId, KnownClient client) {
        externals.put(externalId, client);
    }

    /** There is a join token of that alliance. */
    public synchronized void grant(String joinToken, String alliance) {
        granted.put(joinToken, alliance);
    }

    /** How often the combiner has asked who somebody is. */
    public synchronized int inquiries() {
        return inquiries;
    }

    /** What the combiner said last of its machine. */
    public synchronized Map<String, Object> load() {
        return load;
    }

    public synchronized List<CombinerEvent> events() {
        return List.copyOf(events);
    }

    /** Another combiner has claimed that client in that round. */
    public synchronized void takeElsewhere(UUID round, UUID client) {
        takenElsewhere.computeIfAbsent(round, key -> new HashSet<>()).add(client);
    }

    /** The next share report that has that client among its inputs is refused. */
    public synchronized void conflict(UUID client) {
        conflicting.add(client);
    }

    public synchronized void revoke(UUID client) {
        revoked.add(client);
        changed();
    }

    public synchronized void drain() {
        draining = true;
        changed();
    }

    /** Pretends that the combiner's lease ran out. */
    public synchronized void outdate() {
        epoch++;
        changed();
    }

    public String ticket(UUID client, String alliance, String name, Duration validity) {
        String claims = "{\"client\":\"" + client + "\",\"alliance\":\"" + alliance + "\",\"name\":\"" + name
                + "\",\"exp\":" + Instant.now().plus(validity).getEpochSecond() + "}";
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(keys.getPrivate());
            signer.update(claims.getBytes(StandardCharsets.UTF_8));
            Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
            return base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "."
                    + base64.encodeToString(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public synchronized Set<UUID> attached() {
        return Set.copyOf(attached.keySet());
    }

    public synchronized Map<String, ?> labels(UUID client) {
        return labels.getOrDefault(client, Map.of());
    }

    public synchronized Optional<ShareReport> report(Order.Key key) {
        return Optional.ofNullable(reports.get(key));
    }

    public synchronized List<UpdateNotice> updates() {
        return List.copyOf(updates);
    }

    public synchronized List<ValidationNotice> validations() {
        return List.copyOf(validations);
    }

    public synchronized List<ObservationReport> observations() {
        return List.copyOf(observations);
    }

    /** Notices that were here when a share was reported. */
    public synchronized List<UpdateNotice> updatesBefore(Order.Key key) {
        return updatesBefore.getOrDefault(key, List.of());
    }

    public synchronized int shareCalls() {
        return shareCalls.size();
    }

    private void changed() {
        revision++;
        notifyAll();
    }

    // ---- what the combiner does

    @Override
    public synchronized Membership join(Introduction self, String joinToken) throws IOException {
        firewall.request("join");
        if (!joinToken.equals(JOIN_TOKEN)) {
            throw new ControllerRefusal(401, "UNAUTHENTICATED", "unknown token");
        }
        return membership();
    }

    @Override
    public synchronized Membership register(UUID combinerId, String token, Introduction self) throws IOException {
        firewall.request("register");
        if (!combinerId.equals(combiner)) {
            throw new ControllerRefusal(404, "UNKNOWN", "no such combiner");
        }
        return membership();
    }

    private Membership membership() {
        epoch++;
        orders.replaceAll((key, order) -> withEpoch(order, epoch));
        return new Membership(
                combiner,
                "fds_cb_test",
                epoch,
                Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()),
                1);
    }

    private static Order withEpoch(Order order, long epoch) {
        return new Order(
                order.shareId(),
                order.kind(),
                order.roundId(),
                order.roundNumber(),
                order.sessionId(),
                order.alliance(),
                order.allianceId(),
                epoch,
                order.model(),
                order.packageDigest(),
                order.policy(),
                order.select(),
                order.aggregator(),
                order.mode(),
                order.maxStaleness(),
                order.settings(),
                order.keepUpdates(),
                order.maxExamples(),
                order.remainingMillis());
    }

    @Override
    public synchronized Orders heartbeat(Membership me, Heartbeat beat) throws IOException {
        firewall.request("heartbeat");
        load = beat.load();
        current(me);
        long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (revision == beat.seen() && System.nanoTime() < until) {
            try {
                wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
        }
        current(me);
        return new Orders(
                revision, List.copyOf(orders.values()), List.copyOf(buffered), List.copyOf(revoked), draining, 1);
    }

    private void current(Membership me) throws ControllerRefusal {
        if (me.epoch() != epoch) {
            throw new ControllerRefusal(410, "EPOCH_OUTDATED", "register again");
        }
    }

    @Override
    public synchronized void attachments(Membership me, AttachmentReport report) throws IOException {
        firewall.request("attachments");
        current(me);
        if (report.full()) {
            attached.clear();
        }
        report.attached().forEach(one -> {
            attached.put(one.clientId(), one.program());
            labels.put(one.clientId(), one.labels());
        });
        report.detached().forEach(one -> attached.remove(one.clientId()));
    }

    @Override
    public synchronized Optional<KnownClient> clientByExternalId(Membership me, String externalId) throws IOException {
        firewall.request("clients");
        inquiries++;
        return Optional.ofNullable(externals.get(externalId));
    }

    @Override
    public synchronized Optional<String> allianceOfJoinToken(Membership me, String joinToken) throws IOException {
        firewall.request("join-tokens");
        inquiries++;
        return Optional.ofNullable(granted.get(joinToken));
    }

    @Override
    public synchronized Set<UUID> claim(Membership me, UUID round, TaskKind kind, Collection<UUID> clients)
            throws IOException {
        firewall.request("claim");
        current(me);
        Set<UUID> claimed = new HashSet<>(clients);
        claimed.removeAll(takenElsewhere.getOrDefault(round, Set.of()));
        return claimed;
    }

    @Override
    public synchronized void updates(Membership me, UUID round, List<UpdateNotice> notices) throws IOException {
        firewall.request("updates");
        updates.addAll(notices);
    }

    @Override
    public synchronized void validations(Membership me, UUID round, List<ValidationNotice> notices) throws IOException {
        firewall.request("validations");
        validations.addAll(notices);
    }

    /** Lets the policy of the alliance be stricter than its orders say: it was changed meanwhile. */
    public synchronized void atMostExamples(long most) {
        mostExamples = most;
    }

    @Override
    public synchronized ShareAnswer share(Membership me, UUID round, ShareReport report) throws IOException {
        firewall.request("share");
        shareCalls.add(report.inputs().size());
        Set<UUID> conflicts = new HashSet<>();
        report.inputs().stream()
                .map(ShareReport.Input::clientId)
                .filter(conflicting::contains)
                .forEach(conflicts::add);
        if (!conflicts.isEmpty()) {
            conflicting.removeAll(conflicts);
            takenElsewhere.computeIfAbsent(round, key -> new HashSet<>()).addAll(conflicts);
            return new ShareAnswer.Conflicting(conflicts);
        }
        Set<UUID> excessive = report.inputs().stream()
                .filter(input -> input.examples() > mostExamples)
                .map(ShareReport.Input::clientId)
                .collect(Collectors.toSet());
        if (!excessive.isEmpty()) {
            return new ShareAnswer.Excessive(excessive, "too many examples");
        }
        Order.Key key = new Order.Key(round, report.kind());
        if (report.epoch() != epoch) {
            return new ShareAnswer.Fenced("epoch " + report.epoch() + " is over");
        }
        reports.putIfAbsent(key, report);
        updatesBefore.putIfAbsent(key, List.copyOf(updates));
        orders.remove(key);
        changed();
        firewall.answer("share");
        return new ShareAnswer.Recorded();
    }

    @Override
    public synchronized void events(Membership me, List<CombinerEvent> batch) throws IOException {
        firewall.request("events");
        events.addAll(batch);
    }

    @Override
    public synchronized void observations(Membership me, ObservationReport batch) throws IOException {
        firewall.request("observations");
        observations.add(batch);
    }

    @Override
    public void fetch(Membership me, String digest, Path target) throws IOException {
        firewall.request("fetch");
        byte[] blob;
        synchronized (this) {
            blob = blobs.get(digest);
        }
        if (blob == null) {
            throw new ControllerRefusal(404, "", "no bytes of " + digest);
        }
        Files.write(target, blob);
    }

    @Override
    public synchronized void store(Membership me, String digest, Path file) throws IOException {
        firewall.request("store");
        byte[] blob = Files.readAllBytes(file);
        if (!Digest.of(blob).hex().equals(digest)) {
            throw new ControllerRefusal(422, "DIGEST_MISMATCH", "other bytes");
        }
        blobs.put(digest, blob);
    }
}
