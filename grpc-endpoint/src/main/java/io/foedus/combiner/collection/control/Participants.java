package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.core.round.Tally;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Who takes part in a share. Changed by one thread, read by any. */
final class Participants {
    private final Map<UUID, Participant> byClient = new ConcurrentHashMap<>();
    private int discarded;

    void add(Participant participant) {
        byClient.put(participant.client(), participant);
    }

    Optional<Participant> of(UUID client) {
        return Optional.ofNullable(byClient.get(client));
    }

    Collection<Participant> all() {
        return byClient.values();
    }

    boolean isEmpty() {
        return byClient.isEmpty();
    }

    /** Notes a result that came too late or twice. */
    void discard() {
        discarded++;
    }

    long count(Standing standing) {
        return all().stream().filter(one -> one.standing() == standing).count();
    }

    /** Results at hand and results that may come. */
    int promising() {
        return (int) all().stream()
                .filter(one ->
                        one.standing() == Standing.ACCEPTED || one.standing().outstanding())
                .count();
    }

    /** Those who gave up count as lost: neither will deliver. Those who work on for a later round do not count here. */
    Tally tally() {
        return new Tally(
                (int) count(Standing.ACCEPTED),
                (int) count(Standing.REJECTED),
                discarded,
                (int) (count(Standing.LOST) + count(Standing.FAILED)),
                byClient.size() - (int) count(Standing.CARRIED));
    }

    /** Those whose results were taken by an earlier run. */
    Set<UUID> restored() {
        return all().stream()
                .filter(Participant::restored)
                .map(Participant::client)
                .collect(Collectors.toSet());
    }

    /** Accepted results in client-id order. */
    List<Fact> accepted() {
        return all().stream()
                .filter(one -> one.standing() == Standing.ACCEPTED)
                .sorted(Comparator.comparing(one -> one.client().toString()))
                .map(one -> Objects.requireNonNull(one.accepted()))
                .toList();
    }
}
