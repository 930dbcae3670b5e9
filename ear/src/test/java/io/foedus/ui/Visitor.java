package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Somebody at a browser. What the browser complains of is kept until {@link #demandNoComplaint}, which closing does
 * too.
 */
final class Visitor implements AutoCloseable {
    private static final String TELL_BREACHES = "document.addEventListener('securitypolicyviolation', e =>"
            + " console.error('breach of the content security policy: ' + e.violatedDirective + ' ' + e.blockedURI))";

    private final BrowserContext context;
    private final URI base;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    Visitor(BrowserContext context, URI base) {
        this.context = context;
        this.base = base;
        context.addInitScript(TELL_BREACHES);
        context.onConsoleMessage(this::heard);
        context.onRequest(this::asked);
        context.onResponse(this::answered);
        context.onWebError(error -> complaints.add("uncaught: " + error.error()));
        page = context.newPage();
        page.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
    }

    private void heard(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(
                    message.type() + " on the console of " + message.page().url() + ": " + message.text());
        }
    }

    private void asked(Request request) {
        URI address = URI.create(request.url());
        if (address.getHost() != null && !address.getHost().equals(base.getHost())) {
            complaints.add("another host was asked: " + request.url());
        }
    }

    private void answered(Response response) {
        if (response.status() >= 400) {
            complaints.add(response.status() + " " + response.url());
        }
    }

    /** Fails if the browser complained since the last time. */
    void demandNoComplaint() {
        assertThat(complaints).isEmpty();
    }

    /** Forgets complaints about a page that was opened to see it fail. */
    void forgetComplaints() {
        complaints.clear();
    }

    Page page() {
        return page;
    }

    Visitor logIn(String account, String password) {
        open("/login");
        enter(account, password);
        page.waitForURL(Pattern.compile(".*/(overview|alliances).*"));
        return this;
    }

    void enter(String account, String password) {
        fill("login:name", account);
        fill("login:password", password);
        press("Log in");
    }

    /** Opens a path of the controller. */
    void open(String path) {
        page.navigate(base + path);
        page.waitForLoadState();
    }

    /** Fills the input of an id. */
    void fill(String id, String text) {
        input(id).fill(text);
    }

    Locator input(String id) {
        return page.locator("[id='" + id + "']");
    }

    /** Presses the first button whose name holds these words; icons are part of names too. */
    void press(String name) {
        button(name).click();
    }

    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name))
                .first();
    }

    void choose(Path file) {
        page.locator("input[type=file]").setInputFiles(file);
    }

    /** Presses a link that leads to a download, and returns where it was saved. */
    Download download(Runnable press) {
        return page.waitForDownload(press);
    }

    /** Follows a link of the page's content. */
    void follow(String text) {
        page.locator("main")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName(text))
                .first()
                .click();
        page.waitForLoadState();
    }

    /** Waits for the page's main part to say something. */
    void sees(String text) {
        assertThat(page.locator("main")).containsText(text);
    }

    /** Waits for the state beside the page's title. */
    void seesState(String word) {
        assertThat(page.locator("h1 .chip").first()).hasText(word);
    }

    /** Waits for a message of error that says something. */
    void isRefused(String why) {
        assertThat(page.locator(".ui-messages-error, .ui-message-error").first())
                .containsText(why);
    }

    /** The number that the page's script computes. */
    int number(String script) {
        return ((Number) page.evaluate(script)).intValue();
    }

    /** The text that the page's script computes. */
    String text(String script) {
        return String.valueOf(page.evaluate(script));
    }

    /** Waits until the page's script says true; the page is not loaded again meanwhile. */
    void waits(String script) {
        page.waitForCondition(() -> Boolean.TRUE.equals(page.evaluate(script)));
    }

    /** The value of a cookie that the browser keeps. */
    String cookie(String name) {
        return context.cookies().stream()
                .filter(cookie -> cookie.name.equals(name))
                .map(cookie -> cookie.value)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cookie " + name));
    }

    /** From now on {@link #demandSamePage} fails if the page is loaded again. */
    void mark() {
        page.evaluate("window.marked = true");
    }

    void demandSamePage() {
        assertThat(page.evaluate("window.marked === true")).isEqualTo(true);
    }

    @Override
    public void close() {
        context.close();
        demandNoComplaint();
    }
}
