package io.foedus.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.federation.CommandLine;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import io.foedus.launcher.processes.GuardedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever comes while {@code foedus server} starts is told to come again, at no moment anything else: FEDn's client
 * ends at any other answer.
 */
class EarlyClientIT {
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);

    @BeforeEach
    void takeTime() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(4));
    }

    @Test
    void a_fedn_client_that_is_there_before_the_controller_gets_in() throws Exception {
        Python python = python();
        try (Federation federation = Federation.named("early")
                .combiners("north")
                .controllerSetting("FOEDUS_COMBINERS_LEASE_SECONDS", 60)
                .start()) {
            FednLab lab = new FednLab(federation, python, "early").materials(0).upload();
            URI address = federation.controller().uri();
            lab.joinToken(); // while the controller can be asked for it
            federation.controller().stop();
            GuardedProcess server = serve(federation, address.getPort());
            try (lab) {
                await("somebody answers").until(() -> answers(address));
                FednSite early = lab.site("early", 0, 1).start();

                List<String> seen = knock(lab);

                assertThat(seen)
                        .startsWith("203, 503 after 2")
                        .contains("200, 401") // not to the end: a combiner that finds its way back may be away again
                        .isSubsetOf("203, 503 after 2", "203, 401", "200, 503 after 2", "200, 401");
                early.await("Retrying in 3 seconds").await("Client assigned to controller");
                lab.awaitOnline(1);
                assertThat(early.isAlive()).isTrue();
            } finally {
                server.stop();
            }
        }
    }

    /** What a client of FEDn and a program without a token are answered until a while after the first place. */
    private static List<String> knock(FednLab lab) throws InterruptedException {
        Rest anybody = new Rest(lab.alliance().federation().controller().uri(), Optional.empty());
        Rest client = anybody.as(lab.joinToken());
        ObjectNode wish = Json.object()
                .put("client_id", "knocking")
                .put("name", "knocking")
                .put("package", "local");
        List<String> seen = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        boolean placed = false;
        while (System.nanoTime() < end) {
            int place = client.post("/fedn/" + lab.alliance().name() + "/api/v1/clients/add", wish)
                    .status();
            Rest.Answer refused = anybody.get("/api/alliances");
            seen.add(place
                    + ", "
                    + refused.status()
                    + refused.headers()
                            .firstValue("Retry-After")
                            .map(seconds -> " after " + seconds)
                            .orElse(""));
            if (place == 200 && !placed) {
                placed = true;
                end = System.nanoTime() + AFTERWARDS.toNanos();
            }
            Thread.sleep(20);
        }
        return seen;
    }

    private static GuardedProcess serve(Federation federation, int port) {
        Path own = federation.home().resolve("server");
        Map<String, String> environment = new HashMap<>(federation.serverEnvironment());
        return GuardedProcess.start(new GuardedProcess.Program(
                "server",
                CommandLine.command("server", "--port", String.valueOf(port), "--data", own.toString()),
                environment,
                federation.home(),
                federation.home().resolve("logs")));
    }

    private static boolean answers(URI address) {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Python python() {
        try {
            return Python.forFedn().with(Path.of("target/fedn-venv").toAbsolutePath(), "fedn==0.33.0");
        } catch (Python.NotHere reason) {
            System.out.println("EarlyClientIT is skipped: " + reason.reason());
            Assumptions.abort(reason.reason());
            throw new UncheckedIOException(new IOException(reason));
        }
    }
}
