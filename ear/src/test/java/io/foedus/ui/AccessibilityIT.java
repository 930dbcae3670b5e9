package io.foedus.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.SessionRun;
import io.foedus.federation.SharedFederation;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** axe-core on every page in both themes, and every page on a narrow screen. */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessibilityIT {
    private static final List<String> STANDARDS =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    private static final Set<String> GRAVE = Set.of("serious", "critical");

    private static final String TOO_WIDE = "[...document.querySelectorAll('body *')]"
            + ".filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.ui-datatable-tablewrapper'))"
            + ".map(e => e.tagName + '.' + e.className).join(' ')";

    private final Federation federation;
    private final Chromium chromium;
    private String session = "";
    private String model = "";
    private String client = "";

    AccessibilityIT(Federation federation) {
        this.federation = federation;
        chromium = Chromium.start();
    }

    @BeforeAll
    void train() {
        Alliance alliance = federation.alliance("axe").useInstantPackage();
        alliance.startAgents(2);
        ObjectNode plan = Json.object().put("rounds", 2).put("minClients", 2);
        SessionRun run = alliance.start(plan);
        session = run.id();
        model = run.awaitFinish().path("model").asText();
        client = run.round(1).path("updates").get(0).path("client").asText();
    }

    @AfterAll
    void leave() {
        chromium.close();
    }

    private Stream<String> pages() {
        return Stream.of(
                        "/overview",
                        "/network",
                        "/network?tab=combiners",
                        "/network?tab=clients",
                        "/client?id=" + client,
                        "/sessions?compare=" + session,
                        "/session?id=" + session,
                        "/new-session",
                        "/models",
                        "/model?id=" + model,
                        "/model?id=" + model + "&with=" + model,
                        "/upload-model",
                        "/packages",
                        "/events",
                        "/events?tab=audit",
                        "/alliances",
                        "/alliance",
                        "/alliance?tab=join",
                        "/alliance?tab=policies",
                        "/alliance?tab=about",
                        "/search?q=a",
                        "/settings?tab=tokens",
                        "/settings?tab=account",
                        "/settings?tab=people",
                        "/settings?tab=system")
                .map(path -> path + (path.contains("?") ? "&" : "?") + "alliance=axe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void no_page_has_a_grave_fault(String theme) {
        try (Visitor visitor = chromium.visitor(federation)) {
            visitor.open("/login");
            demandAccessible(visitor, theme);
            visitor.logIn(federation.adminAccount(), federation.adminPassword());
            pages().forEach(path -> {
                visitor.open(path);
                visitor.page().evaluate("theme => foedusTheme(theme)", theme);
                demandAccessible(visitor, theme);
            });
        }
    }

    private static void demandAccessible(Visitor visitor, String theme) {
        List<String> faults = new AxeBuilder(visitor.page())
                .withTags(STANDARDS).setLegacyMode(true).analyze().getViolations().stream()
                        .filter(rule -> GRAVE.contains(rule.getImpact()))
                        .map(AccessibilityIT::describe)
                        .toList();
        assertThat(faults).as(visitor.page().url() + " in " + theme).isEmpty();
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + "\n"
                + rule.getNodes().stream().map(node -> "  " + node.getHtml()).toList();
    }

    @org.junit.jupiter.api.Test
    void no_page_is_wider_than_a_telephone() {
        try (Visitor visitor =
                chromium.visitor(federation, new Browser.NewContextOptions().setViewportSize(390, 844))) {
            visitor.logIn(federation.adminAccount(), federation.adminPassword());
            pages().forEach(path -> {
                visitor.open(path);
                assertThat(visitor.number("document.documentElement.scrollWidth - innerWidth"))
                        .as(() -> path + " for the sake of " + visitor.text(TOO_WIDE))
                        .isLessThanOrEqualTo(0);
            });
        }
    }
}
