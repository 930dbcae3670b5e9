package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.core.exchange.Order;
import io.foedus.core.round.Candidate;
import io.foedus.core.round.Selection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Chooses whom to ask: pure, so that the order's seed is enough to check it afterwards. */
final class Recruiter {
    private Recruiter() {}

    /** Attached agents that the order admits. */
    static List<Agent> eligible(Order order, Collection<Agent> attached, Predicate<UUID> taken) {
        return attached.stream()
                .filter(agent -> belongs(order, agent) && canRun(order, agent) && wanted(order.select(), agent))
                .filter(agent -> !taken.test(agent.client()))
                .toList();
    }

    /** The first {@code count} by lot. */
    static List<UUID> choose(Order order, List<Agent> eligible, int count) {
        List<Candidate> candidates = eligible.stream()
                .map(agent -> new Candidate(agent.client().toString(), agent.labels()))
                .toList();
        return Selection.RANDOM.select(candidates, count, order.select().seed(), order.roundNumber()).stream()
                .map(candidate -> UUID.fromString(candidate.id()))
                .toList();
    }

    private static boolean belongs(Order order, Agent agent) {
        return agent.principal().alliance().equals(order.alliance());
    }

    private static boolean canRun(Order order, Agent agent) {
        return order.packageDigest() != null || agent.channel().bringsProgram();
    }

    private static boolean wanted(Order.Select select, Agent agent) {
        if (!select.clients().isEmpty() && !select.clients().contains(agent.client())) {
            return false;
        }
        return select.labels().entrySet().stream()
                .allMatch((Map.Entry<String, String> label) ->
                        label.getValue().equals(agent.labels().get(label.getKey())));
    }
}
