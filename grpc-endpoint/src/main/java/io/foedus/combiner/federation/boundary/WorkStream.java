package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.boundary.Outbound;
import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.agents.entity.Agent;
import io.foedus.combiner.agents.entity.AgentChannel;
import io.foedus.combiner.agents.entity.AgentPrincipal;
import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.collection.entity.Receipt;
import io.foedus.combiner.collection.entity.TaskOutcome;
import io.foedus.core.exchange.Fate;
import io.foedus.protocol.transfer.ProtocolVersion;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.Hello;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Telemetry;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one agent. Messages of one stream come one after the other; between them the stream costs no
 * thread.
 */
final class WorkStream implements StreamObserver<FromAgent>, AgentChannel {
    private static final int CHATTER_PER_SECOND = 20;
    /** Results whose receipts are not sent yet; the agent is not listened to beyond that. */
    private static final int MOST_RESULTS = 16;

    private final Reception reception;
    private final AgentPrincipal caller;
    private final Outbound<ToAgent> outbound;
    private final ServerCallStreamObserver<ToAgent> call;
    private final Patience.Wait hello;
    private final AtomicInteger results = new AtomicInteger();
    private boolean full;
    private @Nullable Agent agent;
    private long chatterSecond;
    private int chatter;

    WorkStream(Reception reception, AgentPrincipal caller, ServerCallStreamObserver<ToAgent> call) {
        this.reception = reception;
        this.caller = caller;
        this.outbound = new Outbound<>(call);
        this.call = call;
        this.hello = reception
                .patience()
                .over(() -> outbound.fail(Status.DEADLINE_EXCEEDED.withDescription("no Hello has come")));
        call.setOnCancelHandler(() -> ended("the stream broke"));
        call.disableAutoRequest();
        if (reception.openings().admits(caller.client())) {
            hello.begin();
            call.request(1);
        } else {
            outbound.fail(Status.RESOURCE_EXHAUSTED.withDescription("this client comes too often; wait a minute"));
        }
    }

    // ---- from the agent

    @Override
    public void onNext(FromAgent message) {
        try {
            if (agent == null) {
                greet(message);
            } else {
                agent.heard(reception.clock().instant());
                hear(message, agent.client());
            }
        } catch (IllegalArgumentException e) {
            outbound.fail(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
            ended("it sent something that cannot be understood");
        }
        if (!full) {
            call.request(1);
        }
        full = false;
    }

    private void greet(FromAgent message) {
        hello.end();
        if (!message.hasHello()) {
            outbound.fail(Status.INVALID_ARGUMENT.withDescription("the first message must be Hello"));
            return;
        }
        Hello hello = message.getHello();
        if (hello.getProtocol() != ProtocolVersion.CURRENT) {
            outbound.fail(Status.FAILED_PRECONDITION.withDescription("this combiner speaks protocol "
                    + ProtocolVersion.CURRENT + ", the agent speaks " + hello.getProtocol()
                    + "; use an agent of the combiner's version"));
            return;
        }
        if (!hello.getClientId().isEmpty()
                && !hello.getClientId().equals(caller.client().toString())) {
            outbound.fail(Status.PERMISSION_DENIED.withDescription("the ticket is another client's"));
            return;
        }
        if (reception.draining().getAsBoolean()) {
            outbound.send(Messages.reassign("this combiner is being drained", Duration.ofSeconds(1)));
            outbound.complete();
            return;
        }
        if (!reception.registry().hasRoomFor(caller.client())) {
            outbound.send(Messages.reassign("this combiner is full", Duration.ofSeconds(5)));
            outbound.complete();
            return;
        }
        welcome(hello);
    }

    private void welcome(Hello hello) {
        Set<UUID> held = hello.getHeldTasksList().stream().map(UUID::fromString).collect(Collectors.toSet());
        Set<UUID> known = reception.collections().stillWanted(caller.client(), held);
        outbound.send(ToAgent.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setCombinerId(reception
                                .uplink()
                                .membership()
                                .map(me -> me.combinerId().toString())
                                .orElse(""))
                        .setCombinerName(reception.config().name())
                        .setHeartbeatSeconds(
                                (int) reception.config().heartbeat().toSeconds())
                        .addAllKnownTasks(known.stream().map(UUID::toString).toList())
                        .setChunkBytes(ProtocolVersion.CHUNK_BYTES))
                .build());
        Agent taken = new Agent(
                caller,
                "foedus-agent/" + Messages.line(hello.getVersion()),
                Messages.labels(hello.getLabelsMap()),
                hello.getPackageDigest().isEmpty() ? null : Messages.line(hello.getPackageDigest()),
                known,
                this,
                reception.clock().instant());
        agent = taken;
        reception.registry().attach(taken);
    }

