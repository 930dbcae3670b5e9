package io.foedus.controller.rounds.control;

import io.foedus.controller.alliances.entity.Policy;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.persistence.InstantConverter;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.rounds.entity.Share;
import io.foedus.controller.sessions.entity.PlanConverter;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.SelectionKind;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.models.Digest;
import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundPolicy;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Writes the orders of a combiner from the rows of its open shares. */
@Dependent
public class OrderBook {
    private static final int MOST_REVOKED = 5_000;
    private static final int REVISION_DIGITS = 12;

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    /**
     * Shares that the combiner had before it was registered again and that their round still waits for, or would wait
     * for if they had not been lost; locked.
     */
    public List<Share> ofOlderEpochs(UUID combiner, long epoch) {
        older(combiner, epoch, "FOR UPDATE OF h");
        // a round may have been closed while its share was waited for; its phase moves under the locks of its shares
        return older(combiner, epoch, "").stream()
                .map(id -> entities.find(Share.class, id))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private List<UUID> older(UUID combiner, long epoch, String lock) {
        return entities.createNativeQuery("""
                        SELECT h.id FROM share h JOIN round r ON r.id = h.round_id
                        WHERE h.combiner_id = ?1 AND h.epoch < ?2 AND h.phase IN ('OFFERED', 'RUNNING', 'LOST')
                          AND (r.phase = 'TRAINING' AND h.kind = 'TRAIN' OR r.phase = 'VALIDATING' AND h.kind = 'VALIDATE')
                        ORDER BY h.id\s""" + lock)
                .setParameter(1, combiner)
                .setParameter(2, epoch)
                .getResultList();
    }

    public Orders of(UUID combiner) {
        List<Order> orders = open(combiner);
        List<UUID> buffered = buffered();
        List<UUID> revoked = revoked();
        boolean draining = (Boolean) entities.createNativeQuery("SELECT draining FROM combiner WHERE id = ?1")
                .setParameter(1, combiner)
                .getSingleResult();
        return new Orders(
                revision(orders, buffered, revoked, draining),
                orders,
                buffered,
                revoked,
                draining,
                Math.toIntExact(config.combiners().heartbeat().toSeconds()));
    }

    @SuppressWarnings("unchecked")
    private List<Order> open(UUID combiner) {
        List<Object[]> rows = entities.createNativeQuery("SELECT h.id, h.kind, h.round_id, r.number, r.session_id,"
                        + " a.name, a.id AS alliance_id, h.epoch, m.id AS model_id, m.digest, m.size, m.format, p.digest"
                        + " AS package_digest, s.plan, r.selection_seed, h.target, CASE WHEN h.kind = 'TRAIN' THEN"
                        + " r.training_at ELSE r.validating_at END AS began, CASE WHEN m.session_id ="
                        + " s.id THEN m.next_aggregator END AS adapted, (SELECT sum(o.target) FROM share o WHERE"
                        + " o.round_id = h.round_id AND o.kind = h.kind) AS asked, a.settings FROM share h JOIN round r ON r.id ="
                        + " h.round_id JOIN session s ON s.id = r.session_id JOIN alliance a ON a.id = s.alliance_id"
                        + " JOIN model m ON m.id = CASE WHEN h.kind = 'TRAIN' THEN r.base_model_id ELSE r.model_id END"
                        + " LEFT JOIN compute_package p ON p.id = s.package_id WHERE h.combiner_id = ?1 AND h.phase IN"
                        + " ('OFFERED', 'RUNNING') ORDER BY h.id")
                .setParameter(1, combiner)
                .getResultList();
        return rows.stream().map(this::order).toList();
    }

    private Order order(Object[] row) {
        TaskKind kind = TaskKind.valueOf((String) row[1]);
        Plan plan = PlanConverter.read(JsonObjectConverter.text(row[13]));
        int count = number(row[15]);
        int number = number(row[3]);
        RoundPolicy policy = plan.policy();
        Duration deadline = policy.maxWait();
        Duration elapsed = Duration.between(InstantConverter.of(row[16]), clock.instant());
        return new Order(
                (UUID) row[0],
                kind,
                (UUID) row[2],
                number,
                (UUID) row[4],
                (String) row[5],
                (UUID) row[6],
                ((Number) row[7]).longValue(),
                new Order.Model((UUID) row[8], (String) row[9], ((Number) row[10]).longValue(), (String) row[11]),
                (String) row[12],
                kind == TaskKind.TRAIN
                        ? part(policy, count, number(row[18]))
                        : new Order.Policy(1, count, deadline.toMillis(), deadline.toMillis()),
                select(plan, kind, count, ((Number) row[14]).longValue()),
                row[17] == null ? plan.aggregator() : (String) row[17],
                plan.mode(),
                plan.maxStaleness(),
                plan.settings(),
                plan.keepUpdates(),
                Policy.of(Json.object(JsonObjectConverter.text(row[19]))).maxExamples(),
                Math.max(0, deadline.minus(elapsed).toMillis()));
    }

    /** A share's part of what the round wants: of those that are asked, as many as it needs to close. */
    private static Order.Policy part(RoundPolicy policy, int count, int asked) {
        return new Order.Policy(
                (int) Math.max(1, part(policy.minUpdates(), count, asked)),
                policy.targetUpdates() == Integer.MAX_VALUE
                        ? Integer.MAX_VALUE
                        : (int) Math.min(count, part(policy.targetUpdates(), count, asked)),
                policy.minWait().toMillis(),
                policy.maxWait().toMillis());
    }

    private static long part(int whole, int count, int asked) {
        return Math.min(count, ((long) whole * count + asked - 1) / asked);
    }

    /** Everybody is chosen by lot too when only a part is asked, as for validation. */
    private static Order.Select select(Plan plan, TaskKind kind, int count, long seed) {
        Plan.Selection selection = plan.selection();
        boolean lot = kind == TaskKind.VALIDATE || plan.targetClients() > 0;
        SelectionKind how = selection.kind() == Plan.Kind.ALL && lot
                ? SelectionKind.RANDOM
                : SelectionKind.valueOf(selection.kind().name());
        // whoever trains is not therefore the one who validates
        long lots = kind == TaskKind.TRAIN ? seed : ~seed;
        return new Order.Select(how, count, lots, selection.labels(), List.of());
    }

    @SuppressWarnings("unchecked")
    private List<UUID> buffered() {
        return entities.createNativeQuery("SELECT id FROM session WHERE state IN ('RUNNING', 'PAUSED') AND"
                        + " plan ->> 'mode' = 'BUFFERED' ORDER BY id")
                .getResultList();
    }

    @SuppressWarnings("unchecked")
    private List<UUID> revoked() {
        return entities.createNativeQuery(
                        "SELECT id FROM client WHERE state = 'REVOKED' ORDER BY id DESC LIMIT " + MOST_REVOKED)
                .getResultList();
    }

    private static long revision(List<Order> orders, List<UUID> buffered, List<UUID> revoked, boolean draining) {
        StringBuilder text = new StringBuilder().append(draining);
        orders.forEach(order -> text.append(' ')
                .append(order.shareId())
                .append(':')
                .append(order.epoch())
                .append(':')
                .append(order.select().count())
                .append(':')
                .append(order.maxExamples()));
        buffered.forEach(session -> text.append(" ~").append(session));
        revoked.forEach(client -> text.append(' ').append(client));
        String hex = Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
        return Long.parseLong(hex.substring(0, REVISION_DIGITS), 16);
    }

    private static int number(Object column) {
        return ((Number) column).intValue();
    }
}
