package io.foedus.web.sessions;

import io.foedus.controller.participation.boundary.ParticipationView;
import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.rounds.boundary.RoundView;
import io.foedus.core.exchange.TaskKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of a client's training in a round, be it an update, a failure or work in progress.
 *
 * @param fate of its update, or the state of its claim where there is none
 * @param size null without an update, as is {@code examples}
 * @param share its part of the weight of all that count in the round, null of one that does not count
 */
public record Part(
        UUID client,
        String clientName,
        String combinerName,
        String fate,
        String reason,
        Long size,
        Long examples,
        Double share,
        Map<String, Object> metrics,
        Map<String, Object> timings) {

    /** All updates, and the parts that have none, by the client's name. */
    static List<Part> of(RoundView round) {
        Set<UUID> updated = round.updates().stream().map(UpdateView::client).collect(Collectors.toSet());
        Stream<Part> others = round.participants().stream()
                .filter(it -> it.kind() == TaskKind.TRAIN && !updated.contains(it.client()))
                .map(Part::of);
        return Stream.concat(round.updates().stream().map(Part::of), others)
                .sorted(Comparator.comparing(Part::clientName))
                .toList();
    }

    private static Part of(UpdateView update) {
        return new Part(
                update.client(),
                update.clientName(),
                update.combinerName(),
                update.fate().name(),
                update.reason(),
                update.size(),
                update.examples(),
                update.share(),
                update.metrics(),
                update.timings());
    }

    private static Part of(ParticipationView part) {
        return new Part(
                part.client(),
                part.clientName(),
                part.combinerName(),
                part.state().name(),
                part.reason(),
                null,
                null,
                null,
                Map.of(),
                Map.of());
    }

    /** How long it took, by what it measured: {@code downloadMillis}, {@code runMillis}, {@code uploadMillis}. */
    public Double seconds(String measured) {
        return timings.get(measured) instanceof Number millis ? Double.valueOf(millis.doubleValue() / 1000) : null;
    }
}
