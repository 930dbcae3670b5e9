package io.foedus.combiner.uplink.control;

import io.foedus.combiner.json.Json;
import io.foedus.core.exchange.AttachmentReport;
import io.foedus.core.exchange.Claim;
import io.foedus.core.exchange.Claimed;
import io.foedus.core.exchange.CombinerEvent;
import io.foedus.core.exchange.CombinerEvents;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.KnownAlliance;
import io.foedus.core.exchange.KnownClient;
import io.foedus.core.exchange.Membership;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Orders;
import io.foedus.core.exchange.ShareAnswer;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.ShownToken;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.UpdateNotice;
import io.foedus.core.exchange.UpdateNotices;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.exchange.ValidationNotices;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The controller's REST API, {@code docs/api.md}, section Combiners. */
public final class HttpController implements Controller {
    private static final Duration CALL = Duration.ofSeconds(30);

    private final RestCall rest;
    private final BlobTransfer blobs;

    public HttpController(RestCall rest) {
        this.rest = rest;
        this.blobs = new BlobTransfer(rest);
    }

    @Override
    public Membership join(Introduction self, String joinToken) throws IOException {
        String body = RestCall.done(rest.post("/api/combiners", joinToken, self, CALL))
                .body();
        return Json.read(body, Membership.class);
    }

    @Override
    public Membership register(UUID combinerId, String token, Introduction self) throws IOException {
        String path = "/api/combiners/" + combinerId + "/registrations";
        Membership answer =
                Json.read(RestCall.done(rest.post(path, token, self, CALL)).body(), Membership.class);
        return new Membership(combinerId, token, answer.epoch(), answer.publicKey(), answer.heartbeatSeconds());
    }

    @Override
    public Orders heartbeat(Membership me, Heartbeat beat) throws IOException {
        Duration patience = Duration.ofSeconds(me.heartbeatSeconds()).plus(CALL);
        return Json.read(
                RestCall.done(rest.post(mine(me, "heartbeats"), me.bearer(), beat, patience))
                        .body(),
                Orders.class);
    }

    @Override
    public void attachments(Membership me, AttachmentReport report) throws IOException {
        RestCall.done(rest.post(mine(me, "attachments"), me.bearer(), report, CALL));
    }

    @Override
    public Optional<KnownClient> clientByExternalId(Membership me, String externalId) throws IOException {
        String query = "?externalId=" + URLEncoder.encode(externalId, StandardCharsets.UTF_8);
        HttpResponse<String> response = rest.get(mine(me, "clients") + query, me.bearer(), CALL);
        return response.statusCode() == 404
                ? Optional.empty()
                : Optional.of(Json.read(RestCall.done(response).body(), KnownClient.class));
    }

    @Override
    public Optional<String> allianceOfJoinToken(Membership me, String joinToken) throws IOException {
        HttpResponse<String> response =
                rest.post(mine(me, "join-tokens"), me.bearer(), new ShownToken(joinToken), CALL);
        return response.statusCode() == 404
                ? Optional.empty()
                : Optional.of(Json.read(RestCall.done(response).body(), KnownAlliance.class)
                        .alliance());
    }

    @Override
    public Set<UUID> claim(Membership me, UUID round, TaskKind kind, Collection<UUID> clients) throws IOException {
        Claim claim = new Claim(me.combinerId(), me.epoch(), kind, List.copyOf(clients));
        String body = RestCall.done(rest.post(of(round, "claims"), me.bearer(), claim, CALL))
                .body();
        return Set.copyOf(Json.read(body, Claimed.class).claimed());
    }

    @Override
    public void updates(Membership me, UUID round, List<UpdateNotice> updates) throws IOException {
        UpdateNotices body = new UpdateNotices(me.combinerId(), me.epoch(), updates);
        RestCall.done(rest.post(of(round, "updates"), me.bearer(), body, CALL));
    }

    @Override
    public void validations(Membership me, UUID round, List<ValidationNotice> validations) throws IOException {
        ValidationNotices body = new ValidationNotices(me.combinerId(), me.epoch(), validations);
        RestCall.done(rest.post(of(round, "validations"), me.bearer(), body, CALL));
    }

    @Override
    public ShareAnswer share(Membership me, UUID round, ShareReport report) throws IOException {
        HttpResponse<String> response =
                rest.put(of(round, "shares/" + me.combinerId()), me.bearer(), report, CALL.multipliedBy(4));
        if (response.statusCode() == 409 && RestCall.code(response).equals("CONFLICTING_CLAIMS")) {
            return new ShareAnswer.Conflicting(clients(response));
        }
        if (response.statusCode() == 409 && RestCall.code(response).equals("TOO_MANY_EXAMPLES")) {
            return new ShareAnswer.Excessive(clients(response), RestCall.detail(response));
        }
        if (response.statusCode() == 410 || response.statusCode() == 404 || response.statusCode() == 409) {
            return new ShareAnswer.Fenced(RestCall.detail(response));
        }
        RestCall.done(response);
        return new ShareAnswer.Recorded();
    }

    private static Set<UUID> clients(HttpResponse<String> response) throws IOException {
        return Set.copyOf(Json.read(response.body(), Conflict.class).clients());
    }

    @Override
    public void events(Membership me, List<CombinerEvent> events) throws IOException {
        RestCall.done(rest.post(mine(me, "events"), me.bearer(), new CombinerEvents(events), CALL));
    }

    @Override
    public void observations(Membership me, ObservationReport observations) throws IOException {
        RestCall.done(rest.post(mine(me, "observations"), me.bearer(), observations, CALL));
    }

    @Override
    public void fetch(Membership me, String digest, Path target) throws IOException {
        blobs.fetch(me, digest, target);
    }

    @Override
    public void store(Membership me, String digest, Path file) throws IOException {
        blobs.store(me, digest, file);
    }

    private static String mine(Membership me, String what) {
        return "/api/combiners/" + me.combinerId() + "/" + what;
    }

    private static String of(UUID round, String what) {
        return "/api/rounds/" + round + "/" + what;
    }

    /** Body of a problem that names clients. */
    public record Conflict(List<UUID> clients) {}
}
