package io.foedus.combiner.agents.control;

/** A ticket does not count; the message may be shown to whoever sent it. */
public final class TicketRefused extends Exception {
    private static final long serialVersionUID = 1L;

    public TicketRefused(String message) {
        super(message);
    }
}
