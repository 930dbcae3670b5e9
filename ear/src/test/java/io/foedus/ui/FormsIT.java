package io.foedus.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.federation.Federation;
import io.foedus.federation.SharedFederation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Wrong input at each form is refused in words that name the thing, and the page stays usable. */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FormsIT {
    private final Federation federation;
    private final Chromium chromium;
    private final Visitor visitor;

    FormsIT(Federation federation) {
        this.federation = federation;
        chromium = Chromium.start();
        visitor = chromium.visitor(federation);
    }

    @BeforeAll
    void logIn() {
        federation.alliance("forms").useInstantPackage();
        visitor.logIn(federation.adminAccount(), federation.adminPassword());
    }

    @AfterAll
    void leave() {
        try {
            visitor.close();
        } finally {
            chromium.close();
        }
    }

    @Test
    void a_wrong_password_opens_nothing() {
        try (Visitor stranger = chromium.visitor(federation)) {
            stranger.open("/login");
            stranger.enter("admin", "not the password");
            stranger.isRefused("the password is wrong");
        }
    }

    @Test
    void an_alliance_needs_a_name_that_fits_into_addresses() {
        visitor.open("/alliances");
        visitor.fill("new:name", "Not a name!");
        visitor.press("Create alliance");
        visitor.isRefused("'Not a name!' is no alliance name");
    }

    @Test
    void a_taken_alliance_name_is_refused() {
        visitor.open("/alliances");
        visitor.fill("new:name", "forms");
        visitor.press("Create alliance");
        visitor.isRefused("There is an alliance 'forms' already");
    }

    @Test
    void a_package_must_be_an_archive(@TempDir Path files) throws IOException {
        visitor.open("/packages?alliance=forms");
        visitor.press("Upload");
        visitor.isRefused("No file was chosen");
        visitor.choose(Files.writeString(files.resolve("package.tgz"), "no archive"));
        visitor.press("Upload");
        visitor.isRefused("not a tar.gz");
    }

    @Test
    void a_seed_must_be_a_model(@TempDir Path files) throws IOException {
        visitor.open("/upload-model?alliance=forms");
        visitor.choose(Files.writeString(files.resolve("seed.npz"), "no model"));
        visitor.press("Upload");
        visitor.isRefused("This is not a model that can be trained");
    }

    @Test
    void a_plan_is_refused_with_the_name_of_what_is_wrong() {
        visitor.open("/new-session?alliance=forms");
        visitor.fill("new:rounds", "many");
        visitor.press("Create, start later");
        visitor.isRefused("'many'");
        visitor.fill("new:rounds", "3");
        visitor.fill("new:aggregator", "magic");
        visitor.press("Create, start later");
        visitor.isRefused("there is no aggregator 'magic'");
        visitor.fill("new:aggregator", "mean");
        visitor.fill("new:min", "0");
        visitor.press("Create, start later");
        visitor.isRefused("Minimum clients must be from 1");
    }

    @Test
    void everything_that_is_wrong_with_a_plan_is_said_at_its_field() {
        visitor.open("/new-session?alliance=forms");
        visitor.fill("new:rounds", "many");
        visitor.fill("new:settings", "epochs");
        visitor.fill("new:patience", "0");
        visitor.fill("new:stopmetric", "loss");
        visitor.press("Create, start later");
        visitor.isRefused("'many'");
        assertThat(said("rounds")).contains("Rounds must be a whole number, not 'many'");
        assertThat(said("settings")).contains("'epochs' is not of the form name = value");
        assertThat(said("patience")).contains("must be at least 1, not 0");
        assertThat(said("min")).isEmpty();
    }

    /** What the page says beneath a field of a new session. */
    private String said(String field) {
        return visitor.text("(document.getElementById('new:" + field
                + "').closest('.field').querySelector('.ui-message-error') || {textContent: ''}).textContent");
    }

    @Test
    void only_accounts_that_exist_become_members() {
        visitor.open("/alliance?alliance=forms");
        visitor.fill("admit:account", "nobody");
        visitor.press("Save");
        visitor.isRefused("nobody");
    }

    @Test
    void a_policy_within_bounds_is_saved_and_kept() {
        visitor.open("/alliance?alliance=forms&tab=policies");
        visitor.fill("policies:least", "many");
        visitor.press("Save policies");
        visitor.isRefused("type a whole number");
        visitor.fill("policies:least", "0");
        visitor.press("Save policies");
        visitor.isRefused("the minimum number of clients is from 1");
        visitor.fill("policies:least", "2");
        visitor.press("Save policies");
        visitor.sees("Saved.");
        visitor.open("/new-session?alliance=forms");
        visitor.fill("new:min", "1");
        visitor.press("Create, start later");
        visitor.isRefused("wants at least 2 clients");
    }

    @Test
    void a_join_token_lives_a_number_of_days() {
        visitor.open("/alliance?alliance=forms&tab=join");
        visitor.fill("issue:days", "soon");
        visitor.press("Create token");
        visitor.isRefused("number");
    }

    @Test
    void passwords_are_typed_twice_and_not_too_short() {
        visitor.open("/settings?tab=people");
        visitor.fill("account:name", "ada");
        visitor.fill("account:password", "short");
        visitor.fill("account:again", "other");
        visitor.press("Create account");
        visitor.isRefused("The two passwords differ");
        visitor.fill("account:password", "short");
        visitor.fill("account:again", "short");
        visitor.press("Create account");
        visitor.isRefused("password");
        visitor.open("/settings?tab=account");
        visitor.fill("password:new", "a sentence is fine");
        visitor.fill("password:again", "another sentence");
        visitor.press("Change password");
        visitor.isRefused("The two passwords differ");
    }

    @Test
    void pages_of_things_that_are_not_there_say_so() {
        visitor.open("/session?id=01999999-9999-7999-8999-999999999999");
        visitor.sees("To the overview");
        visitor.open("/session?id=nonsense");
        visitor.sees("To the overview");
        visitor.open("/no-such-page");
        visitor.sees("To the overview");
        visitor.forgetComplaints();
    }
}
