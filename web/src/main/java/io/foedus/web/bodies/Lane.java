package io.foedus.web.bodies;

import io.foedus.controller.identity.entity.Actor;
import io.foedus.web.security.Caller;
import io.foedus.web.security.Doors;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

/**
 * What calls of one kind may take of the server at once. The kinds share nothing: however many ordinary calls wait, a
 * combiner's heartbeat and a probe find a thread of their own.
 *
 * @param workers threads that are at work for a call
 * @param bodies of these, threads that wait for a body
 * @param text bytes of bodies that are kept in memory
 */
record Lane(Places workers, Places bodies, TextBudget text) {
    /** The kinds of calls. */
    enum Kind {
        ORDINARY,
        /** A combiner says that it is alive: its clients and shares hang on it. */
        HEARTBEAT,
        /** A supervisor asks whether this server is. */
        PROBE;

        private static final Pattern BEAT = Pattern.compile("/+api/combiners/[^/]+/heartbeats");

        static Kind of(HttpServletRequest request) {
            String path = Doors.pathOf(request);
            if (path.equals("/health") || path.startsWith("/health/")) {
                return PROBE;
            }
            boolean combiner = Caller.of(request)
                    .filter(actor -> actor.is(Actor.Kind.COMBINER))
                    .isPresent();
            return combiner && BEAT.matcher(path).matches() ? HEARTBEAT : ORDINARY;
        }
    }
}
