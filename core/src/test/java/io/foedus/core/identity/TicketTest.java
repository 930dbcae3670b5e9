package io.foedus.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.lineage.Signatures;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTest {
    private static final KeyPair CONTROLLER = Signatures.newKeys();
    private static final Ticket TICKET = new Ticket(
            UUID.fromString("00000000-0000-7000-8000-000000000002"),
            "hospitals",
            "Spital \"Nord\"",
            Instant.ofEpochSecond(1_700_000_000));

    /** What a controller of any version could have signed. */
    private static String signed(String claims) {
        byte[] body = claims.getBytes(StandardCharsets.UTF_8);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(body) + "."
                + base64.encodeToString(Signatures.sign(body, CONTROLLER.getPrivate()));
    }

    @Test
    void what_was_sealed_is_what_is_opened() throws ForgedTicketException {
        assertThat(Ticket.opened(TICKET.sealed(CONTROLLER.getPrivate()), CONTROLLER.getPublic()))
                .isEqualTo(TICKET);
    }

    /** As the version before wrote it, and with a member that a later one may add. */
    @Test
    void tickets_of_other_versions_are_opened() throws ForgedTicketException {
        String before = "{\"client\":\"00000000-0000-7000-8000-000000000002\",\"alliance\":\"hospitals\","
                + "\"name\":\"Spital \\\"Nord\\\"\",\"exp\":1700000000}";

        assertThat(TICKET.sealed(CONTROLLER.getPrivate())).isEqualTo(signed(before));
        assertThat(Ticket.opened(signed(before.replace("}", ",\"more\":[1]}")), CONTROLLER.getPublic()))
                .isEqualTo(TICKET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", ".", "!.!", "e30.e30", "a.b.c"})
    void what_nobody_signed_is_refused(String text) {
        assertThatThrownBy(() -> Ticket.opened(text, CONTROLLER.getPublic()))
                .isInstanceOf(ForgedTicketException.class)
                .hasMessageContaining("ticket");
    }

    @Test
    void another_installations_word_does_not_count() {
        assertThatThrownBy(() -> Ticket.opened(
                        TICKET.sealed(CONTROLLER.getPrivate()),
                        Signatures.newKeys().getPublic()))
                .hasMessage("the ticket is not signed by this installation's controller");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "no JSON",
                "{\"client\":\"x\",\"alliance\":\"a\",\"name\":\"n\",\"exp\":1}",
                "{\"client\":\"00000000-0000-7000-8000-000000000002\",\"alliance\":\"a\",\"name\":\"n\",\"exp\":1e18}",
                "{\"client\":\"00000000-0000-7000-8000-000000000002\",\"alliance\":\"a\",\"exp\":1}"
            })
    void a_signed_text_that_names_nobody_is_refused(String claims) {
        assertThatThrownBy(() -> Ticket.opened(signed(claims), CONTROLLER.getPublic()))
                .isInstanceOf(ForgedTicketException.class)
                .hasMessage("the ticket does not say who is calling");
    }
}
