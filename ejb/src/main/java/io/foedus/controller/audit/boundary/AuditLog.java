package io.foedus.controller.audit.boundary;

import io.foedus.controller.audit.entity.AuditEntry;
import io.foedus.controller.audit.entity.AuditEntry.Deed;
import io.foedus.controller.audit.entity.AuditEntry.Outcome;
import io.foedus.controller.persistence.Json;
import io.foedus.controller.persistence.Sql;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Appends to the audit log and verifies it. Appends of all controllers are put in order by an advisory lock that lives
 * as long as the transaction; append as the last thing a transaction does.
 */
@Stateless
public class AuditLog {
    private static final long CHAIN_LOCK = 0x0A0D17L;
    private static final int STRIDE = 1_000;

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    /**
     * What a verification found.
     *
     * @param verifiedUpTo last entry up to which the chain holds
     * @param intact whether that is the last entry there is
     * @param head hash of that entry; note it elsewhere to notice a cut tail
     */
    public record Verification(long verifiedUpTo, boolean intact, String head) {}

    /** Appends in the caller's transaction: if that rolls back there is no entry. */
    @TransactionAttribute(TransactionAttributeType.MANDATORY)
    public void done(String actor, String action, String object, UUID allianceId, Map<String, Object> details) {
        append(new Deed(actor, action, object, allianceId, Outcome.DONE, Json.write(details)));
    }

    /** Appends in a transaction of its own, for what was refused or failed. */
    @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
    public void notDone(
            String actor, String action, String object, UUID allianceId, Outcome outcome, Map<String, Object> details) {
        append(new Deed(actor, action, object, allianceId, outcome, Json.write(details)));
    }

    private void append(Deed deed) {
        lockChain();
        List<AuditEntry> last = entities.createNamedQuery("AuditEntry.last", AuditEntry.class)
                .setMaxResults(1)
                .getResultList();
        AuditEntry previous = last.isEmpty() ? null : last.get(0);
        entities.persist(AuditEntry.after(previous, clock.instant().truncatedTo(ChronoUnit.MICROS), deed));
        entities.flush();
    }

    /** Until the transaction ends. */
    private void lockChain() {
        Sql.of(entities, "SELECT CAST(pg_advisory_xact_lock(:chain) AS text)")
                .with("chain", CHAIN_LOCK)
                .any();
    }

    /** Reads the whole chain in strides and recomputes every hash. */
    public Verification verify() {
        AuditEntry previous = null;
        while (true) {
            List<AuditEntry> stride = entities.createNamedQuery("AuditEntry.after", AuditEntry.class)
                    .setParameter("seq", previous == null ? 0L : previous.seq())
                    .setMaxResults(STRIDE)
                    .getResultList();
            for (AuditEntry entry : stride) {
                if (!entry.follows(previous)) {
                    return found(previous, false);
                }
                previous = entry;
            }
            entities.clear();
            if (stride.size() < STRIDE) {
                return found(previous, true);
            }
        }
    }

    private static Verification found(AuditEntry last, boolean intact) {
        return new Verification(last == null ? 0 : last.seq(), intact, last == null ? AuditEntry.GENESIS : last.hash());
    }
}
