package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.control.Examination.Refusal;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Phase;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.core.aggregation.FoldException;
import io.foedus.core.exchange.ShareAnswer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Tells the controller what a closed share came to, again and again until it answers. */
final class Reporting {
    private static final Logger LOG = System.getLogger(Reporting.class.getName());

    private final Share share;
    private final Enlistment enlistment;
    private final Intake intake;
    private boolean reporting;
    private boolean resting;
    private @Nullable Instant opened;
    private @Nullable Instant closed;
    private @Nullable String reason;

    Reporting(Share share, Enlistment enlistment, Intake intake) {
        this.share = share;
        this.enlistment = enlistment;
        this.intake = intake;
    }

    /** Clients have their tasks. */
    void opened() {
        opened = share.station().now();
    }

    /** Nothing more is taken. */
    void closed(@Nullable String why) {
        closed = share.station().now();
        reason = why == null || why.isEmpty() ? null : why;
    }

    void report() {
        if (reporting || enlistment.claiming() || share.phase() != Phase.CLOSING) {
            return;
        }
        CompletableFuture<Closing> closing = Closing.of(share, timings(), reason);
        reporting = true;
        closing.thenCompose(this::run)
                .whenCompleteAsync(
                        (answer, trouble) -> {
                            reporting = false;
                            if (share.phase() == Phase.CLOSING) {
                                answered(answer, trouble);
                            }
                        },
                        share.serial());
    }

    /** Runs it on a worker when it is its turn: closings never take all workers. */
    private CompletableFuture<ShareAnswer> run(Closing closing) {
        CompletableFuture<ShareAnswer> answer = new CompletableFuture<>();
        Station station = share.station();
        station.closings()
                .enter(() -> station.workers().execute(() -> {
                    try {
                        answer.complete(closing.run());
                    } catch (IOException | RuntimeException | Error e) {
                        answer.completeExceptionally(e);
                    } finally {
                        station.closings().leave();
                    }
                }));
        return answer;
    }

    private void answered(@Nullable ShareAnswer answer, @Nullable Throwable trouble) {
        if (answer instanceof ShareAnswer.Recorded) {
            share.backoff().recovered();
            share.to(Phase.REPORTED);
            LOG.log(
                    Level.INFO,
                    "A share is reported: {0} updates round={1} number={2}",
                    share.participants().tally().accepted(),
                    share.order().key(),
                    share.order().roundNumber());
        } else if (answer instanceof ShareAnswer.Conflicting conflicting) {
            // perhaps another's, perhaps only claimed under an older epoch: the claim says, and reports then
            enlistment.claim(List.copyOf(conflicting.clients()));
        } else if (answer instanceof ShareAnswer.Excessive excessive) {
            excessive
                    .clients()
                    .forEach(client -> share.participants()
                            .of(client)
                            .filter(one -> one.standing() == Standing.ACCEPTED)
                            .ifPresent(
                                    one -> intake.revoke(one, new Refusal("TOO_MANY_EXAMPLES", excessive.detail()))));
            report();
        } else if (trouble != null && cause(trouble) instanceof FoldException broken && revoke(broken)) {
            report();
        } else {
            if (share.backoff().fresh()) {
                LOG.log(
                        Level.WARNING,
                        "Cannot report a share yet: {0} round={1}",
                        answer != null ? answer : trouble,
                        share.order().key());
            }
            resting = true;
            share.station().later(share.backoff().next(), share.serial(), () -> {
                resting = false;
                report();
            });
        }
    }

    /** Reports what was closed and, for whatever reason, is neither reported nor about to be. */
    void lookAgain() {
        if (!resting) {
            report();
        }
    }

    /** Takes the update back out that keeps the others from being folded. */
    private boolean revoke(FoldException broken) {
        Optional<Participant> culprit = broken.culprit()
                .flatMap(client -> share.participants().of(UUID.fromString(client)))
                .filter(one -> one.standing() == Standing.ACCEPTED);
        culprit.ifPresent(one -> intake.revoke(one, new Refusal("OUT_OF_SCALE", String.valueOf(broken.getMessage()))));
        return culprit.isPresent();
    }

    private static Throwable cause(Throwable trouble) {
        Throwable cause = trouble;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private Map<String, Double> timings() {
        Map<String, Double> timings = new HashMap<>();
        Instant first = opened;
        Instant last = closed;
        if (first != null) {
            timings.put("openMillis", millis(share.received(), first));
            if (last != null) {
                timings.put("collectMillis", millis(first, last));
            }
        }
        return timings;
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }
}
