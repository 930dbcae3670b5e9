package io.foedus.combiner.collection.control;

import io.foedus.combiner.collection.entity.Fact;
import io.foedus.combiner.collection.entity.Origin;
import io.foedus.combiner.collection.entity.Participant;
import io.foedus.combiner.collection.entity.Standing;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.TaskKind;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Takes up a share where an earlier run of the combiner left it, from its journal. */
final class Restoration {
    private static final Logger LOG = System.getLogger(Restoration.class.getName());

    private final Share share;
    private final Intake intake;

    Restoration(Share share, Intake intake) {
        this.share = share;
        this.intake = intake;
    }

    /** @return why the share was closed, if it was */
    Optional<String> run() {
        Optional<String> closed = Optional.empty();
        for (Fact fact : share.spool().past()) {
            switch (fact.kind()) {
                case ASKED -> asked(fact);
                case ACCEPTED -> accepted(fact);
                case SETTLED -> settled(fact);
                case CLOSED -> closed = Optional.of(Objects.requireNonNullElse(fact.reason(), ""));
            }
        }
        if (!share.participants().isEmpty()) {
            LOG.log(
                    Level.INFO,
                    "Restored a share: {0} asked, {1} accepted round={2}",
                    share.participants().all().size(),
                    share.participants().tally().accepted(),
                    share.order().key());
        }
        return closed;
    }

    private void asked(Fact fact) {
        Origin origin = fact.origin() == null ? Origin.of(share.order()) : fact.origin();
        Participant participant =
                new Participant(client(fact), Objects.requireNonNull(fact.task()), origin, share.received());
        participant.gone(share.received().plus(Station.SETTLING));
        share.participants().add(participant);
        if (fact.origin() != null) {
            share.hold(origin.model().digest());
        }
    }

    private void accepted(Fact fact) {
        boolean measured = share.order().kind() == TaskKind.VALIDATE;
        Participant participant = share.participants().of(client(fact)).orElse(null);
        if (participant == null
                || !measured && share.spool().present(client(fact)).isEmpty()) {
            return;
        }
        participant.restore(Standing.ACCEPTED);
        participant.accept(fact);
        if (measured) {
            intake.tellValidation(fact);
        }
    }

    private void settled(Fact fact) {
        Standing standing = fact.fate() == Fate.REJECTED
                ? Standing.REJECTED
                : fact.fate() == Fate.LATE ? Standing.LOST : Standing.FAILED;
        share.participants().of(client(fact)).ifPresent(one -> one.restore(standing));
    }

    private static UUID client(Fact fact) {
        return Objects.requireNonNull(fact.client());
    }
}
