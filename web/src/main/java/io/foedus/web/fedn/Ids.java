package io.foedus.web.fedn;

import java.util.UUID;

/** Ids as FEDn's programs send them: any text. */
final class Ids {
    private Ids() {}

    /** The uuid, or 404 for what cannot be one of ours. */
    static UUID of(String text) {
        if (!isOne(text)) {
            throw FednErrors.unknown(text);
        }
        return UUID.fromString(text);
    }

    static boolean isOne(String text) {
        return text != null && text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    }
}
