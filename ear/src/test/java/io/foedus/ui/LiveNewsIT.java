package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import io.foedus.federation.SharedFederation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedFederation.class)
class LiveNewsIT {
    private static final String PASSWORD = "a viewer's long password";

    @Test
    void a_viewer_hears_of_the_alliance_that_he_may_see_and_of_no_other(Federation federation) {
        Alliance seen = federation.alliance("seen").useInstantPackage();
        Alliance hidden = federation.alliance("hidden").useInstantPackage();
        Rest rest = federation.rest();
        rest.post("/api/accounts", Json.object().put("name", "viewer").put("password", PASSWORD));
        rest.put(seen.path("/members/viewer"), Json.object().put("role", "VIEWER"));
        String secret = rest.get(hidden.path("")).json().path("id").asText();
        try (Chromium chromium = Chromium.start();
                Visitor visitor = chromium.visitor(federation)) {
            List<String> frames = new CopyOnWriteArrayList<>();
            visitor.page().onWebSocket(socket -> socket.onFrameReceived(frame -> frames.add(frame.text())));
            visitor.logIn("viewer", PASSWORD);
            visitor.open("/network?alliance=seen&tab=clients");
            visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
            hidden.startAgents(1);
            hidden.start(Json.object().put("rounds", 1)).awaitFinish();
            visitor.mark();
            seen.startAgents(1);
            assertThat(clients(visitor)).containsText("Online");
            seen.close();
            assertThat(clients(visitor)).containsText("Offline");
            visitor.demandSamePage();

            assertThat(frames).isNotEmpty().noneMatch(frame -> frame.contains(secret));
            assertThat(frames)
                    .noneMatch(
                            frame -> frame.contains("\"topic\":\"round\"") || frame.contains("\"topic\":\"session\""));
            visitor.open("/overview?alliance=hidden");
            assertThat(visitor.page().locator("main")).not().containsText("hidden");
        }
    }

    @Test
    void a_page_without_its_socket_says_so_and_asks_by_itself(Federation federation) {
        Alliance alliance = federation.alliance("offline").useInstantPackage();
        try (Chromium chromium = Chromium.start();
                Visitor visitor = chromium.visitor(federation)) {
            visitor.page()
                    .addInitScript(
                            "window.WebSocket = class { constructor() {"
                                    + " setTimeout(() => { if (this.onclose) this.onclose({ code: 1006 }); }, 50); } close() {} };");
            visitor.logIn(federation.adminAccount(), federation.adminPassword());
            visitor.open("/network?alliance=offline&tab=clients");
            assertThat(visitor.page().locator("#live-state")).containsText("every 10 s");
            visitor.mark();
            alliance.startAgents(1);
            assertThat(clients(visitor)).containsText("Online");
            visitor.demandSamePage();
        }
    }

    /** Rows of the clients' table; the filter above it has words of states too. */
    private static Locator clients(Visitor visitor) {
        return visitor.page().locator("#clients\\:table tbody");
    }
}
