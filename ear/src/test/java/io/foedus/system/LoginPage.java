package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.federation.Federation;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The login page as a browser uses it. */
final class LoginPage {
    private final Federation federation;

    LoginPage(Federation federation) {
        this.federation = federation;
    }

    /** Logs in as browsers do; the cookie. */
    String login() {
        HttpClient browser = browser();
        HttpResponse<String> entered = entered(browser, true);
        assertThat(entered.statusCode()).as(entered.body()).isEqualTo(302);
        return ((CookieManager) browser.cookieHandler().orElseThrow())
                .getCookieStore().getCookies().stream().map(Object::toString).collect(Collectors.joining("; "));
    }

    static HttpClient browser() {
        return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    /** What the login page answers to the right password. */
    HttpResponse<String> entered(HttpClient browser, boolean withNonce) {
        URI login = federation.controller().uri().resolve("/login");
        try {
            String page = browser.send(HttpRequest.newBuilder(login).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            String form = Map.of(
                            "login",
                            "login",
                            "login:name",
                            federation.adminAccount(),
                            "login:password",
                            federation.adminPassword(),
                            "login:next",
                            "",
                            button(page),
                            "Log in",
                            "jakarta.faces.ViewState",
                            hidden(page, "jakarta.faces.ViewState"),
                            "primefaces.nonce",
                            nonce(page))
                    .entrySet()
                    .stream()
                    .filter(field -> withNonce || !field.getKey().equals("primefaces.nonce"))
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return browser.send(
                    HttpRequest.newBuilder(login)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String hidden(String page, String name) {
        return found(page, "name=\"" + name + "\"[^>]*value=\"([^\"]*)\"");
    }

    private static String button(String page) {
        return found(page, "type=\"submit\"[^>]*name=\"([^\"]*)\"");
    }

    private static String nonce(String page) {
        return Optional.of(page)
                .map(text -> Pattern.compile("nonce=\"([^\"]*)\"").matcher(text))
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .orElse("");
    }

    private static String found(String page, String pattern) {
        var matcher = Pattern.compile(pattern).matcher(page);
        assertThat(matcher.find()).as(pattern + " in " + page).isTrue();
        return matcher.group(1);
    }
}
