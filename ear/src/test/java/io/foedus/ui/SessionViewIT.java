package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Response;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import io.foedus.federation.Site;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pages show of sessions is true, and moves over the wire only when it has changed. */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionViewIT {
    private static final ObjectNode THREE = Json.object().put("rounds", 3).put("minClients", 2);

    private final Federation federation;
    private final Chromium chromium = Chromium.start();
    private List<Site> sites = List.of();
    private Alliance alliance;
    private SessionRun first;
    private SessionRun second;
    private String client = "";

    SessionViewIT(Federation federation) {
        this.federation = federation;
        alliance = federation.alliance("view");
    }

    @BeforeAll
    void train() {
        sites = alliance.useInstantPackage().startAgents(2);
        sites.get(0).metrics("{\"accuracy\": 0.5, \"local_accuracy\": 0.2}");
        sites.get(1).metrics("{\"accuracy\": 0.5, \"local_accuracy\": 0.8}");
        first = alliance.start(THREE);
        first.awaitFinish();
        second = alliance.start(THREE);
        second.awaitFinish();
        client = first.round(1).path("updates").get(0).path("client").asText();
    }

    @AfterAll
    void leave() {
        chromium.close();
        alliance.close();
    }

    private Visitor enter() {
        return chromium.visitor(federation).logIn(federation.adminAccount(), federation.adminPassword());
    }

    @Test
    void a_session_begins_with_a_metric_that_clients_differ_in_and_has_a_line_for_each() {
        try (Visitor visitor = enter()) {
            visitor.open("/session?id=" + first.id());
            assertThat(visitor.input("metric")).hasValue("local_accuracy");
            assertThat(visitor.text(
                            "foedusCharts.all.byclient.data.datasets.map(d => d.label + ' ' + d.data[0].y).join()"))
                    .isEqualTo("view-agent-1 0.2,view-agent-2 0.8");
            visitor.page().locator("#rounds\\:table .ui-row-toggler").first().click();
            assertThat(visitor.page().locator(".expansion table").nth(1).locator("thead"))
                    .hasText(Pattern.compile("Client\\s*Examples\\s*accuracy\\s*local_accuracy\\s*Received"));
        }
    }

    @Test
    void a_client_shows_its_metrics_as_a_table_and_whose_load_is_shown() {
        try (Visitor visitor = enter()) {
            visitor.open("/client?metric=accuracy&id=" + client);
            assertThat(visitor.input("metric")).hasValue("accuracy");
            assertThat(visitor.page().locator("#measured thead"))
                    .hasText(Pattern.compile("Round\\s*accuracy\\s*local_accuracy"));
            assertThat(visitor.page().locator("#measured tbody tr")).hasCount(3);
            visitor.sees("CPU of its machine");
            assertThat(
                            visitor.text(
                                    "(s => s.from + ' to ' + s.until)(JSON.parse(document.getElementById('cpu-data').dataset.json))"))
                    .isEqualTo("-60 to 0");
        }
    }

    @Test
    void a_private_session_shows_what_its_models_tell_of_a_client_at_most_and_others_do_not() {
        SessionRun run = alliance.start(THREE.deepCopy().put("rounds", 2).put("aggregator", "dp-mean:clip=1,noise=2"));
        run.awaitFinish();
        double epsilon = run.json().path("privacy").path("epsilonPlanned").asDouble();
        try (Visitor visitor = enter()) {
            visitor.open("/session?id=" + run.id());
            String most = String.format(java.util.Locale.ROOT, "%.2f", Math.ceil(epsilon * 100) / 100);
            assertThat(epsilon).isPositive();
            assertThat(visitor.page().locator("#privacy"))
                    .hasText("ε = " + most + " after 2 rounds, " + most + " after all 2; δ = 1e-5");
            visitor.sees("Zero-out adjacency");
            visitor.open("/session?id=" + first.id());
            assertThat(visitor.page().locator("#privacy")).hasCount(0);
        }
    }

    @Test
    void a_session_that_goes_on_is_compared_from_where_it_goes_on() {
        try (Visitor visitor = enter()) {
            visitor.open("/sessions?alliance=view&compare=" + first.id() + "&compare=" + second.id());
            assertThat(
                            visitor.text(
                                    "foedusCharts.all.comparison.data.datasets.map(d => d.data.map(p => p.x).join('-')).join()"))
                    .isEqualTo("1-2-3,4-5-6");
        }
    }

    @Test
    void comparing_nothing_says_what_to_do_and_ticks_outlive_a_refresh() {
        try (Visitor visitor = enter()) {
            visitor.open("/sessions?alliance=view");
            visitor.press("Compare ticked");
            visitor.sees("Tick the sessions to compare");
            visitor.input("tick-" + first.id()).check();
            visitor.page()
                    .waitForResponse(
                            answer -> answer.request().method().equals("POST"),
                            () -> visitor.page().evaluate("foedus.refresh()"));
            assertThat(visitor.input("tick-" + first.id())).isChecked();
        }
    }

    @Test
    void the_newest_model_is_named_as_rounds_come() {
        try (Visitor visitor = enter()) {
            sites.forEach(Site::hold);
            SessionRun run = alliance.start(THREE);
            visitor.open("/session?id=" + run.id());
            visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
            visitor.sees("of 2 updates in");
            assertThat(visitor.page().locator("#newest")).hasText("the seed model");
            visitor.mark();
            sites.forEach(Site::release);
            assertThat(visitor.page().locator("#newest")).hasText("of round 3");
            visitor.demandSamePage();
        } finally {
            sites.forEach(Site::release);
        }
    }

    @Test
    void a_session_page_fetches_nothing_for_another_session() {
        try (Visitor visitor = enter()) {
            visitor.open("/session?id=" + first.id());
            visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
            AtomicInteger refreshes = new AtomicInteger();
            visitor.page()
                    .onRequest(request -> refreshes.addAndGet(request.method().equals("POST") ? 1 : 0));
            visitor.page()
                    .evaluate("window.heard = []; document.addEventListener('foedus:news', e => heard.push(e.detail))");
            SessionRun other = alliance.start(THREE);
            other.awaitFinish();
            visitor.waits("heard.filter(n => n.session === '" + other.id() + "' && n.topic === 'round').length >= 3");
            visitor.page()
                    .waitForResponse(
                            answer -> answer.request().method().equals("POST"),
                            () -> visitor.page().evaluate("foedus.refresh()"));
            assertThat(refreshes).hasValue(1);
        }
    }

    @Test
    void furniture_is_compressed_and_kept_for_good_under_an_address_that_names_its_content() {
        try (Visitor visitor = chromium.visitor(federation)) {
            List<Response> answers = new CopyOnWriteArrayList<>();
            visitor.page().onResponse(answers::add);
            visitor.logIn(federation.adminAccount(), federation.adminPassword());
            visitor.open("/session?id=" + first.id());
            List<Response> own = answers.stream()
                    .filter(answer -> answer.url().contains("ln=foedus"))
                    .toList();
            assertThat(own)
                    .isNotEmpty()
                    .allMatch(answer -> answer.url().matches(".*&v=[0-9a-f]{12}"))
                    .allMatch(answer -> answer.headerValue("cache-control").contains("immutable"));
            assertThat(own)
                    .filteredOn(answer -> answer.url().matches(".*foedus.css.*|.*live.js.*"))
                    .isNotEmpty()
                    .allMatch(answer -> "gzip".equals(answer.headerValue("content-encoding")));
            assertThat(answers.stream()
                            .filter(answer -> answer.url().contains("/jakarta.faces.resource/"))
                            .map(Response::url)
                            .distinct()
                            .count())
                    .isLessThan(30);
            assertThat(answers.stream()
                            .mapToLong(answer -> answer.request().sizes().responseBodySize)
                            .sum())
                    .isLessThan(600_000);
        }
    }
}
