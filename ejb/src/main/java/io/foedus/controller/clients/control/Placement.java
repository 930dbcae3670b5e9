package io.foedus.controller.clients.control;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Which combiner a client is sent to: among those that are free and not excluded the preferred one, then those that
 * agree with most of its labels, then the least loaded, then by name. Pure. If only excluded ones are free, those
 * count: a client that could not reach the only combiner must be allowed to try again.
 */
public record Placement(String preferred, Collection<UUID> excluded, Map<String, Object> labels) {
    public Optional<Seat> among(List<Seat> seats) {
        Comparator<Seat> order = Comparator.comparing((Seat seat) -> !isPreferred(seat))
                .thenComparing(seat -> -seat.near(labels))
                .thenComparing(Seat::load)
                .thenComparing(Seat::name);
        Optional<Seat> found = seats.stream()
                .filter(seat -> seat.isFree() && !excluded.contains(seat.id()))
                .min(order);
        return found.isPresent() ? found : seats.stream().filter(Seat::isFree).min(order);
    }

    private boolean isPreferred(Seat seat) {
        return preferred != null
                && (preferred.equals(seat.name()) || preferred.equals(seat.id().toString()));
    }
}
