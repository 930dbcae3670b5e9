package io.foedus.launcher.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.LogLines;
import io.foedus.agent.console.Output;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code foedus bench clients}: how many clients a combiner can carry, and what a round of many costs. */
@Command(
        name = "clients",
        description = {
            "Attach many simulated clients to a real combiner and train rounds with all of them.",
            "Each joins through the controller, holds a stream of its own, downloads every model whole and uploads an"
                    + " update of its own; they share this program's two event loops."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus bench clients --count 1000 --rounds 3 --json",
            "  foedus bench clients --count 10000 --rounds 0 --combiner-heap-mb 1024 --json"
        })
final class ClientsCommand implements Callable<Integer> {
    private static final double MB = 1e6;
    private static final long IDLE_MILLIS = 15_000;

    @Mixin
    private Output out = new Output();

    @Option(names = "--count", paramLabel = "N", description = "Clients (default: ${DEFAULT-VALUE}).")
    private int count = 1000;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds with all clients (default: ${DEFAULT-VALUE}).")
    private int rounds = 3;

    @Option(names = "--model-kb", paramLabel = "N", description = "Size of the model (default: ${DEFAULT-VALUE}).")
    private int modelKb = 1000;

    @Option(
            names = "--clients-per-connection",
            paramLabel = "N",
            description = "How many share a TCP connection; real agents do not (default: ${DEFAULT-VALUE}).")
    private int perConnection = 1;

    @Option(
            names = "--combiner-heap-mb",
            paramLabel = "N",
            description = "Heap of the combiner (default: ${DEFAULT-VALUE}).")
    private int combinerHeap = 384;

    @Override
    public Integer call() throws Exception {
        Bounds.require("--count", count, 1, 100_000);
        Bounds.require("--rounds", rounds, 0, 1000);
        Bounds.require("--model-kb", modelKb, 1, 1_000_000);
        Bounds.require("--clients-per-connection", perConnection, 1, 500);
        Bounds.require("--combiner-heap-mb", combinerHeap, 128, 65_536);
        LogLines.install(false, false);
        LogLines.only(Level.WARNING);
        byte[] model = FlatModel.zeros(modelKb * 250);
        try (BenchFederation federation = new BenchFederation(combinerHeap, count);
                SimulatedCrowd crowd = new SimulatedCrowd(count, model)) {
            federation.makeAlliance(model);
            ObjectNode summary = Json.object().put("clients", count);
            Proc empty = Proc.of(federation.combinerPid());
            attach(federation, crowd, summary);
            Thread.sleep(IDLE_MILLIS); // so that idle is what is measured
            idle(federation, crowd, empty, summary);
            if (rounds > 0) {
                train(federation, crowd, summary);
            }
            crowd.requireNoneLost();
            out.value(summary);
        }
        return ExitCode.OK.number();
    }

    private void attach(BenchFederation federation, SimulatedCrowd crowd, ObjectNode summary)
            throws InterruptedException {
        long start = System.nanoTime();
        List<SimulatedClient.Seat> seats = crowd.join(federation.controller(), federation.newJoinToken());
        double joining = seconds(start);
        summary.put("joinSeconds", joining).put("joinsPerSecond", count / joining);
        start = System.nanoTime();
        crowd.attach(seats, perConnection);
        double attaching = seconds(start);
        summary.put("attachSeconds", attaching).put("attachesPerSecond", count / attaching);
        out.err().println(count + " clients attached");
        out.err().flush();
    }

    private static void idle(BenchFederation federation, SimulatedCrowd crowd, Proc empty, ObjectNode summary) {
        Proc idle = Proc.of(federation.combinerPid());
        summary.put("connections", crowd.connections())
                .put("combinerEmptyMb", empty.residentBytes() / MB)
                .put("combinerIdleMb", idle.residentBytes() / MB)
                .put(
                        "kbPerIdleClient",
                        (idle.residentBytes() - empty.residentBytes())
                                / 1e3
                                / summary.path("clients").asInt())
                .put("combinerThreads", idle.threads());
    }

    private void train(BenchFederation federation, SimulatedCrowd crowd, ObjectNode summary) {
        long begun = System.nanoTime();
        RoundTimes times = new RoundTimes(federation.train(rounds, count));
        double took = seconds(begun);
        summary.setAll(times.summary());
        ArrayNode each = summary.putArray("roundMs");
        times.millis().forEach(each::add);
        summary.put("downloadedMb", crowd.downloaded() / MB)
                .put("uploadedMb", crowd.uploaded() / MB)
                .put("mbPerSecond", (crowd.downloaded() + crowd.uploaded()) / MB / took)
                .put("combinerAfterRoundsMb", Proc.of(federation.combinerPid()).residentBytes() / MB)
                .put(
                        "controllerAfterRoundsMb",
                        Proc.of(federation.controllerPid()).residentBytes() / MB);
    }

    private static double seconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e6) / 1e3;
    }
}
