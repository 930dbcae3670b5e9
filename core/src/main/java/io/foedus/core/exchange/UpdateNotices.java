package io.foedus.core.exchange;

import java.util.List;
import java.util.UUID;

/** What came of some clients' training in one round. */
public record UpdateNotices(UUID combinerId, long epoch, List<UpdateNotice> updates) {
    public UpdateNotices {
        updates = updates == null ? List.of() : List.copyOf(updates);
    }
}
