package io.foedus.combiner.uplink.control;

import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.ValidationNotice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The controller as a combiner sees it.
 *
 * <p>Every method blocks, may be called by any number of threads and may be repeated without harm. An
 * {@link IOException} says that nobody answered, or not usefully: try again later. A {@link ControllerRefusal} says
 * that the answer was no.
 */
public interface Controller {
    /** First registration, by the join token. */
    Membership join(Introduction self, String joinToken) throws IOException;

    /** Registration after a restart; the epoch moves on. */
    Membership register(UUID combinerId, String token, Introduction self) throws IOException;

    /** Returns when there is news or the controller's patience is over. */
    Orders heartbeat(Membership me, Heartbeat beat) throws IOException;

    void attachments(Membership me, AttachmentReport report) throws IOException;

    Optional<KnownClient> clientByExternalId(Membership me, String externalId) throws IOException;

    /** The alliance whose join token that is; empty if it does not count. */
    Optional<String> allianceOfJoinToken(Membership me, String joinToken) throws IOException;

    /** Answers those of {@code clients} that this combiner owns in the round from now on. */
    Set<UUID> claim(Membership me, UUID round, TaskKind kind, Collection<UUID> clients) throws IOException;

    void updates(Membership me, UUID round, List<UpdateNotice> updates) throws IOException;

    void validations(Membership me, UUID round, List<ValidationNotice> validations) throws IOException;

    ShareAnswer share(Membership me, UUID round, ShareReport report) throws IOException;

    void events(Membership me, List<CombinerEvent> events) throws IOException;

    void observations(Membership me, ObservationReport observations) throws IOException;

    /**
     * Brings a blob. What an interrupted call has brought stays beside {@code target} and is not brought again.
     *
     * @throws IOException also if the bytes that arrived have another SHA-256; they are thrown away then
     */
    void fetch(Membership me, String digest, Path target) throws IOException;

    /** Stores a file under its digest; an interrupted call is continued where the controller's copy ends. */
    void store(Membership me, String digest, Path file) throws IOException;
}
