package io.foedus.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.federation.Federation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Measures how long pages of a big alliance take in the browser: from the navigation until the page is loaded, its
 * charts are drawn and a frame has been painted. No part of a build, for times are no tests; run it by its name:
 *
 * <pre>{@code
 * mvn -pl ear -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=PageTimes
 * }</pre>
 */
class PageTimes {
    private static final int REPEATS = 7;
    private static final String PAINTED =
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))";

    @Test
    void of_ten_thousand_clients_and_a_thousand_rounds() {
        try (Federation federation = Federation.named("page-times").combiners().start();
                Chromium chromium = Chromium.start();
                Visitor visitor = chromium.visitor(federation)) {
            seed(federation);
            visitor.logIn(federation.adminAccount(), federation.adminPassword());
            System.out.printf("%-50s %9s %9s %9s%n", "page", "first", "median", "slowest");
            pages(federation).forEach((path, proof) -> measure(visitor, path, proof));
        }
    }

    private static void measure(Visitor visitor, String path, String proof) {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i <= REPEATS; i++) {
            long start = System.nanoTime();
            visitor.open(path);
            visitor.page().evaluate(PAINTED);
            millis.add((System.nanoTime() - start) / 1_000_000);
            assertThat(visitor.page().locator("main").innerText()).contains(proof);
        }
        long first = millis.remove(0);
        Collections.sort(millis);
        System.out.printf(
                "%-50s %6d ms %6d ms %6d ms%n",
                path.replaceAll("[0-9a-f-]{36}", "…"), first, millis.get(REPEATS / 2), millis.get(REPEATS - 1));
    }

    /** Pages, and something that is on them when they are whole. */
    private static Map<String, String> pages(Federation federation) {
        String session = id(federation, "SELECT id FROM session WHERE rounds_completed = 1000");
        String model = id(federation, "SELECT model_id AS id FROM session WHERE rounds_completed = 1000");
        String client = id(federation, "SELECT client_id AS id FROM model_update LIMIT 1");
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("/overview?alliance=big", "a thousand rounds");
        pages.put("/network?alliance=big", "combiner-west");
        pages.put("/network?alliance=big&tab=combiners", "combiner-west");
        pages.put("/network?alliance=big&tab=clients", "of 10000");
        pages.put("/network?alliance=big&tab=clients&name=site-099", "of 100");
        pages.put("/client?id=" + client, "a thousand rounds");
        pages.put("/sessions?alliance=big", "of 201");
        pages.put("/sessions?compare=" + session + "&alliance=big", "Comparison");
        pages.put("/session?id=" + session, "of 1000");
        pages.put("/models?alliance=big", "of 1001");
        pages.put("/model?id=" + model, "Validations");
        pages.put("/events?alliance=big", "is complete");
        pages.put("/search?alliance=big&q=site-0999", "site-0999");
        return pages;
    }

    private static String id(Federation federation, String query) {
        return String.valueOf(federation.sql(query).get(0).get("id"));
    }

    private static void seed(Federation federation) {
        federation.alliance("big").useInstantPackage();
        try (Connection connection = federation.connect();
                Statement statement = connection.createStatement();
                InputStream sql = Objects.requireNonNull(PageTimes.class.getResourceAsStream("/ui/big-alliance.sql"))) {
            statement.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        } catch (SQLException | IOException e) {
            throw new AssertionError("cannot fill the database", e);
        }
    }
}
