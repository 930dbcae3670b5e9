package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The course of a share: what follows from an event. Whom to ask is {@link ClientClaims}'s, what to accept
 * {@link Intake}'s, who is lost and when it is over {@link LossWatch}'s, what becomes of the others
 * {@link Dismissal}'s.
 */
final class Course {
    private final Turn turn;
    private final ShareState state;
    private final Intake intake;
    private final ClientClaims claims;
    private final LossWatch watch;
    private final Dismissal dismissal;

    Course(Turn turn) {
        this.turn = turn;
        this.state = turn.state();
        this.intake = new Intake(turn, this);
        this.claims = new ClientClaims(turn);
        this.watch = new LossWatch(turn);
        this.dismissal = new Dismissal(turn);
    }

    Intake intake() {
        return intake;
    }

    // ---- the controller's word

    void opened(Event.Opened event) {
        if (state.phase == Phase.CANCELLED) {
            return;
        }
        state.begun = true;
        event.seats().forEach(turn::seat);
        event.past().stream()
                .filter(fact -> fact.kind() != Fact.Kind.ACCEPTED
                        || !state.training()
                        || event.files().contains(fact.client()))
                .forEach(fact -> turn.apply(fact, true));
        if (!state.participants.isEmpty()) {
            turn.then(new Effect.Log("Restored a share: " + state.participants.size() + " asked, "
                    + state.tally().accepted() + " accepted round=" + state.order.key()));
        }
        turn.then(new Effect.FetchBase());
        if (state.participants.isEmpty()) {
            recruit(event.carried());
            report();
        } else {
            claims.reclaim();
        }
    }

    void orderChanged(Event.OrderChanged event) {
        Order former = state.order;
        Order fresh = event.order();
        state.order = fresh;
        boolean outdated = fresh.epoch() != former.epoch();
        if (state.phase.open()) {
            state.widened |= fresh.select().count() > former.select().count()
                    || fresh.policy().minUpdates() > former.policy().minUpdates();
        } else if (state.phase == Phase.REPORTED && outdated) {
            turn.to(Phase.CLOSING);
        }
        if (outdated && !state.participants.isEmpty()) {
            claims.reclaim();
        }
        turn.then(new Effect.Look(Duration.ZERO));
    }

    void cancelled(Event.Cancelled event) {
        if (state.phase == Phase.CANCELLED) {
            return;
        }
        if (state.carriesOver() && state.phase.open()) {
            dismissal.carryOver(unfinished());
            dismissal.carryAccepted();
        }
        dismissal.dismiss(unfinished(), event.why());
        turn.to(Phase.CANCELLED);
        dismissal.rememberAccepted();
        turn.then(new Effect.Remove());
    }

    void notGivenBack(Event.NotGivenBack event) {
        turn.of(event.client())
                .filter(one -> one.accepted() != null)
                .ifPresent(one -> turn.then(new Effect.Remember(List.of(dismissal.counted(one)))));
    }

    void baseArrived(Event.BaseArrived event) {
        state.mostBytes = event.mostBytes();
        turn.then(new Effect.Recovered());
        handOut();
    }

    // ---- who takes part

    private void recruit(Carried carried) {
        if (!state.begun) {
            return;
        }
        if (state.phase.open() && state.participants.isEmpty() && claims.allAtWork(carried)) {
            close("every client is at work");
        } else {
            claims.recruit(carried);
        }
    }

    void granted(Event.Granted event) {
        state.claiming--;
        if (!state.phase.wanted()) {
            return;
        }
        turn.then(new Effect.Recovered());
        List<UUID> joining = claims.granted(event.asked(), event.granted());
        if (joining.isEmpty()) {
            enlisted();
        } else {
            turn.then(new Effect.Enlist(joining));
        }
    }

    void notGranted(Event.NotGranted event) {
        if (state.phase.wanted()) {
            turn.then(new Effect.Retry(new Event.ClaimDue(event.asked()), null)); // and is still claiming
        } else {
            state.claiming--;
        }
    }

    void claimDue(Event.ClaimDue event) {
        state.claiming--;
        if (state.phase.wanted()) {
            claims.claim(event.clients());
        }
    }

    void enlisted(Event.Enlisted event) {
        claims.enlist(event.clients());
        event.clients().stream()
                .map(Event.Enlisted.Enlistee::arrived)
                .filter(Objects::nonNull)
                .forEach(intake::delivered);
        enlisted();
    }

    private void enlisted() {
        handOut();
        report();
    }

    /** Once the base model is here and somebody is claimed, everybody gets the task. */
    private void handOut() {
        if (state.phase == Phase.OPENING && state.mostBytes != null && !state.participants.isEmpty()) {
            turn.to(Phase.COLLECTING);
            state.opened = turn.now();
        }
        if (state.phase == Phase.COLLECTING) {
            turn.all().forEach(this::offer);
            judge();
        }
    }

    /** Hands a task out, once over each stream. */
    private void offer(Participant participant) {
        Seat seat = turn.seat(participant.client());
        Presence presence = participant.presence();
        if (participant.standing() != Standing.ASKED
                || seat != null && seat.stream().equals(presence.offeredOn())) {
            return;
        }
        if (seat == null) {
            turn.put(participant.with(presence.goneAt(turn.now())));
            return;
        }
        turn.put(participant.with(presence.backAt(turn.now()).offeredOver(seat.stream())));
        turn.then(new Effect.Working(seat.client(), true));
        if (!seat.held().contains(participant.task())) {
            startAnew(participant);
            turn.then(new Effect.Offer(seat.client(), seat.stream(), participant.task(), state.remaining(turn.now())));
        }
    }

