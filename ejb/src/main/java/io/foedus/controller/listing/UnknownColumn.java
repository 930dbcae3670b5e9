package io.foedus.controller.listing;

import java.util.Collection;

/** A list was asked to sort or filter by something it does not have, or to go on at a cursor that is none. */
public final class UnknownColumn extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownColumn(String name, Collection<String> known) {
        super("unknown column '" + name + "'; known are " + String.join(", ", known));
    }

    UnknownColumn(String cursor) {
        super("not a cursor of this list: '" + cursor + "'");
    }
}
