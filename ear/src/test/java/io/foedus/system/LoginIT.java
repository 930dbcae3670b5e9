package io.foedus.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.agent.console.Json;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import io.foedus.federation.SharedFederation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ways in, over the wire of a real controller: who does it wrong is told so. */
@ExtendWith(SharedFederation.class)
class LoginIT {
    private final Federation federation;

    LoginIT(Federation federation) {
        this.federation = federation;
    }

    @Test
    void the_set_up_needs_no_token() {
        Rest.Answer answer =
                federation.rest().anonymously().post("/api/setup", Json.object().put("code", "x"));

        assertThat(answer.json().path("code").asText()).as(answer.body()).isNotEqualTo("NO_TOKEN");
        assertThat(answer.status()).isBetween(400, 499);
    }

    /** The nonce belongs to the page's scripts; a form that does not bring it is no error of the server. */
    @Test
    void a_form_without_the_nonce_of_its_page_makes_no_error_of_the_server() {
        HttpResponse<String> answer = new LoginPage(federation).entered(LoginPage.browser(), false);

        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 499);
    }

    @Test
    void logins_of_one_account_at_once_do_not_disturb_each_other() {
        String pair = federation.adminAccount() + ":" + federation.adminPassword();
        HttpRequest login = HttpRequest.newBuilder(federation.controller().uri().resolve("/api/tokens"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"kind\":\"USER\",\"name\":\"at once\"}"))
                .build();

        assertThat(Stream.generate(() -> RawHttp.HTTP.sendAsync(login, HttpResponse.BodyHandlers.ofString()))
                        .limit(8)
                        .toList()
                        .stream()
                        .map(answer -> answer.join().statusCode()))
                .containsOnly(201);
    }
}
