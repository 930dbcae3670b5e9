package io.foedus.launcher.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.LogLines;
import io.foedus.agent.console.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code foedus bench round}: what a round costs when training costs nothing. */
@Command(
        name = "round",
        description = {
            "Measure the overhead of a round: real PostgreSQL, controller and combiner, whole agents in this program whose"
                    + " training is instant, a tiny model.",
            "Times are the controller's own, from the start of a round to the commit of its model.",
            "With many rounds it is a soak: residentMb is the servers' memory before and after those that count."
        },
        footerHeading = "%nExample:%n",
        footer = "  foedus bench round --agents 10 --rounds 50 --json")
final class RoundCommand implements Callable<Integer> {
    private static final int COMBINER_HEAP = 384;
    private static final double MB = 1e6;

    @Mixin
    private Output out = new Output();

    @Option(names = "--agents", paramLabel = "N", description = "Agents (default: ${DEFAULT-VALUE}).")
    private int agents = 10;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
    private int rounds = 50;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = {
                "Rounds before, which do not count (default: ${DEFAULT-VALUE}): servers compile what is used often, and"
                        + " take half as long when they have done so."
            })
    private int warmUp = 200;

    @Option(names = "--floats", paramLabel = "N", description = "Numbers of the model (default: ${DEFAULT-VALUE}).")
    private int floats = 1000;

    @Override
    public Integer call() throws Exception {
        Bounds.require("--agents", agents, 1, 200);
        Bounds.require("--rounds", rounds, 1, 10_000);
        Bounds.require("--warm-up", warmUp, 0, 10_000);
        Bounds.require("--floats", floats, 2, 100_000_000);
        LogLines.install(false, false);
        LogLines.only(java.util.logging.Level.WARNING);
        try (BenchFederation federation = new BenchFederation(COMBINER_HEAP, agents)) {
            federation.makeAlliance(FlatModel.zeros(floats));
            try (LocalAgents local = new LocalAgents(
                    federation.controller().base(),
                    federation.newJoinToken(),
                    federation.directory().resolve("agents"),
                    agents)) {
                local.awaitAttached();
                if (warmUp > 0) {
                    federation.train(warmUp, agents);
                }
                ObjectNode resident = Json.object();
                resident(federation, "Before", resident);
                ObjectNode summary = new RoundTimes(federation.train(rounds, agents)).summary();
                resident(federation, "After", resident);
                summary.put("agents", agents).put("modelBytes", 4L * floats).set("residentMb", resident);
                out.value(summary);
            }
        }
        return ExitCode.OK.number();
    }

    /** Memory of the servers, so that a soak shows whether it grows. */
    private static void resident(BenchFederation federation, String when, ObjectNode resident) {
        resident.put("controller" + when, Proc.of(federation.controllerPid()).residentBytes() / MB)
                .put("combiner" + when, Proc.of(federation.combinerPid()).residentBytes() / MB);
    }
}
