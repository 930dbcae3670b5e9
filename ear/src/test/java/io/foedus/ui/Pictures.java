package io.foedus.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Takes the pictures of {@code docs/images}: {@code foedus demo} trains with twenty agents on two combiners for thirty
 * rounds, a second session goes on from one of its models, and every page is photographed, some in the dark theme and
 * at a telephone's width too. No part of a build; run it by its name:
 *
 * <pre>{@code
 * mvn -pl ear -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=Pictures
 * }</pre>
 *
 * <p>The variable {@code FOEDUS_DEMO} names the data directory of a demo that runs already, on port 8790, to photograph
 * that instead.
 */
class Pictures {
    private static final String ALLIANCE = "/api/alliances/digits";
    private static final Set<String> DARK = Set.of("overview", "network", "session", "models", "model");
    private static final Set<String> NARROW = Set.of("overview", "network", "models");
    private static final String SECOND = "smaller steps";
    /** How many pixels of the session's page are in the README. */
    private static final int TOP = 1006;

    private static final Path IMAGES =
            Path.of("..").resolve("docs").resolve("images").toAbsolutePath().normalize();

    @Test
    void of_every_page() {
        try (DemoRun demo = DemoRun.findOrStart(20, 30, 2);
                Chromium chromium = Chromium.start()) {
            Map<String, String> pages = pages(demo.admin());
            photograph(chromium, demo, "light", "", 1440, pages);
            pages.keySet().retainAll(DARK);
            photograph(chromium, demo, "dark", "-dark", 1440, pages);
            pages.keySet().retainAll(NARROW);
            photograph(chromium, demo, "light", "-narrow", 390, pages);
        }
    }

    private static void photograph(
            Chromium chromium, DemoRun demo, String theme, String suffix, int width, Map<String, String> pages) {
        Browser.NewContextOptions desk =
                new Browser.NewContextOptions().setViewportSize(width, 900).setReducedMotion(ReducedMotion.REDUCE);
        try (Visitor visitor = chromium.visitor(demo.uri(), desk)) {
            if (suffix.isEmpty()) {
                visitor.open("/login");
                take(visitor, theme, "login");
            }
            visitor.logIn("admin", demo.password());
            pages.forEach((name, path) -> {
                visitor.open(path);
                take(visitor, theme, name + suffix);
            });
        }
    }

    private static void take(Visitor visitor, String theme, String name) {
        Page page = visitor.page();
        page.evaluate("theme => window.foedusTheme && foedusTheme(theme)", theme);
        // As high as its content, so that what sticks to the window does not stick in the middle of the picture.
        page.setViewportSize(page.viewportSize().width, 900);
        page.setViewportSize(
                page.viewportSize().width, Math.max(900, visitor.number("document.documentElement.scrollHeight")));
        page.waitForTimeout(400);
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve(name + ".png")));
        if (name.equals("session")) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(IMAGES.resolve("session-top.png"))
                    .setClip(0, 0, page.viewportSize().width, TOP));
        }
        page.setViewportSize(page.viewportSize().width, 900);
    }

    /** File name and address of each page. */
    private static Map<String, String> pages(ControllerClient admin) {
        JsonNode first = session(admin, "digits demo").orElseThrow();
        JsonNode rounds = admin.get(path(first) + "/rounds/10");
        JsonNode second = session(admin, SECOND)
                .orElseGet(() -> trainSecond(admin, rounds.path("model").asText()));
        String client = rounds.path("updates").get(0).path("client").asText();
        String newest = admin.get(path(first)).path("model").asText();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview", "/overview?alliance=digits");
        pages.put("network", "/network?alliance=digits");
        pages.put("network-combiners", "/network?alliance=digits&tab=combiners");
        pages.put("network-clients", "/network?alliance=digits&tab=clients");
        pages.put("client", "/client?id=" + client);
        pages.put("sessions", "/sessions?alliance=digits&compare=" + id(first) + "&compare=" + id(second));
        pages.put("session", "/session?metric=local_accuracy&id=" + id(first));
        pages.put("new-session", "/new-session?alliance=digits");
        pages.put("models", "/models?alliance=digits");
        pages.put(
                "model",
                "/model?metric=local_accuracy&id=" + newest + "&with="
                        + rounds.path("model").asText());
        pages.put("packages", "/packages?alliance=digits");
        pages.put("events", "/events?alliance=digits");
        pages.put("audit", "/events?alliance=digits&tab=audit");
        pages.put("alliances", "/alliances");
        pages.put("alliance", "/alliance?alliance=digits");
        pages.put("alliance-join", "/alliance?alliance=digits&tab=join");
        pages.put("alliance-policies", "/alliance?alliance=digits&tab=policies");
        pages.put("search", "/search?alliance=digits&q=agent-1");
        pages.put("settings", "/settings?tab=people");
        return pages;
    }

    /** The session that starts from a model in the middle of the first and is paused on its way. */
    private static JsonNode trainSecond(ControllerClient admin, String seed) {
        ObjectNode plan = Json.object()
                .put("rounds", 20)
                .put("minClients", 20)
                .put("validateEvery", 1)
                .put("deadlineSeconds", 300);
        plan.set(
                "settings",
                Json.object().put("epochs", 1).put("learning_rate", 0.02).put("seed", 2));
        plan.set("best", Json.object().put("metric", "accuracy").put("goal", "MAX"));
        ObjectNode request =
                Json.object().put("name", SECOND).put("seedModel", seed).put("start", true);
        request.set("plan", plan);
        JsonNode session = admin.post(ALLIANCE + "/sessions", request);
        Awaitility.await()
                .atMost(5, TimeUnit.MINUTES)
                .until(() -> admin.get(path(session)).path("roundsCompleted").asInt() >= 12);
        admin.post(path(session) + "/pause", Json.object());
        return session;
    }

    private static Optional<JsonNode> session(ControllerClient admin, String name) {
        return admin.list(ALLIANCE + "/sessions", 10).stream()
                .filter(session -> session.path("name").asText().equals(name))
                .findFirst();
    }

    private static String path(JsonNode session) {
        return ALLIANCE + "/sessions/" + id(session);
    }

    private static String id(JsonNode session) {
        return session.path("id").asText();
    }
}
