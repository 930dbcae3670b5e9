package io.foedus.combiner.collection.entity;

import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareAnswer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What may happen to a share: what others do, what the clock says, and how effects that take long came out. */
public sealed interface Event {
    /** Takes its part in a course. */
    void in(Course course);

    // ---- the controller's word

    /**
     * The share is taken up, for the first time or after a restart.
     *
     * @param past the journal
     * @param files clients whose accepted updates are on the disk
     * @param seats who is attached
     */
    record Opened(List<Fact> past, Set<UUID> files, List<Seat> seats, Carried carried) implements Event {
        @Override
        public void in(Course course) {
            course.opened(this);
        }
    }

    /** The controller lists the order in this form now: perhaps under another epoch, perhaps asking for more. */
    record OrderChanged(Order order) implements Event {
        @Override
        public void in(Course course) {
            course.orderChanged(this);
        }
    }

    /** Nobody wants the share any more. */
    record Cancelled(String why) implements Event {
        @Override
        public void in(Course course) {
            course.cancelled(this);
        }
    }

    /** The base model is here. */
    record BaseArrived(long mostBytes) implements Event {
        @Override
        public void in(Course course) {
            course.baseArrived(this);
        }
    }

    // ---- who takes part

    /** The controller says which of the clients take part here. */
    record Granted(List<UUID> asked, Set<UUID> granted) implements Event {
        @Override
        public void in(Course course) {
            course.granted(this);
        }
    }

    /** The controller could not be asked. */
    record NotGranted(List<UUID> asked) implements Event {
        @Override
        public void in(Course course) {
            course.notGranted(this);
        }
    }

    /** It is time to ask again. */
    record ClaimDue(List<UUID> clients) implements Event {
        @Override
        public void in(Course course) {
            course.claimDue(this);
        }
    }

    /** Clients have their tasks' names, and what they worked on has been taken over. */
    record Enlisted(List<Enlistee> clients) implements Event {
        @Override
        public void in(Course course) {
            course.enlisted(this);
        }

        /**
         * One that takes part.
         *
         * @param older what it works on already, if it does
         * @param arrived what it brought while no round was open
         */
        public record Enlistee(
                UUID client,
                UUID task,
                @Nullable Origin older,
                @Nullable Delivered arrived) {}
    }

    // ---- what agents do and say

    /** A stream is open, or a newer one is. */
    record Attached(Seat seat, Carried carried) implements Event {
        @Override
        public void in(Course course) {
            course.attached(this);
        }
    }

    /** A client has no stream any more. */
    record Detached(UUID client, boolean forGood) implements Event {
        @Override
        public void in(Course course) {
            course.detached(this);
        }
    }

    /**
     * A result is handed in.
     *
     * @param reply number of the receipt that is waited for
     * @param uploaded whether the file it speaks of is here
     */
    record Delivered(long reply, UUID client, TaskOutcome outcome, boolean uploaded) implements Event {
        @Override
        public void in(Course course) {
            course.intake().delivered(this);
        }
    }

    /** A client could not do its task. */
    record GivenUp(UUID client, TaskTrouble trouble) implements Event {
        @Override
        public void in(Course course) {
            course.intake().givenUp(this);
        }
    }

    // ---- how long things came out

    /**
     * A result has been checked.
     *
     * @param cast how its dtypes differ from the model's, if they do
     */
    record Examined(UUID client, Optional<Refusal> refusal, Optional<String> cast) implements Event {
        @Override
        public void in(Course course) {
            course.intake().examined(this);
        }
    }

    /** A result could not be checked or taken over; that is not its client's fault. */
    record Unreadable(UUID client) implements Event {
        @Override
        public void in(Course course) {
            course.intake().unreadable(this);
        }
    }

    /** What passed has waited long enough for company. */
    record CommitDue() implements Event {
        @Override
        public void in(Course course) {
            course.intake().commitDue();
        }
    }

    /** These facts are on the disk. */
    record Committed(List<Fact> facts) implements Event {
        @Override
        public void in(Course course) {
            course.intake().committed(this);
        }
    }

    /** The disk did not take them: all of them or none. */
    record NotCommitted() implements Event {
        @Override
        public void in(Course course) {
            course.intake().notCommitted();
        }
    }

    /** An accepted update could not be given back for a later round. */
    record NotGivenBack(UUID client) implements Event {
        @Override
        public void in(Course course) {
            course.notGivenBack(this);
        }
    }

    /** The controller has answered the report. */
    record Answered(ShareAnswer answer) implements Event {
        @Override
        public void in(Course course) {
            course.answered(this);
        }
    }

    /**
     * The report could not be made or sent.
     *
     * @param culprit the client whose update keeps the others' from being folded, if one does
     */
    record NotReported(Optional<UUID> culprit, String why) implements Event {
        @Override
        public void in(Course course) {
            course.notReported(this);
        }
    }

    /** It is time to report again. */
    record ReportDue() implements Event {
        @Override
        public void in(Course course) {
            course.reportDue();
        }
    }

    // ---- the clock

    /**
     * Time has passed; harmless at any time.
     *
     * @param heard when clients were last heard to work
     */
    record Looked(Map<UUID, Instant> heard, Carried carried) implements Event {
        @Override
        public void in(Course course) {
            course.looked(this);
        }
    }
}
