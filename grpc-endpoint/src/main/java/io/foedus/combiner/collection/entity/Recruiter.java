package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;
import io.foedus.core.round.Candidate;
import io.foedus.core.round.Selection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;

/** Chooses whom to ask; the order's seed is enough to check it afterwards. */
final class Recruiter {
    private Recruiter() {}

    /** Attached clients that the order admits. */
    static List<Seat> eligible(Order order, Collection<Seat> attached, Predicate<UUID> taken) {
        return attached.stream()
                .filter(seat -> seat.alliance().equals(order.alliance()))
                .filter(seat -> order.packageDigest() != null || seat.bringsProgram())
                .filter(seat -> wanted(order.select(), seat))
                .filter(seat -> !taken.test(seat.client()))
                .toList();
    }

    /** The first {@code count} by lot. */
    static List<UUID> choose(Order order, List<Seat> eligible, int count) {
        List<Candidate> candidates = eligible.stream()
                .map(seat -> new Candidate(seat.client().toString(), seat.labels()))
                .toList();
        return Selection.RANDOM.select(candidates, count, order.select().seed(), order.roundNumber()).stream()
                .map(candidate -> UUID.fromString(candidate.id()))
                .toList();
    }

    private static boolean wanted(Order.Select select, Seat seat) {
        if (!select.clients().isEmpty() && !select.clients().contains(seat.client())) {
            return false;
        }
        return select.labels().entrySet().stream()
                .allMatch((Map.Entry<String, String> label) ->
                        label.getValue().equals(seat.labels().get(label.getKey())));
    }
}
