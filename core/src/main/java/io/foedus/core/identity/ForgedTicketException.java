package io.foedus.core.identity;

/** Not the controller's word. */
public final class ForgedTicketException extends Exception {
    ForgedTicketException(String message) {
        super(message);
    }
}
