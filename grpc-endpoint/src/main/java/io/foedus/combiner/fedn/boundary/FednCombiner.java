package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Attendance;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.combiner.collection.entity.TaskTrouble;
import io.foedus.combiner.fedn.boundary.FednMessages.UpdateMeta;
import io.foedus.combiner.fedn.entity.FednClient;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.core.exchange.Fate;
import io.foedus.core.exchange.ObservationReport;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.round.Metrics;
import io.foedus.core.text.Printable;
import io.foedus.protocol.fedn.AttributeMessage;
import io.foedus.protocol.fedn.BackwardCompletion;
import io.foedus.protocol.fedn.ClientAvailableMessage;
import io.foedus.protocol.fedn.CombinerGrpc.CombinerImplBase;
import io.foedus.protocol.fedn.ModelMetric;
import io.foedus.protocol.fedn.ModelPrediction;
import io.foedus.protocol.fedn.ModelUpdate;
import io.foedus.protocol.fedn.ModelValidation;
import io.foedus.protocol.fedn.Response;
import io.foedus.protocol.fedn.TaskRequest;
import io.foedus.protocol.fedn.TelemetryElem;
import io.foedus.protocol.fedn.TelemetryMessage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** {@code fedn.Combiner}: tasks down, results up. */
final class FednCombiner extends CombinerImplBase {
    private static final int LONGEST_KEY = 100;
    private static final int LONGEST_VALUE = 4_000;

    private final FednClients clients;
    private final AgentRegistry registry;
    private final Attendance attendance;
    private final Collections collections;
    private final Uploads uploads;
    private final Notices notices;

    FednCombiner(
            FednClients clients,
            AgentRegistry registry,
            Attendance attendance,
            Collections collections,
            Uploads uploads,
            Notices notices) {
        this.clients = clients;
        this.registry = registry;
        this.attendance = attendance;
        this.collections = collections;
        this.uploads = uploads;
        this.notices = notices;
    }

    @Override
    public void taskStream(ClientAvailableMessage request, StreamObserver<TaskRequest> answers) {
        try {
            FednClient client = clients.named(request.getSender().getClientId());
            clients.attach(client, (ServerCallStreamObserver<TaskRequest>) answers);
        } catch (RuntimeException e) {
            answers.onError(Replies.unavailable(e));
        }
    }

    @Override
    public void sendModelUpdate(ModelUpdate update, StreamObserver<Response> answers) {
        try {
            FednClient client = clients.calling(update.getSender().getClientId());
            if (!collections.informed()) {
                throw FednClients.unavailable("this combiner does not know yet which rounds are open");
            }
            clients.heard(client);
            reply(answers, result(client.clientId(), update));
        } catch (IOException | RuntimeException e) {
            answers.onError(Replies.unavailable(e));
        }
    }

    /** The fate of an update; a sentence if it cannot even be assigned. */
    private CompletableFuture<String> result(UUID client, ModelUpdate update) throws IOException {
        UpdateMeta meta;
        try {
            meta = FednMessages.meta(update.getMeta());
        } catch (IOException e) {
            return refused(client, "a model update's meta cannot be read: " + e.getMessage());
        }
        Optional<UUID> task = meta.task()
                .or(() ->
                        meta.round().flatMap(round -> collections.task(client, new Order.Key(round, TaskKind.TRAIN))));
        if (task.isEmpty()) {
            return refused(client, "a model update names no round in meta.config");
        }
        UUID upload = FednMessages.upload(update.getModelUpdateId());
        uploads.answers(upload, Set.of(task.get()));
        Optional<Uploads.Complete> file = uploads.complete(upload);
        if (file.isEmpty()) {
            // sent again after it was taken over, or refused for its size: settled, unless the task still waits for it
            collections.failed(
                    client,
                    new TaskTrouble(task.get(), "NOT_UPLOADED", "the update's file is not here", "", meta.timings()));
            return CompletableFuture.completedFuture("Model update " + update.getModelUpdateId() + " is known.");
        }
        TaskOutcome outcome = new TaskOutcome(
                task.get(),
                upload,
                meta.examples(),
                meta.training().metrics(),
                file.get().digest().hex(),
                Files.size(file.get().file()),
                meta.timings());
        return collections.result(client, outcome).thenApply(receipt -> {
            tell(client, receipt, meta.training());
            return settled(client, upload, receipt);
        });
    }

    /** Says what of the metrics of a result that counts is left out. */
    private void tell(UUID client, Receipt receipt, Metrics.Reading metrics) {
        if (receipt.fate() == Fate.ACCEPTED) {
            metrics.complaint().ifPresent(said -> notices.leftOut(said, client));
        }
    }

