package io.foedus.combiner.agents.entity;

import io.foedus.core.exchange.Fate;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The way to one attached agent, whichever protocol it speaks.
 *
 * <p>No method blocks or throws; each may be called by any thread. What is said to a channel that is closed is lost,
 * and its client is detached by then or soon. A channel whose agent does not read is closed before it holds many
 * messages.
 */
public interface AgentChannel {
    /** Asks for work. The same offer may be made again on a later channel. */
    void offer(TaskOffer task);

    /** Takes an offer back. */
    void cancel(UUID task, String reason);

    /** Tells what became of a result. */
    void receipt(UUID task, Fate fate, @Nullable String reason);

    /** Sends the agent to another combiner after a while. */
    void reassign(String reason, Duration delay);

    /** Ends the conversation. */
    void close(Ending why, String detail);

    /** Whether its agent has its program from elsewhere, so that it can train a session without a package. */
    default boolean bringsProgram() {
        return false;
    }

    /** Why a combiner ends a conversation. */
    enum Ending {
        /** The same client opened a newer stream. */
        REPLACED,
        /** The client's ticket counts no more. */
        REVOKED,
        /** Nothing was heard of it for too long. */
        SILENT,
        /** The combiner stops. */
        STOPPING
    }
}
