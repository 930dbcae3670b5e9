package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import io.foedus.core.models.Digest;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.InstantPackage;
import io.foedus.federation.Models;
import io.foedus.federation.SharedFederation;
import io.foedus.federation.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedFederation.class)
class TrainingStoryIT {
    /** A session's name that a spreadsheet would compute. */
    private static final String FORMULA = "=1+1";

    private static final String POINTS =
            "window.foedusCharts && foedusCharts.all.curve" + " ? foedusCharts.all.curve.data.labels.length : 0";

    @Test
    void an_operator_goes_from_nothing_to_a_downloaded_model(Federation federation) throws IOException {
        try (Chromium chromium = Chromium.start();
                Visitor visitor = chromium.visitor(federation)) {
            visitor.logIn(federation.adminAccount(), federation.adminPassword());
            Alliance alliance = createAlliance(visitor, federation);
            uploadPackageAndSeed(visitor, alliance);
            takeClientConfiguration(visitor, federation);
            List<Site> sites = watchClientsArrive(visitor, alliance);
            String first = watchRoundsArrive(visitor, sites);
            pauseAndResume(visitor, sites);
            inspectRoundAndClient(visitor, first);
            String second = stopAnother(visitor, sites);
            compareSessions(visitor, first, second);
            inspectAndDownloadModel(visitor);
            search(visitor);
            endAlliance(visitor, federation);
            logOut(visitor);
        }
    }

    private static Alliance createAlliance(Visitor visitor, Federation federation) {
        visitor.open("/alliances");
        visitor.fill("new:name", "story");
        visitor.fill("new:title", "Hospitals of the north");
        visitor.press("Create alliance");
        visitor.sees("First steps");
        return federation.alliance("story");
    }

    private static void uploadPackageAndSeed(Visitor visitor, Alliance alliance) {
        Path files = alliance.files();
        visitor.open("/packages?alliance=story");
        visitor.choose(InstantPackage.archive(files.resolve("instant.zip")));
        visitor.press("Upload");
        visitor.sees("The package was uploaded.");
        visitor.sees("Active");
        visitor.open("/upload-model?alliance=story");
        visitor.choose(Models.write(files.resolve("seed.npz"), new double[InstantPackage.VALUES]));
        visitor.fill("upload:name", "zeros");
        visitor.press("Upload");
        assertThat(visitor.page().locator("h1")).containsText("zeros");
    }

    private static void takeClientConfiguration(Visitor visitor, Federation federation) throws IOException {
        visitor.open("/alliance?alliance=story&tab=join");
        visitor.press("Create token");
        visitor.sees("This is the only time that the token is shown.");
        Download download = visitor.download(() -> visitor.press("Download client.yaml"));
        assertThat(download.suggestedFilename()).isEqualTo("client.yaml");
        assertThat(Files.readString(download.path()))
                .contains("api_url: " + federation.controller().uri() + "/fedn/story", "token: fds_jt_");
    }

    private static List<Site> watchClientsArrive(Visitor visitor, Alliance alliance) {
        visitor.open("/network?alliance=story&tab=clients");
        visitor.sees("No client has joined yet");
        visitor.mark();
        List<Site> sites = alliance.startAgents(3);
        for (Site site : sites) {
            assertThat(row(visitor, site.name())).containsText("Online");
        }
        visitor.demandSamePage();
        return sites;
    }

    private static Locator row(Visitor visitor, String text) {
        return visitor.page()
                .locator("main tr", new com.microsoft.playwright.Page.LocatorOptions().setHasText(text))
                .first();
    }

    private static String watchRoundsArrive(Visitor visitor, List<Site> sites) {
        sites.forEach(Site::hold);
        visitor.open("/new-session?alliance=story");
        visitor.fill("new:name", "first");
        visitor.fill("new:rounds", "40");
        visitor.fill("new:min", "3");
        visitor.press("Create and start");
        visitor.page().waitForURL(Pattern.compile(".*/session\\?id=.*"));
        visitor.seesState("Running");
        visitor.mark();
        visitor.sees("0 of 3 updates in");
        assertThat(visitor.number(POINTS)).isZero();

        sites.get(0).release();
        visitor.sees("1 of 3 updates in");
        sites.forEach(Site::release);
        visitor.waits("(" + POINTS + ") >= 1");
        assertThat(row(visitor, "Completed")).containsText("3 / 3");
        visitor.waits("(" + POINTS + ") >= 3");
        visitor.waits("foedusCharts.all.boxes?.data.labels.length >= 3");
        visitor.waits("foedusCharts.all.lanes?.data.datasets.length === 3");
        visitor.demandSamePage();
        return visitor.page().url().replaceAll(".*id=", "");
    }