    /** An update that does not count is not kept. */
    private String settled(UUID client, UUID upload, Receipt receipt) {
        if (receipt.fate() == Fate.REJECTED) {
            say(client, "your update was REJECTED: " + receipt.reason());
        }
        try {
            uploads.discard(upload);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return "ModelUpdate received: " + receipt.fate()
                + (receipt.reason() == null ? "" : " (" + receipt.reason() + ")");
    }

    /** FEDn's library throws the answer to an update away, so the client reads the reason in its task stream. */
    private void say(UUID client, String sentence) {
        registry.find(client).ifPresent(agent -> {
            if (agent.channel() instanceof TaskChannel channel) {
                channel.say(sentence);
            }
        });
    }

    private CompletableFuture<String> refused(UUID client, String sentence) {
        notices.event(Severity.WARNING, "UPDATE_REFUSED", sentence, client, null);
        say(client, "your result was REJECTED: " + sentence);
        return CompletableFuture.completedFuture(sentence);
    }

    private void reply(StreamObserver<Response> answers, CompletableFuture<String> text) {
        text.whenComplete((said, trouble) -> {
            if (said != null) {
                answers.onNext(FednMessages.response(clients.combiner(), said));
                answers.onCompleted();
            } else {
                answers.onError(Replies.unavailable(trouble != null ? trouble : new IOException("nothing was said")));
            }
        });
    }

    @Override
    public void sendModelValidation(ModelValidation validation, StreamObserver<Response> answers) {
        try {
            FednClient client = clients.named(validation.getSender().getClientId());
            if (!collections.informed()) {
                throw FednClients.unavailable("this combiner does not know yet which rounds are open");
            }
            clients.heard(client);
            Optional<UUID> task = FednMessages.uuid(validation.getCorrelationId());
            if (task.isEmpty()) {
                reply(answers, refused(client.clientId(), "a validation answers no task of this combiner"));
                return;
            }
            FednMessages.Measured measured = FednMessages.measured(validation.getData());
            Metrics metrics = measured.metrics().metrics();
            TaskOutcome outcome =
                    new TaskOutcome(task.get(), task.get(), measured.examples(), metrics, null, 0, Map.of());
            reply(answers, collections.result(client.clientId(), outcome).thenApply(receipt -> {
                tell(client.clientId(), receipt, measured.metrics());
                return "ModelValidation received: " + receipt.fate();
            }));
        } catch (IOException e) {
            reply(answers, CompletableFuture.completedFuture("the validation's data is not a JSON object"));
        } catch (RuntimeException e) {
            answers.onError(Replies.unavailable(e));
        }
    }

    @Override
    public void sendModelPrediction(ModelPrediction prediction, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            UUID client = clients.calling(prediction.getSender().getClientId()).clientId();
            String id = Printable.line(prediction.getPredictionId(), LONGEST_KEY);
            notices.event(Severity.INFO, "MODEL_PREDICTION", id, client, null);
            return FednMessages.response(clients.combiner(), "ModelPrediction received");
        });
    }

    @Override
    public void sendBackwardCompletion(BackwardCompletion completion, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            clients.calling(completion.getSender().getClientId());
            return FednMessages.response(clients.combiner(), "split learning is not offered here");
        });
    }

    @Override
    public void sendModelMetric(ModelMetric metric, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            UUID client = clients.named(metric.getSender().getClientId()).clientId();
            Instant at = FednMessages.at(metric.hasTimestamp(), metric.getTimestamp(), clients.now());
            Long step = metric.hasStep() ? (long) metric.getStep().getValue() : null;
            Map<String, Object> said = new LinkedHashMap<>();
            metric.getMetricsList().forEach(one -> said.put(one.getKey(), one.getValue()));
            Metrics.Reading reading = Metrics.read(said);
            reading.complaint().ifPresent(complaint -> notices.leftOut(complaint, client));
            List<ObservationReport.Metric> metrics = reading.metrics().numbers().entrySet().stream()
                    .map(one -> new ObservationReport.Metric(
                            client,
                            one.getKey(),
                            one.getValue(),
                            step,
                            FednMessages.uuid(metric.getModelId()).orElse(null),
                            FednMessages.uuid(metric.getSessionId()).orElse(null),
                            FednMessages.uuid(metric.getRoundId()).orElse(null),
                            at))
                    .toList();
            notices.observed(client, new ObservationReport(List.of(), metrics));
            return FednMessages.response(clients.combiner(), "ModelMetric received");
        });
    }

    @Override
    public void sendAttributeMessage(AttributeMessage message, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            UUID client = clients.named(message.getSender().getClientId()).clientId();
            Instant at = FednMessages.at(message.hasTimestamp(), message.getTimestamp(), clients.now());
            notices.observed(
                    client,
                    new ObservationReport(
                            message.getAttributesList().stream()
                                    .limit(Metrics.MOST)
                                    .map(one -> new ObservationReport.Attribute(
                                            client,
                                            Printable.line(one.getKey(), LONGEST_KEY),
                                            Printable.tail(one.getValue(), LONGEST_VALUE),
                                            at))
                                    .toList(),
                            List.of()));
            return FednMessages.response(clients.combiner(), "AttributeMessage received");
        });
    }

    @Override
    public void sendTelemetryMessage(TelemetryMessage message, StreamObserver<Response> answers) {
        Replies.answer(answers, () -> {
            FednClient client = clients.named(message.getSender().getClientId());
            Map<String, Object> values = new LinkedHashMap<>();
            for (TelemetryElem one : message.getTelemetriesList()) {
                values.put(one.getKey(), one.getValue());
            }
            attendance.telemetry(client.clientId(), new HashMap<>(Metrics.numbers(values)));
            return FednMessages.response(clients.combiner(), "TelemetryMessage received");
        });
    }
}
