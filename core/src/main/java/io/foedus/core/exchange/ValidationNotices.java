package io.foedus.core.exchange;

import java.util.List;
import java.util.UUID;

/** What some clients measured in one round. */
public record ValidationNotices(UUID combinerId, long epoch, List<ValidationNotice> validations) {
    public ValidationNotices {
        validations = validations == null ? List.of() : List.copyOf(validations);
    }
}
