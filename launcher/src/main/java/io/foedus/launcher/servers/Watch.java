package io.foedus.launcher.servers;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.launcher.processes.GuardedProcess;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for processes that are meant to run until somebody stops this program. */
final class Watch {
    private Watch() {}

    /** Blocks until the first of them ends; that is a failure, because nobody asked it to. */
    static Failure untilOneEnds(List<GuardedProcess> processes) {
        try {
            CompletableFuture.anyOf(
                            processes.stream().map(GuardedProcess::onExit).toArray(CompletableFuture<?>[]::new))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Failure(ExitCode.FAILURE, "interrupted", "", e);
        } catch (ExecutionException e) {
            return new Failure(ExitCode.BUG, "cannot watch processes: " + e.getCause(), "", e);
        }
        GuardedProcess ended =
                processes.stream().filter(p -> !p.isAlive()).findFirst().orElse(processes.get(0));
        return new Failure(ExitCode.FAILURE, ended.name() + " ended by itself", "Read " + ended.log() + ".");
    }
}