    private static void pauseAndResume(Visitor visitor, List<Site> sites) {
        visitor.press("Pause");
        visitor.sees("Paused: the open round may finish, and no other starts.");
        visitor.seesState("Paused");
        assertThat(visitor.page().locator("#rounds\\:table tbody")).not().containsText("Training");
        sites.forEach(Site::hold);
        visitor.press("Resume");
        visitor.seesState("Running");
        visitor.sees("0 of 3 updates in");

        visitor.page().locator("#live-state").click();
        assertThat(visitor.page().locator("#live-state")).containsText("Paused");
        visitor.press("Stop after this round");
        visitor.sees("stops after this round");
        sites.forEach(Site::release);
        visitor.page().locator("#live-state").click();
        assertThat(visitor.page().locator("#live-state")).containsText("Live");
        visitor.seesState("Finished");
        visitor.demandSamePage();
    }

    private static void inspectRoundAndClient(Visitor visitor, String session) {
        visitor.open("/session?metric=num_examples&id=" + session);
        assertThat(visitor.input("metric")).hasValue("num_examples");
        visitor.page().locator("#rounds\\:table .ui-row-toggler").first().click();
        Locator expansion = visitor.page().locator(".expansion").first();
        assertThat(expansion).containsText("Accepted");
        assertThat(expansion.locator("table").nth(1)).containsText("accuracy");
        assertThat(expansion.locator("table").nth(1)).containsText("0.5");
        visitor.follow("agent-2");
        assertThat(visitor.page().locator("h1")).containsText("agent-2");
        visitor.seesState("Online");
        assertThat(row(visitor, "Accepted")).containsText("first");
    }

    private static String stopAnother(Visitor visitor, List<Site> sites) {
        sites.forEach(Site::hold);
        visitor.open("/new-session?alliance=story");
        visitor.fill("new:name", "second");
        visitor.fill("new:rounds", "2");
        visitor.press("Create and start");
        visitor.sees("of 3 updates in");
        sites.forEach(Site::release);
        visitor.seesState("Finished");
        String second = visitor.page().url().replaceAll(".*id=", "");

        sites.forEach(Site::hold);
        visitor.open("/new-session?alliance=story&like=" + second);
        visitor.fill("new:name", FORMULA);
        visitor.press("Create and start");
        visitor.sees("of 3 updates in");
        visitor.press("Stop now");
        visitor.page().locator(".ui-confirmdialog-yes").click();
        visitor.seesState("Stopped");
        sites.forEach(Site::release);
        return second;
    }

    private static void compareSessions(Visitor visitor, String first, String second) throws IOException {
        visitor.open("/sessions?alliance=story");
        visitor.input("tick-" + first).check();
        visitor.input("tick-" + second).check();
        visitor.press("Compare ticked");
        visitor.sees("Comparison");
        visitor.waits("foedusCharts.all.comparison?.data.datasets.length === 2");
        Download csv = visitor.download(() -> visitor.press("Export CSV"));
        assertThat(csv.suggestedFilename()).isEqualTo("sessions.csv");
        assertThat(Files.readString(csv.path())).contains("first", "second", ",'" + FORMULA);
    }

    private static void inspectAndDownloadModel(Visitor visitor) throws IOException {
        visitor.open("/models?alliance=story");
        assertThat(visitor.page().locator("tr:has(.rail-cell svg path)")).not().hasCount(0);
        visitor.follow("second, round 2");
        visitor.sees("Signed manifest");
        visitor.follow("compare");
        visitor.sees("Distance / norm");
        Download download = visitor.download(() -> visitor.follow("Download"));
        String digest = Digest.of(download.path()).hex();
        visitor.sees(digest);
        assertThat(download.suggestedFilename()).isEqualTo("model-" + digest.substring(0, 12) + ".npz");
    }

    private static void search(Visitor visitor) {
        visitor.open("/overview?alliance=story");
        visitor.page().keyboard().press("Control+k");
        visitor.page().keyboard().type("agent-3");
        visitor.page().keyboard().press("Enter");
        visitor.follow("agent-3");
        assertThat(visitor.page().locator("h1")).containsText("agent-3");
    }

    private static void endAlliance(Visitor visitor, Federation federation) {
        visitor.open("/alliance?alliance=story&tab=about");
        visitor.press("Delete alliance");
        visitor.page().locator(".ui-confirmdialog-yes").click();
        assertThat(visitor.page().locator("h1")).hasText("Alliances");
        assertThat(federation.count("SELECT count(*) FROM alliance WHERE name = 'story'"))
                .isZero();
    }

    private static void logOut(Visitor visitor) {
        visitor.page().locator("summary[aria-label^='Account']").click();
        visitor.page().locator("#leave a").click();
        visitor.page().waitForURL(Pattern.compile(".*/login.*"));
        visitor.open("/session");
        assertThat(visitor.page().locator("h1")).hasText("Log in");
    }
}
