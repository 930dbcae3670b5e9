package io.foedus.combiner.collection.entity;

import io.foedus.combiner.collection.entity.Event.Enlisted.Enlistee;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Who takes part in a share: chooses clients, claims them at the controller, takes over those that work on. */
final class ClientClaims {
    private final Turn turn;

    ClientClaims(Turn turn) {
        this.turn = turn;
    }

    /** Asks for clients that the share still lacks, if there are any. */
    void recruit(Carried carried) {
        ShareState state = turn.state();
        if (state.claiming > 0 || !state.phase.open()) {
            return;
        }
        boolean first = state.participants.isEmpty();
        boolean takesOver = first && state.carriesOver();
        List<Work> taken = takesOver ? fresh(carried) : List.of();
        List<Seat> eligible = eligible(carried, takesOver ? taken : carried.session());
        int wish = first || state.widened ? wanted(eligible.size() + taken.size()) : missing();
        if (wish <= 0 || eligible.isEmpty() && taken.isEmpty()) {
            return;
        }
        state.widened = false;
        List<UUID> clients = new ArrayList<>(taken.stream().map(Work::client).toList());
        clients.addAll(Recruiter.choose(turn.order(), eligible, Math.max(0, wish - clients.size())));
        claim(clients);
    }

    /** @param session work of the session that goes on */
    private List<Seat> eligible(Carried carried, List<Work> session) {
        Set<UUID> busy = new HashSet<>(); // they work on, ask others
        if (turn.order().buffered()) {
            busy.addAll(carried.elsewhere());
            session.forEach(work -> busy.add(work.client()));
        }
        return Recruiter.eligible(
                turn.order(),
                turn.state().seats.values(),
                client -> turn.of(client).isPresent() || busy.contains(client));
    }

    /** Whether nobody can be asked because all clients of a buffered session are at work. */
    boolean allAtWork(Carried carried) {
        return turn.order().buffered()
                && turn.order().kind() == TaskKind.VALIDATE
                && !carried.session().isEmpty()
                && eligible(carried, carried.session()).isEmpty();
    }

    /** Clients of the session that work on and are not too far behind; the others are called back. */
    private List<Work> fresh(Carried carried) {
        Order order = turn.order();
        List<Work> fresh = new ArrayList<>();
        for (Work work : carried.session()) {
            if (work.origin().staleness(order) <= order.maxStaleness()) {
                fresh.add(work);
            } else {
                turn.then(new Effect.CallBack(
                        work.client(), "STALE: its model is more than " + order.maxStaleness() + " old"));
            }
        }
        return fresh;
    }

    private int wanted(int available) {
        int count = turn.order().select().count();
        int wanted = count > 0 ? count - turn.state().participants.size() : available;
        Order.Policy policy = turn.order().policy();
        int likely = count > 0 ? wanted : Math.max(policy.minUpdates(), policy.targetUpdates());
        boolean early = available < likely && turn.state().limits.settling(turn.now());
        return early ? 0 : wanted; // the agents of an earlier run may still be on their way
    }

    private int missing() {
        return turn.order().policy().minUpdates() - turn.state().promising();
    }

    /** Under a new epoch, or after a restart: says again who takes part here. */
    void reclaim() {
        claim(turn.all().stream()
                .filter(one -> one.standing() != Standing.REJECTED && one.standing() != Standing.FAILED)
                .map(Participant::client)
                .toList());
    }

    void claim(List<UUID> clients) {
        turn.state().claiming++;
        turn.then(new Effect.Claim(List.copyOf(clients)));
    }

    /**
     * Acts on the controller's answer.
     *
     * @return clients that take part from now on
     */
    List<UUID> granted(List<UUID> asked, Set<UUID> granted) {
        List<UUID> joining = new ArrayList<>();
        boolean open = turn.state().phase.open();
        for (UUID client : asked) {
            Participant known = turn.of(client).orElse(null);
            if (known == null) {
                if (!granted.contains(client)) {
                    callBack(client);
                } else if (open) {
                    joining.add(client);
                }
            } else if (!granted.contains(client)) {
                leaveToOthers(known);
            } else if (known.standing() == Standing.LOST && open) {
                turn.put(known.to(Standing.ASKED));
            }
        }
        return joining;
    }

    /** It works on for nothing: it may not take part here. */
    private void callBack(UUID client) {
        if (turn.state().carriesOver()) {
            turn.then(new Effect.CallBack(client, "the client counts elsewhere"));
        }
    }

    /** A client counts at another combiner: what it brought here does not. */
    private void leaveToOthers(Participant participant) {
        boolean measured = !turn.state().training() && participant.standing() == Standing.ACCEPTED;
        if (measured
                || participant.standing() == Standing.FAILED
                || participant.standing() == Standing.REJECTED
                || participant.standing() == Standing.CARRIED) {
            return;
        }
        turn.giveUp(participant);
        turn.settle(participant, Fate.DUPLICATE, "the client counts at another combiner");
        turn.then(new Effect.Cancel(participant.client(), participant.task(), "counted elsewhere"));
    }

    /** Notes whom it asks. */
    void enlist(List<Enlistee> joining) {
        turn.record(joining.stream()
                .map(one -> Fact.asked(one.client(), one.task(), one.older()))
                .toList());
        for (Enlistee one : joining) {
            Seat seat = turn.seat(one.client());
            if (one.older() != null && seat != null) { // it has the task already
                Participant known = turn.of(one.client()).orElseThrow();
                turn.put(known.with(known.presence().offeredOver(seat.stream())));
            }
        }
    }
}
