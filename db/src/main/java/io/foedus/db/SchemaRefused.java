package io.foedus.db;

/** The database cannot be brought to this program's schema; the message says why and what to do. */
public final class SchemaRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaRefused(String message, Throwable cause) {
        super(message, cause);
    }

    SchemaRefused(String message) {
        super(message);
    }
}
