package io.foedus.controller.rounds.control;

import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides a round among combiners: as many clients as the plan wants to ask, in proportion to the clients each combiner
 * holds, whole numbers by largest remainder. Pure.
 */
final class RoundPlanner {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private RoundPlanner() {}

    /** One combiner's part: how many of its clients to ask. */
    record Allotment(Attending combiner, int clients) {}

    static List<Allotment> training(Plan plan, List<Attending> attending) {
        return divide(plan.clientsToAsk(clients(attending)), attending);
    }

    static List<Allotment> validation(Plan plan, List<Attending> attending) {
        return divide(plan.validators(clients(attending)), attending);
    }

    static int clients(List<Attending> attending) {
        return attending.stream().mapToInt(Attending::clients).sum();
    }

    /** The plan's policy as the controller applies it to shares: combiners get time to fold and to send. */
    static RoundPolicy policy(Plan plan) {
        RoundPolicy ofClients = plan.policy();
        return new RoundPolicy(
                ofClients.minUpdates(),
                ofClients.targetUpdates(),
                patience(ofClients.minWait()),
                patience(ofClients.maxWait()));
    }

    /** A time that combiners were given, and a tenth of it, at least ten seconds. */
    static Duration patience(Duration deadline) {
        Duration tenth = deadline.dividedBy(10);
        return deadline.plus(tenth.compareTo(GRACE) > 0 ? tenth : GRACE);
    }

    private static List<Allotment> divide(int wanted, List<Attending> attending) {
        int all = clients(attending);
        if (all == 0 || wanted <= 0) {
            return List.of();
        }
        int[] given = new int[attending.size()];
        List<Integer> byRemainder = new ArrayList<>();
        int left = wanted;
        for (int i = 0; i < given.length; i++) {
            given[i] = (int) ((long) wanted * attending.get(i).clients() / all);
            left -= given[i];
            byRemainder.add(i);
        }
        byRemainder.sort(
                Comparator.comparing(i -> -((long) wanted * attending.get(i).clients() % all)));
        for (int i = 0; left > 0; i = (i + 1) % given.length) {
            int at = byRemainder.get(i);
            if (given[at] < attending.get(at).clients()) {
                given[at]++;
                left--;
            }
        }
        List<Allotment> allotments = new ArrayList<>();
        for (int i = 0; i < given.length; i++) {
            if (given[i] > 0) {
                allotments.add(new Allotment(attending.get(i), given[i]));
            }
        }
        return allotments;
    }
}
