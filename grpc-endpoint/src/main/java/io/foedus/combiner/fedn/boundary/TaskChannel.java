package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.boundary.Outbound;
import io.foedus.combiner.agents.entity.AgentChannel;
import io.foedus.combiner.agents.entity.TaskOffer;
import io.foedus.combiner.fedn.entity.FednClient;
import io.foedus.core.exchange.Fate;
import io.foedus.protocol.fedn.TaskRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A FEDn task stream: tasks go down, and words for the client's log in the clothes of tasks. A task that is taken back
 * stays in the client's queue; its download will fail, and the client drops it.
 */
final class TaskChannel implements AgentChannel {
    private final FednClients clients;
    private final FednClient client;
    private final @Nullable Outbound<TaskRequest> outbound;
    private volatile boolean open;

    private TaskChannel(FednClients clients, FednClient client, @Nullable Outbound<TaskRequest> outbound) {
        this.clients = clients;
        this.client = client;
        this.outbound = outbound;
        this.open = outbound != null;
    }

    /** A channel over a new stream; to be made before the call's method returns. */
    static TaskChannel over(FednClients clients, FednClient client, ServerCallStreamObserver<TaskRequest> call) {
        TaskChannel channel = new TaskChannel(clients, client, new Outbound<>(call));
        call.setOnCancelHandler(channel::broken);
        return channel;
    }

    /** The channel of a client that shows a heartbeat but has not opened a stream yet: tasks are offered again then. */
    static TaskChannel closed(FednClients clients, FednClient client) {
        return new TaskChannel(clients, client, null);
    }

    @Override
    public boolean bringsProgram() {
        return true;
    }

    /** Whether tasks can be sent now. */
    boolean open() {
        return open;
    }

    private void broken() {
        open = false;
        if (outbound != null) {
            outbound.gone();
        }
    }

    @Override
    public void offer(TaskOffer task) {
        if (outbound != null) {
            TaskRequest request =
                    FednMessages.task(task, clients.combiner(), client.externalId(), client.name(), clients.now());
            outbound.send(request);
            outbound.send(FednMessages.afterword(request));
        }
    }

    /** Says something that the client's log will show: its log shows the {@code model_id} of whatever it reads. */
    void say(String sentence) {
        if (outbound != null) {
            outbound.send(FednMessages.word(sentence, clients.combiner()));
        }
    }

    @Override
    public void cancel(UUID task, String reason) {
        // FEDn has no message for it
    }

    @Override
    public void receipt(UUID task, Fate fate, @Nullable String reason) {
        // the answer to SendModelUpdate tells it
    }

    @Override
    public void reassign(String reason, Duration delay) {
        // a FEDn client returns to the same address for ever
    }

    @Override
    public void close(Ending why, String detail) {
        open = false;
        if (outbound != null) {
            outbound.fail(Status.UNAVAILABLE.withDescription(detail));
        }
    }
}
