package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.SharedFederation;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page that is left open keeps its place and what was typed, whatever becomes of the server's memory of it. */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongVisitIT {
    /** More views than a session remembers. */
    private static final String OPEN_MANY = "async () => { for (let i = 0; i < 26; i++) { await Promise.all("
            + "[1, 2, 3, 4, 5].map(() => fetch('search', { headers: { Accept: 'text/html' } }).then(r => r.text()))); } }";

    private static final String ONLINE = "document.querySelector('#new\\\\:reach .big').textContent";

    private final Federation federation;
    private final Chromium chromium = Chromium.start();

    LongVisitIT(Federation federation) {
        this.federation = federation;
    }

    @AfterAll
    void leave() {
        chromium.close();
    }

    private Visitor enter() {
        return chromium.visitor(federation).logIn(federation.adminAccount(), federation.adminPassword());
    }

    @Test
    void a_page_that_the_server_has_forgotten_stays_lives_on_and_keeps_what_was_typed() {
        try (Alliance alliance = federation.alliance("long-visit").useInstantPackage();
                Visitor visitor = enter()) {
            visitor.open("/new-session?alliance=long-visit");
            visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
            visitor.fill("new:name", "typed before lunch");
            visitor.mark();

            visitor.page().evaluate(OPEN_MANY);
            alliance.startAgents(1);
            visitor.waits(ONLINE + " === '1'");

            visitor.page().evaluate(OPEN_MANY);
            visitor.press("Create and start");
            visitor.sees("Please do it once more");
            visitor.demandSamePage();
            assertThat(visitor.input("new:name")).hasValue("typed before lunch");
            visitor.press("Create and start");
            visitor.page().waitForURL(Pattern.compile(".*/session\\?id=.*"));
            assertThat(visitor.page().locator("h1")).containsText("typed before lunch");
        }
    }

    @Test
    void who_has_to_log_in_again_arrives_where_they_were() {
        try (Visitor visitor = enter()) {
            String address = "/events?message=what%3A+who+%26+%C3%A4&severity=WARNING";
            visitor.open(address);
            visitor.page().context().clearCookies();
            visitor.page().reload();
            visitor.page().waitForURL(Pattern.compile(".*/login.*"));
            visitor.page().context().clearCookies();
            visitor.enter(federation.adminAccount(), federation.adminPassword());
            assertThat(visitor.page()).hasURL(federation.controller().uri() + address);
            assertThat(visitor.input("message")).hasValue("what: who & ä");
        }
    }

    @Test
    void nobody_is_led_to_another_host() {
        try (Visitor visitor = chromium.visitor(federation)) {
            for (String elsewhere :
                    new String[] {"//example.org/", "/%5Cexample.org", "https://example.org/", "/api/x"}) {
                visitor.open("/login?next=" + elsewhere);
                visitor.enter(federation.adminAccount(), federation.adminPassword());
                visitor.page().waitForURL(Pattern.compile(".*/(overview|alliances).*"));
                visitor.page().context().clearCookies();
            }
        }
    }

    @Full
    @Test
    void a_page_outlives_an_outage_of_the_database() {
        try (Federation own = Federation.named("outage").start();
                Alliance alliance = own.alliance("outage").useInstantPackage();
                Visitor visitor = chromium.visitor(own)) {
            visitor.logIn(own.adminAccount(), own.adminPassword());
            visitor.open("/network?alliance=outage&tab=clients");
            visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
            visitor.mark();
            own.database().kill9();
            var refused = visitor.page()
                    .waitForResponse(
                            answer -> answer.request().method().equals("POST"),
                            () -> visitor.page().evaluate("foedus.refresh()"));
            assertThat(refused.status()).isEqualTo(503);
            own.database().restart();
            own.controller().awaitReady();
            alliance.startAgents(1);
            assertThat(visitor.page().locator("#clients\\:table tbody")).containsText("Online");
            visitor.demandSamePage();
            visitor.forgetComplaints();
        }
    }
}
