package io.foedus.combiner.collection.control;

import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.collection.control.Carry.Taken;
import io.foedus.combiner.collection.control.Carry.Work;
import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Origin;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.TaskKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Who takes part in a share: chooses clients, claims them at the controller, takes over those that work on. */
final class Enlistment {
    private static final Logger LOG = System.getLogger(Enlistment.class.getName());

    private final Share share;
    private final Intake intake;
    private final Runnable enlisted;
    private int claiming;
    private boolean widened;

    /** @param enlisted run whenever the controller has answered a claim */
    Enlistment(Share share, Intake intake, Runnable enlisted) {
        this.share = share;
        this.intake = intake;
        this.enlisted = enlisted;
    }

    /** Whether the controller has yet to say who takes part. */
    boolean claiming() {
        return claiming > 0;
    }

    /** More clients than before are wanted. */
    void widen() {
        widened = true;
    }

    /** Asks for clients that the share still lacks, if there are any. */
    void recruit() {
        if (claiming > 0 || !share.phase().open()) {
            return;
        }
        boolean first = share.participants().isEmpty();
        List<Work> carried = first && share.carriesOver() ? carried() : List.of();
        List<Agent> eligible = eligible();
        int wish = first || widened ? wanted(eligible.size() + carried.size()) : missing();
        if (wish <= 0 || eligible.isEmpty() && carried.isEmpty()) {
            return;
        }
        widened = false;
        List<UUID> clients = new ArrayList<>(carried.stream().map(Work::client).toList());
        clients.addAll(Recruiter.choose(share.order(), eligible, Math.max(0, wish - clients.size())));
        claim(clients);
    }

    private List<Agent> eligible() {
        Order order = share.order();
        Set<UUID> elsewhere =
                order.buffered() ? share.station().carry().clients() : Set.of(); // they work on, ask others
        return Recruiter.eligible(
                order,
                share.station().registry().all(),
                client -> share.participants().of(client).isPresent() || elsewhere.contains(client));
    }

    /** Whether nobody can be asked because all clients of a buffered session are at work. */
    boolean allAtWork() {
        return share.order().buffered()
                && share.order().kind() == TaskKind.VALIDATE
                && !share.station().carry().of(share.order().sessionId()).isEmpty()
                && eligible().isEmpty();
    }

    /** Clients of the session that work on and are not too far behind; the others are called back. */
    private List<Work> carried() {
        Order order = share.order();
        List<Work> carried = new ArrayList<>();
        for (Work work : share.station().carry().of(order.sessionId())) {
            if (work.origin().staleness(order) <= order.maxStaleness()) {
                carried.add(work);
            } else {
                share.station().carry().drop(work, "STALE: its model is more than " + order.maxStaleness() + " old");
            }
        }
        return carried;
    }

    private int wanted(int available) {
        int count = share.order().select().count();
        int wanted = count > 0 ? count - share.participants().all().size() : available;
        Order.Policy policy = share.order().policy();
        int likely = count > 0 ? wanted : Math.max(policy.minUpdates(), policy.targetUpdates());
        boolean early = available < likely && share.station().settling();
        return early ? 0 : wanted; // the agents of an earlier run may still be on their way
    }

    private int missing() {
        return share.order().policy().minUpdates() - share.participants().promising();
    }

    /** Under a new epoch, or after a restart: says again who takes part here. */
    void reclaim() {
        claim(share.participants().all().stream()
                .filter(one -> one.standing() != Standing.REJECTED && one.standing() != Standing.FAILED)
                .map(Participant::client)
                .toList());
    }

    /** Claims clients at the controller, again and again until it answers. */
    void claim(List<UUID> clients) {
        claiming++;
        CompletableFuture.supplyAsync(() -> ask(clients), share.station().workers())
                .whenCompleteAsync(
                        (granted, trouble) -> {
                            claiming--;
                            if (!share.phase().wanted()) {
                                return;
                            }
                            if (granted != null) {
                                share.backoff().recovered();
                                answered(clients, granted);
                            } else {
                                LOG.log(
                                        Level.DEBUG,
                                        "Cannot claim: {0} round={1}",
                                        trouble,
                                        share.order().key());
                                claimLater(clients);
                            }
                        },
                        share.serial());
    }

    private Set<UUID> ask(List<UUID> clients) {
        Order order = share.order();
        var uplink = share.station().uplink();
        try {
            return uplink.call(me -> uplink.controller().claim(me, order.roundId(), order.kind(), clients));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void claimLater(List<UUID> clients) {
        claiming++;
        share.station().later(share.backoff().next(), share.serial(), () -> {
            claiming--;
            if (share.phase().wanted()) {
                claim(clients);
            }
        });
    }

    private void answered(List<UUID> clients, Set<UUID> granted) {
        List<Fact> asked = new ArrayList<>();
        List<Taken> taken = new ArrayList<>();
        for (UUID client : clients) {
            Participant known = share.participants().of(client).orElse(null);
            if (known == null) {
                if (!granted.contains(client)) {
                    callBack(client);
                } else if (share.phase().open()) {
                    enlist(client, asked, taken);
                }
            } else if (!granted.contains(client)) {
                leaveToOthers(known);
            } else if (known.standing() == Standing.LOST && share.phase().open()) {
                known.to(Standing.ASKED);
            }
        }
        if (!asked.isEmpty()) {
            share.note(asked);
        }
        taken.forEach(this::deliver);
        enlisted.run();
    }

    /** It works on for nothing: it may not take part here. */
    private void callBack(UUID client) {
        Carry carry = share.station().carry();
        carry.of(share.order().sessionId()).stream()
                .filter(work -> share.carriesOver() && work.client().equals(client))
                .forEach(work -> carry.drop(work, "the client counts elsewhere"));
    }

    private void enlist(UUID client, List<Fact> asked, List<Taken> taken) {
        Order order = share.order();
        Taken work = share.carriesOver()
                ? share.station().carry().take(order.sessionId(), client).orElse(null)
                : null;
        UUID task = work == null ? UUID.randomUUID() : work.work().task();
        Origin origin = work == null ? Origin.of(order) : work.work().origin();
        Participant participant =
                new Participant(client, task, origin, share.station().now());
        share.participants().add(participant);
        asked.add(Fact.asked(client, task, work == null ? null : origin));
        if (work != null) {
            share.hold(origin.model().digest());
            share.station().registry().find(client).ifPresent(participant::offered);
            taken.add(work);
        }
    }

    /** What a client brought while no round was open. */
    private void deliver(Taken taken) {
        TaskOutcome outcome = taken.outcome();
        if (outcome == null) {
            return;
        }
        share.participants()
                .of(taken.work().client())
                .map(participant -> intake.take(participant, outcome))
                .ifPresent(answer -> answer.whenComplete((receipt, trouble) -> taken.answer()
                        .complete(receipt != null ? receipt : new Receipt(Fate.REJECTED, String.valueOf(trouble)))));
    }

    /** A client counts at another combiner: what it brought here does not. */
    void leaveToOthers(Participant participant) {
        boolean measured = share.order().kind() == TaskKind.VALIDATE && participant.standing() == Standing.ACCEPTED;
        if (!measured && participant.standing() != Standing.FAILED && participant.standing() != Standing.REJECTED) {
            intake.settle(participant, Standing.FAILED, Fate.DUPLICATE, "the client counts at another combiner");
            share.station()
                    .registry()
                    .find(participant.client())
                    .ifPresent(agent -> agent.channel().cancel(participant.task(), "counted elsewhere"));
        }
    }
}
