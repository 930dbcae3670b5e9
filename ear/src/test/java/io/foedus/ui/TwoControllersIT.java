package io.foedus.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import io.foedus.agent.console.Json;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.Member;
import io.foedus.federation.SessionRun;
import io.foedus.federation.Site;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Two controllers behind one address: what changes at one is seen on pages of the other; either may die. */
@Full
class TwoControllersIT {
    private static final Browser.NewContextOptions DESK = new Browser.NewContextOptions().setViewportSize(1440, 900);

    @Test
    void pages_of_either_controller_follow_the_rounds_and_one_goes_on_when_the_other_dies() {
        try (Federation federation =
                        Federation.named("two-controllers").controllers(2).start();
                Alliance alliance = federation.alliance("pair").useInstantPackage();
                Balancer balancer = Balancer.between(federation.controllers());
                Chromium chromium = Chromium.start();
                Visitor one = enter(chromium, balancer, federation);
                Visitor other = enter(chromium, balancer, federation)) {
            List<Site> sites = alliance.startAgents(3);
            assertThat(List.of(controllerOf(one), controllerOf(other))).doesNotHaveDuplicates();
            sites.forEach(Site::hold);
            ObjectNode plan = Json.object().put("rounds", 200).put("minClients", 3);
            SessionRun run = alliance.start(plan);
            List<Visitor> both = List.of(one, other);
            both.forEach(visitor -> watch(visitor, run));

            sites.get(0).release();
            both.forEach(visitor -> visitor.sees("1 of 3 updates in"));
            sites.forEach(Site::release);
            run.awaitRounds(2);
            both.forEach(visitor -> visitor.waits("foedusCharts.all.curve?.data.labels.length >= 2"));
            one.press("Pause");
            both.forEach(visitor -> visitor.seesState("Paused"));
            both.forEach(Visitor::demandSamePage);
            both.forEach(Visitor::demandNoComplaint);

            Member second = federation.controllers().get(1);
            Visitor orphan = controllerOf(one).equals(second.name()) ? one : other;
            second.kill9();
            orphan.page().waitForURL(Pattern.compile(".*/login\\?next=.*"));
            orphan.enter(federation.adminAccount(), federation.adminPassword());
            orphan.seesState("Paused");
            assertThat(orphan.page()).hasURL(Pattern.compile(".*/session\\?id=" + run.id()));
            assertThat(controllerOf(orphan)).isEqualTo(federation.controller().name());
            orphan.forgetComplaints();
            orphan.press("Resume");
            both.forEach(visitor -> visitor.seesState("Running"));
        }
    }

    private static Visitor enter(Chromium chromium, Balancer balancer, Federation federation) {
        return chromium.visitor(balancer.uri(), DESK).logIn(federation.adminAccount(), federation.adminPassword());
    }

    private static void watch(Visitor visitor, SessionRun run) {
        visitor.open("/session?id=" + run.id());
        visitor.waits("document.getElementById('live-state').dataset.state === 'live'");
        visitor.sees("0 of 3 updates in");
        visitor.mark();
    }

    private static String controllerOf(Visitor visitor) {
        return visitor.cookie(Balancer.COOKIE);
    }
}
