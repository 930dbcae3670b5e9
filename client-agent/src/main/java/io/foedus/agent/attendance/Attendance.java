package io.foedus.agent.attendance;

import io.foedus.agent.training.TaskBook;
import io.foedus.agent.transfer.CombinerLink;
import io.foedus.protocol.v1.FromAgent;
import io.foedus.protocol.v1.Goodbye;
import io.foedus.protocol.v1.Hello;
import io.foedus.protocol.v1.ToAgent;
import io.foedus.protocol.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One stay at one combiner: from Hello to the end of the stream. */
final class Attendance implements StreamObserver<ToAgent> {
    /** A combiner that does not say Welcome within this time is given up. */
    static final Duration WELCOME_WITHIN = Duration.ofSeconds(20);

    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(10);

    private final CombinerLink link;
    private final TaskBook tasks;
    private final CompletableFuture<Welcome> welcome = new CompletableFuture<>();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    /**
     * Why a stay ended.
     *
     * @param status what the stream ended with
     * @param welcomed whether the combiner had said Welcome
     * @param reassigned how long to wait, if the combiner sent the agent away
     */
    record Ending(Status status, boolean welcomed, Optional<Duration> reassigned) {}

    Attendance(CombinerLink link, TaskBook tasks) {
        this.link = link;
        this.tasks = tasks;
    }

    /**
     * Attends until the stream ends. Blocks.
     *
     * @param onWelcome runs once the combiner has welcomed the agent
     * @param onBeat runs with every telemetry
     */
    Ending attend(Hello hello, java.util.function.Consumer<Welcome> onWelcome, Runnable onBeat)
            throws InterruptedException {
        link.open(this, FromAgent.newBuilder().setHello(hello).build());
        try {
            Welcome said = welcome.get(WELCOME_WITHIN.toSeconds(), TimeUnit.SECONDS);
            onWelcome.accept(said);
            Duration heartbeat = said.getHeartbeatSeconds() > 0
                    ? Duration.ofSeconds(said.getHeartbeatSeconds())
                            .multipliedBy(4)
                            .dividedBy(5)
                    : DEFAULT_HEARTBEAT;
            while (true) {
                link.send(FromAgent.newBuilder()
                        .setTelemetry(MachineLoad.telemetry(tasks.activity()))
                        .build());
                tasks.sweep();
                onBeat.run();
                try {
                    return ending.get(heartbeat.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // the next beat
                }
            }
        } catch (TimeoutException e) {
            return new Ending(Status.DEADLINE_EXCEEDED.withDescription("no welcome"), false, Optional.empty());
        } catch (ExecutionException e) {
            return new Ending(Status.fromThrowable(e.getCause()), false, Optional.empty());
        } finally {
            link.close();
            tasks.detached(link);
        }
    }

    /** Tells the combiner that the agent goes, and ends the stream. */
    void sayGoodbye(String reason) {
        link.send(FromAgent.newBuilder()
                .setGoodbye(Goodbye.newBuilder().setReason(reason))
                .build());
        link.close();
        end(Status.OK, Optional.empty());
    }

    /** Gives up waiting, for an agent that leaves before it was welcomed. */
    void abandon() {
        end(Status.CANCELLED, Optional.empty());
    }

    @Override
    public void onNext(ToAgent message) {
        switch (message.getMessageCase()) {
            case WELCOME -> {
                link.useChunks(message.getWelcome().getChunkBytes());
                tasks.attached(link, message.getWelcome().getKnownTasksList());
                welcome.complete(message.getWelcome());
            }
            case TASK -> tasks.offered(message.getTask());
            case CANCELLED ->
                tasks.cancelled(
                        message.getCancelled().getTaskId(),
                        message.getCancelled().getReason());
            case RECEIPT -> tasks.settled(message.getReceipt());
            case REASSIGN -> {
                link.close();
                end(
                        Status.OK.withDescription(message.getReassign().getReason()),
                        Optional.of(Duration.ofMillis(message.getReassign().getDelayMillis())));
            }
            case MESSAGE_NOT_SET -> {} // from a newer combiner
        }
    }

    @Override
    public void onError(Throwable failed) {
        end(Status.fromThrowable(failed), Optional.empty());
    }

    @Override
    public void onCompleted() {
        end(Status.OK, Optional.empty());
    }

    private void end(Status status, Optional<Duration> reassigned) {
        link.ended();
        boolean welcomed = welcome.isDone() && !welcome.isCompletedExceptionally();
        ending.complete(new Ending(status, welcomed, reassigned));
        welcome.completeExceptionally(status.asRuntimeException());
    }
}