    /** Whoever gets the task again starts from this round's base, whatever it had started from before. */
    private void startAnew(Participant participant) {
        if (!participant.origin().equals(Origin.of(state.order))) {
            turn.record(List.of(Fact.asked(participant.client(), participant.task(), null)));
        }
    }

    // ---- what agents do

    void attached(Event.Attached event) {
        Seat seat = event.seat();
        turn.seat(seat);
        if (!state.phase.open()) {
            return;
        }
        Participant participant = state.participant(seat.client()).orElse(null);
        if (participant == null) {
            recruit(event.carried());
            return;
        }
        Participant back = turn.put(participant.with(participant.presence().backAt(turn.now())));
        if (back.standing() == Standing.LOST) {
            claims.claim(List.of(seat.client())); // another combiner may have asked it meanwhile
        } else if (state.phase == Phase.COLLECTING) {
            offer(back);
        }
    }

    void detached(Event.Detached event) {
        turn.leave(event.client());
        Participant participant = state.participant(event.client()).orElse(null);
        if (participant == null || !state.phase.open()) {
            return;
        }
        Participant gone = turn.put(participant.with(participant.presence().goneAt(turn.now())));
        if (event.forGood() && gone.standing() == Standing.ASKED) {
            watch.lose(gone, "the agent left");
            judge();
        } else {
            turn.then(new Effect.Look(state.limits.grace().plusMillis(1)));
        }
    }

    // ---- when it is over

    void looked(Event.Looked event) {
        if (state.phase.open()) {
            watch.loseTheSilent(event.heard());
            recruit(event.carried());
            judge();
        } else if (state.phase == Phase.CLOSING && !state.resting) {
            report(); // what is, for whatever reason, neither reported nor about to be
        }
    }

    /** Closes the collection if it is over, after what is acceptable has become durable. */
    void judge() {
        if (!state.begun || !state.phase.open()) {
            return;
        }
        Optional<String> over = watch.over();
        if (over.isPresent() && intake.pending()) {
            intake.commit(); // and judge again then
        } else {
            over.ifPresent(this::close);
        }
    }

    private void close(String why) {
        List<Participant> unfinished = unfinished();
        turn.record(List.of(Fact.closed(why)));
        if (state.carriesOver()) {
            dismissal.carryOver(unfinished);
            dismissal.dismiss(List.of(), "the round has closed");
        } else {
            watch.tellLate(unfinished);
            dismissal.dismiss(unfinished, "the round has closed");
        }
        report();
    }

    private List<Participant> unfinished() {
        return turn.all().stream().filter(one -> one.standing().outstanding()).toList();
    }

    // ---- the report

    private void report() {
        if (state.reporting || state.claiming > 0 || state.phase != Phase.CLOSING) {
            return;
        }
        state.reporting = true;
        turn.then(new Effect.Report(
                state.order, state.accepted(), state.restored(), state.tally(), timings(), state.reason));
    }

    private Map<String, Double> timings() {
        Map<String, Double> timings = new LinkedHashMap<>();
        if (state.opened != null) {
            timings.put("openMillis", millis(state.limits.received(), state.opened));
            if (state.closed != null) {
                timings.put("collectMillis", millis(state.opened, state.closed));
            }
        }
        return timings;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }

    void answered(Event.Answered event) {
        state.reporting = false;
        if (state.phase != Phase.CLOSING) {
            return;
        }
        ShareAnswer answer = event.answer();
        if (answer instanceof ShareAnswer.Recorded) {
            turn.then(new Effect.Recovered());
            turn.to(Phase.REPORTED);
            turn.then(new Effect.Log("A share is reported: " + state.tally().accepted() + " updates round="
                    + state.order.key() + " number=" + state.order.roundNumber()));
        } else if (answer instanceof ShareAnswer.Conflicting conflicting) {
            // perhaps another's, perhaps only claimed under an older epoch: the claim says, and reports then
            claims.claim(List.copyOf(conflicting.clients()));
        } else if (answer instanceof ShareAnswer.Excessive excessive) {
            excessive.clients().forEach(one -> turn.revoke(one, new Refusal("TOO_MANY_EXAMPLES", excessive.detail())));
            report();
        } else {
            reportLater(answer.toString());
        }
    }

    void notReported(Event.NotReported event) {
        state.reporting = false;
        if (state.phase != Phase.CLOSING) {
            return;
        }
        boolean revoked = event.culprit()
                .map(client -> turn.revoke(client, new Refusal("OUT_OF_SCALE", event.why())))
                .orElse(false);
        if (revoked) { // it kept the others' from being folded
            report();
        } else {
            reportLater(event.why());
        }
    }

    private void reportLater(String why) {
        state.resting = true;
        turn.then(new Effect.Retry(
                new Event.ReportDue(), "Cannot report a share yet: " + why + " round=" + state.order.key()));
    }

    void reportDue() {
        state.resting = false;
        report();
    }
}