    private void hear(FromAgent message, UUID client) {
        switch (message.getMessageCase()) {
            case ACCEPTED ->
                reception
                        .collections()
                        .alive(client, UUID.fromString(message.getAccepted().getTaskId()));
            case PROGRESS -> {
                if (unhurried()) {
                    reception
                            .collections()
                            .alive(client, UUID.fromString(message.getProgress().getTaskId()));
                }
            }
            case RESULT -> result(client, message.getResult());
            case FAILURE -> reception.collections().failed(client, Messages.trouble(message.getFailure()));
            case TELEMETRY -> {
                if (unhurried()) {
                    telemetry(client, message.getTelemetry());
                }
            }
            case GOODBYE -> {
                ended(Collections.LEFT + ": "
                        + Messages.line(message.getGoodbye().getReason()));
                outbound.complete();
            }
            default -> {
                // a message of a later protocol, or a second Hello: ignored
            }
        }
    }

    private void result(UUID client, TaskResult result) {
        List<String> leftOut = new ArrayList<>();
        TaskOutcome outcome = Messages.outcome(result, leftOut::add);
        full = results.incrementAndGet() == MOST_RESULTS;
        reception.collections().result(client, outcome).whenComplete((receipt, trouble) -> {
            if (results.getAndDecrement() == MOST_RESULTS) {
                call.request(1);
            }
            if (receipt != null) {
                if (receipt.fate() == Fate.ACCEPTED) {
                    leftOut.forEach(said -> reception.notices().leftOut(said, client));
                }
                outbound.send(Messages.receipt(outcome.task(), receipt));
            }
        });
    }

    private void telemetry(UUID client, Telemetry telemetry) {
        reception.attendance().telemetry(client, Messages.telemetry(telemetry));
        if (!telemetry.getState().equals("IDLE")) {
            reception.collections().alive(client);
        }
    }

    /** Whether there is time for messages that decide nothing; more than some a second are dropped. */
    private boolean unhurried() {
        long second = reception.clock().instant().getEpochSecond();
        if (second != chatterSecond) {
            chatterSecond = second;
            chatter = 0;
        }
        return ++chatter <= CHATTER_PER_SECOND;
    }

    @Override
    public void onError(Throwable broken) {
        ended("the stream broke");
    }

    @Override
    public void onCompleted() {
        ended(Collections.LEFT + ": it closed the stream");
        outbound.complete();
    }

    private void ended(String reason) {
        hello.end();
        Agent gone = agent;
        if (gone != null) {
            reception.registry().detach(gone, reason);
        }
        if (reason.equals("the stream broke")) {
            outbound.gone();
        }
    }

    // ---- to the agent

    @Override
    public void offer(TaskOffer task) {
        outbound.send(Messages.task(task));
    }

    @Override
    public void cancel(UUID task, String reason) {
        outbound.send(Messages.cancelled(task, reason));
    }

    @Override
    public void receipt(UUID task, Fate fate, @Nullable String reason) {
        outbound.send(Messages.receipt(task, new Receipt(fate, reason)));
    }

    @Override
    public void reassign(String reason, Duration delay) {
        outbound.send(Messages.reassign(reason, delay));
    }

    @Override
    public void close(Ending why, String detail) {
        Status status = switch (why) {
            case REPLACED -> Status.ABORTED;
            case REVOKED -> Status.UNAUTHENTICATED;
            case SILENT -> Status.DEADLINE_EXCEEDED;
            case STOPPING -> Status.UNAVAILABLE;
        };
        outbound.fail(status.withDescription(detail));
    }
}
