package io.foedus.ui;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.foedus.federation.Federation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The system's Chromium. Confined to one thread. */
final class Chromium implements AutoCloseable {
    private static final List<String> USUAL =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");

    /** How long a page is waited for; agents and rounds take their time on a machine that does much else. */
    static final int PATIENCE_MILLIS = 60_000;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path program) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--no-first-run")));
    }

    /** Starts it with a fresh profile; without one the test that asks is skipped. */
    static Chromium start() {
        Optional<Path> program = find();
        Assumptions.assumeTrue(program.isPresent(), "no Chromium: install one, or name its program in FOEDUS_CHROMIUM");
        return new Chromium(program.orElseThrow());
    }

    private static Optional<Path> find() {
        return Stream.concat(Stream.ofNullable(System.getenv("FOEDUS_CHROMIUM")), USUAL.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Somebody who has not logged in yet, at a desk of usual size. */
    Visitor visitor(Federation federation) {
        return visitor(federation, new Browser.NewContextOptions().setViewportSize(1440, 900));
    }

    Visitor visitor(Federation federation, Browser.NewContextOptions desk) {
        return visitor(federation.controller().uri(), desk);
    }

    Visitor visitor(URI controller, Browser.NewContextOptions desk) {
        return new Visitor(browser.newContext(desk), controller);
    }

    @Override
    public void close() {
        playwright.close();
    }
}
