package io.foedus.controller.rounds.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.news.entity.Changed;
import io.foedus.controller.news.entity.NewsMissed;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.rounds.control.Agenda;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Orders;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Holds heartbeats until there is news for their combiner or their time is over. Holds no thread and no connection for
 * them. Thread-safe; answers come from threads of its own.
 */
@ApplicationScoped
public class CombinerDesk {
    private static final int THREADS = 4;

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Shares shares;

    @Inject
    ControllerConfig config;

    private final Map<UUID, Queue<Waiting>> waiting = new ConcurrentHashMap<>();
    private ScheduledExecutorService workers;
    private Agenda agenda;

    private record Waiting(Actor actor, long epoch, long seen, CompletableFuture<Orders> answer) {}

    @PostConstruct
    void open() {
        workers = Executors.newScheduledThreadPool(THREADS, threads);
        agenda = new Agenda(workers);
    }

    /**
     * Notes a heartbeat and answers as soon as the combiner's orders differ from those it has seen, or after the
     * heartbeat's time with what there is.
     *
     * @return completes with the orders, or exceptionally with a {@code Refusal} such as {@code EPOCH_OUTDATED}
     */
    public CompletionStage<Orders> hold(Actor actor, UUID combiner, Heartbeat beat) {
        shares.beat(actor, combiner, beat);
        Waiting one = new Waiting(actor, beat.epoch(), beat.seen(), new CompletableFuture<>());
        waiting.computeIfAbsent(combiner, id -> new ConcurrentLinkedQueue<>()).add(one);
        answer(combiner, one, false);
        if (!one.answer().isDone()) {
            workers.schedule(
                    () -> answer(combiner, one, true),
                    config.combiners().heartbeat().toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        return one.answer();
    }

    void heard(@Observes Changed changed) {
        if (changed.topic() == Topic.COMBINER && waiting.containsKey(changed.id())) {
            agenda.ask(changed.id(), () -> answerAll(changed.id()));
        }
    }

    void missed(@Observes NewsMissed missed) {
        waiting.keySet().forEach(combiner -> agenda.ask(combiner, () -> answerAll(combiner)));
    }

    private void answerAll(UUID combiner) {
        waiting.getOrDefault(combiner, new ConcurrentLinkedQueue<>()).forEach(one -> answer(combiner, one, false));
    }

    private void answer(UUID combiner, Waiting one, boolean inAnyCase) {
        if (one.answer().isDone()) {
            return;
        }
        try {
            Orders orders = shares.orders(one.actor(), combiner, one.epoch());
            if (inAnyCase || orders.revision() != one.seen()) {
                leave(combiner, one);
                one.answer().complete(orders);
            }
        } catch (RuntimeException e) {
            leave(combiner, one);
            one.answer().completeExceptionally(e);
        }
    }

    private void leave(UUID combiner, Waiting one) {
        waiting.computeIfPresent(combiner, (id, queue) -> {
            queue.remove(one);
            return queue.isEmpty() ? null : queue;
        });
    }

    @PreDestroy
    void close() {
        workers.shutdownNow();
        waiting.forEach((combiner, queue) ->
                queue.forEach(one -> one.answer().completeExceptionally(new IllegalStateException("shutting down"))));
    }
}
