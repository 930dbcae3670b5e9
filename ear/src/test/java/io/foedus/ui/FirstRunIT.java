package io.foedus.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.federation.Federation;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A new installation: nobody has an account, and only who can read the server's files makes the first one. */
class FirstRunIT {
    private static final String PASSWORD = "correct horse battery";

    @Test
    void the_set_up_code_makes_the_first_account_and_no_second_one() throws IOException {
        try (Chromium chromium = Chromium.start();
                Federation federation = Federation.named("first-run")
                        .combiners()
                        .controllerSetting("FOEDUS_BOOTSTRAP_PASSWORD_FILE", "")
                        .start();
                Visitor visitor = chromium.visitor(federation)) {
            visitor.open("/");
            visitor.sees("Create the first account");
            begin(visitor, "not the code", PASSWORD, PASSWORD);
            visitor.isRefused("code");
            String code = Files.readString(federation.home().resolve("controller/setup-code"))
                    .strip();
            begin(visitor, code, PASSWORD, "another password");
            visitor.isRefused("The two passwords differ");
            begin(visitor, code, "too short", "too short");
            visitor.isRefused("10 to 200 characters");
            assertThat(federation.count("SELECT count(*) FROM account")).isZero();
            begin(visitor, code, PASSWORD, PASSWORD);
            visitor.sees("New alliance");
            visitor.fill("new:name", "first");
            visitor.press("Create alliance");
            visitor.sees("First steps");

            assertThat(federation.count("SELECT count(*) FROM account WHERE admin"))
                    .isEqualTo(1);
            visitor.open("/setup");
            assertThat(visitor.page().url()).doesNotContain("setup");
        }
    }

    private static void begin(Visitor visitor, String code, String password, String again) {
        visitor.fill("setup:code", code);
        visitor.fill("setup:name", "ada");
        visitor.fill("setup:password", password);
        visitor.fill("setup:again", again);
        visitor.press("Create account");
    }
}
