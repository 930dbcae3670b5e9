package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import io.foedus.federation.SharedFederation;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pages say beforehand what cannot work, ask before they take something away, and lose nothing when it goes wrong. */
@ExtendWith(SharedFederation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CareIT {
    private static final String PASSWORD = "a careful long password";

    private final Federation federation;
    private final Chromium chromium = Chromium.start();

    CareIT(Federation federation) {
        this.federation = federation;
    }

    @AfterAll
    void leave() {
        chromium.close();
    }

    private Visitor enter() {
        return chromium.visitor(federation).logIn(federation.adminAccount(), federation.adminPassword());
    }

    @Test
    void a_session_that_cannot_start_is_not_offered_and_the_page_says_what_is_missing() {
        try (Alliance alliance = federation.alliance("care");
                Visitor visitor = enter()) {
            visitor.open("/new-session?alliance=care");
            visitor.sees("There is no model to start from.");
            visitor.sees("There is no active compute package.");
            assertThat(visitor.button("Create and start")).isDisabled();
            assertThat(visitor.button("Create, start later")).isDisabled();

            alliance.useInstantPackage();
            visitor.open("/new-session?alliance=care");
            visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
            visitor.sees("No client is attached, and each round needs at least 1.");
            assertThat(visitor.button("Create and start")).isDisabled();
            assertThat(visitor.button("Create, start later")).isEnabled();
            visitor.fill("new:name", "careful");
            visitor.mark();

            alliance.startAgents(1);
            assertThat(visitor.button("Create and start")).isEnabled();
            visitor.fill("new:min", "3");
            visitor.page().keyboard().press("Tab");
            visitor.sees("1 client is attached, and each round needs at least 3.");
            assertThat(visitor.button("Create and start")).isDisabled();
            visitor.fill("new:min", "1");
            visitor.page().keyboard().press("Tab");
            assertThat(visitor.button("Create and start")).isEnabled();
            visitor.demandSamePage();
            visitor.press("Create and start");
            assertThat(visitor.page().locator("h1")).containsText("careful");
        }
    }

    @Test
    void a_token_is_revoked_after_a_question_that_names_it_and_escape_keeps_it() {
        federation.alliance("tokens");
        try (Visitor visitor = enter()) {
            visitor.open("/alliance?alliance=tokens&tab=join");
            for (String name : new String[] {"kept", "revoked"}) {
                visitor.fill("issue:name", name);
                visitor.press("Create token");
                assertThat(row(visitor, name)).hasCount(1);
            }
            Locator dialog = visitor.page().locator(".ui-confirm-dialog");
            row(visitor, "revoked").locator("button").click();
            assertThat(dialog).containsText("Revoke the join token 'revoked'?");
            visitor.page().keyboard().press("Escape");
            assertThat(dialog).isHidden();
            assertThat(row(visitor, "revoked")).hasCount(1);

            row(visitor, "revoked").locator("button").click();
            dialog.locator(".ui-confirmdialog-yes").click();
            visitor.sees("The token was revoked.");
            assertThat(row(visitor, "revoked")).hasCount(0);
            assertThat(row(visitor, "kept")).hasCount(1);
        }
    }

    @Test
    void members_and_accounts_go_after_a_question_that_names_them() {
        Alliance alliance = federation.alliance("people");
        Rest rest = federation.rest();
        rest.post("/api/accounts", Json.object().put("name", "carla").put("password", PASSWORD));
        rest.put(alliance.path("/members/carla"), Json.object().put("role", "VIEWER"));
        try (Visitor visitor = enter()) {
            Locator dialog = visitor.page().locator(".ui-confirm-dialog");
            visitor.open("/alliance?alliance=people");
            row(visitor, "carla").locator("button").click();
            assertThat(dialog).containsText("Remove carla from");
            dialog.locator(".ui-confirmdialog-yes").click();
            visitor.sees("carla was removed.");

            visitor.open("/settings?tab=people");
            row(visitor, "carla")
                    .locator("button", new Locator.LocatorOptions().setHasText("Disable"))
                    .click();
            assertThat(dialog).containsText("Disable the account carla?");
            dialog.locator(".ui-confirmdialog-yes").click();
            visitor.sees("carla cannot log in any more.");
            assertThat(row(visitor, "carla")).containsText("Disabled");
        }
    }

    @Test
    void what_was_typed_is_still_there_after_a_refusal() {
        try (Visitor visitor = enter()) {
            visitor.open("/settings?tab=people");
            visitor.fill("account:name", "dora");
            visitor.fill("account:password", PASSWORD);
            visitor.fill("account:again", "something else");
            visitor.press("Create account");
            visitor.isRefused("The two passwords differ");
            assertThat(visitor.input("account:name")).hasValue("dora");
            visitor.fill("account:again", PASSWORD);
            visitor.press("Create account");
            visitor.sees("The account was created.");
        }
    }

    @Test
    void an_address_that_leads_nowhere_sends_people_to_the_overview() {
        try (Visitor visitor = enter()) {
            visitor.open("/nowhere");
            visitor.sees("go on from the overview");
            assertThat(visitor.page().locator("main")).not().containsText("openapi");
            visitor.open("/session?id=01999999-9999-7999-8999-999999999999");
            visitor.sees("There is no session");
            visitor.follow("To the overview");
            visitor.page().waitForURL(Pattern.compile(".*/overview.*"));
            visitor.forgetComplaints();
        }
    }

    @Test
    void a_file_that_cannot_be_had_leaves_the_page_where_it_is() {
        federation.alliance("files").useInstantPackage();
        try (Visitor visitor = enter()) {
            visitor.open("/models?alliance=files");
            visitor.mark();
            visitor.page().context().setOffline(true);
            visitor.press("Export CSV");
            visitor.sees("The controller does not answer.");
            visitor.page().context().setOffline(false);
            visitor.demandSamePage();
            Download csv = visitor.download(() -> visitor.press("Export CSV"));
            assertThat(csv.suggestedFilename()).isEqualTo("models.csv");

            visitor.page().locator("main a.strong").first().click();
            visitor.sees("SHA-256");
            visitor.mark();
            visitor.page().context().setOffline(true);
            visitor.follow("Download");
            visitor.sees("The controller does not answer.");
            visitor.page().context().setOffline(false);
            visitor.demandSamePage();
            visitor.forgetComplaints();
        }
    }

    private static Locator row(Visitor visitor, String text) {
        return visitor.page()
                .locator("main tbody tr", new com.microsoft.playwright.Page.LocatorOptions().setHasText(text));
    }
}
