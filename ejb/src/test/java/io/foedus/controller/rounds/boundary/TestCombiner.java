package io.foedus.controller.rounds.boundary;

import io.foedus.controller.combiners.boundary.Combiners;
import io.foedus.controller.identity.entity.Actor;
import io.foedus.controller.participation.boundary.Claimant;
import io.foedus.core.aggregation.Aggregator;
import io.foedus.core.aggregation.Aggregators;
import io.foedus.core.aggregation.PartialRule;
import io.foedus.core.exchange.Heartbeat;
import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.Order;
import io.foedus.core.exchange.ShareReport;
import io.foedus.core.exchange.ShareReport.Input;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.exchange.ValidationNotice;
import io.foedus.core.round.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;

/** A combiner as the controller hears it. */
final class TestCombiner {
    private final TestFederation federation;
    private final Actor actor;
    private final List<UUID> clients;
    private long epoch = 1;

    TestCombiner(TestFederation federation, Actor actor, List<UUID> clients) {
        this.federation = federation;
        this.actor = actor;
        this.clients = new ArrayList<>(clients);
    }

    Actor actor() {
        return actor;
    }

    UUID id() {
        return actor.id();
    }

    long epoch() {
        return epoch;
    }

    List<UUID> clients() {
        return clients;
    }

    void attach() {
        federation.attach(this);
    }

    /** Clients that were elsewhere come here. */
    void welcome(List<UUID> others) {
        clients.addAll(others);
        attach();
    }

    void restart() {
        epoch = federation
                .controller()
                .get(Combiners.class)
                .registerAgain(
                        actor, id(), new Introduction(actor.name(), "127.0.0.1", 9090, false, 100, Map.of(), "test"))
                .epoch();
    }

    void beat() {
        shares().beat(actor, id(), new Heartbeat(epoch, 0, clients.size(), 0, Map.of("cpu", 0.5), List.of()));
    }

    /** A heartbeat that tells how far a share is. */
    void tell(Order order, Tally tally) {
        shares().beat(
                        actor,
                        id(),
                        new Heartbeat(
                                epoch,
                                0,
                                clients.size(),
                                0,
                                Map.of(),
                                List.of(new Heartbeat.Progress(order.shareId(), tally))));
    }

    List<Order> orders() {
        return shares().orders(actor, id(), epoch).orders();
    }

    List<UUID> buffered() {
        return shares().orders(actor, id(), epoch).buffered();
    }

    Order order(TaskKind kind) {
        return orders().stream()
                .filter(order -> order.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    Claimant claimant(Order order) {
        return new Claimant(order.roundId(), order.kind(), id(), epoch);
    }

    List<UUID> claim(Order order) {
        return shares().claim(
                        actor,
                        order.roundId(),
                        claimant(order),
                        clients.subList(0, order.select().count()));
    }

    /** Claims, folds and reports: every client's update has this value, and weighs its examples. */
    ShareReport train(Order order, ToDoubleFunction<UUID> value, long examplesEach) {
        ShareReport report = reportOf(claim(order), value, examplesEach, 0, Aggregators.parse(order.aggregator()));
        report(order, report);
        return report;
    }

    ShareReport reportOf(List<UUID> claimed, ToDoubleFunction<UUID> value, long examplesEach) {
        return reportOf(claimed, value, examplesEach, 0);
    }

    /** Updates that started so many models ago. */
    ShareReport reportOf(List<UUID> claimed, ToDoubleFunction<UUID> value, long examplesEach, int staleness) {
        return reportOf(claimed, value, examplesEach, staleness, Aggregators.parse("mean"));
    }

    private ShareReport reportOf(
            List<UUID> claimed, ToDoubleFunction<UUID> value, long examplesEach, int staleness, Aggregator rule) {
        List<Input> inputs = claimed.stream()
                .map(client -> {
                    TestFederation.Model update = federation.model(value.applyAsDouble(client));
                    return new Input(
                            client,
                            update.digest(),
                            update.size(),
                            examplesEach,
                            rule.weight(examplesEach),
                            staleness,
                            Map.of("loss", 0.5),
                            Map.of());
                })
                .toList();
        double mean = claimed.stream().mapToDouble(value).average().orElse(0);
        TestFederation.Model partial = federation.model(mean);
        return new ShareReport(
                epoch,
                TaskKind.TRAIN,
                new Tally(inputs.size(), 0, 0, 0, inputs.size()),
                examplesEach * inputs.size(),
                inputs.isEmpty() || rule.partials() == PartialRule.REFUSED
                        ? null
                        : new ShareReport.Partial(partial.digest(), partial.size(), "npz"),
                inputs,
                Map.of("foldMillis", 1),
                null);
    }

    void report(Order order, ShareReport report) {
        shares().report(actor, order.roundId(), id(), report);
    }

    /** Claims, measures and reports. */
    void validate(Order order, double accuracy) {
        List<UUID> claimed = claim(order);
        shares().measured(
                        actor,
                        order.roundId(),
                        claimant(order),
                        claimed.stream()
                                .map(client ->
                                        new ValidationNotice(client, 10L, Map.of("accuracy", accuracy), Map.of()))
                                .toList());
        report(
                order,
                new ShareReport(
                        epoch,
                        TaskKind.VALIDATE,
                        new Tally(claimed.size(), 0, 0, 0, claimed.size()),
                        0,
                        null,
                        null,
                        null,
                        null));
    }

    private Shares shares() {
        return federation.controller().get(Shares.class);
    }
}
