package io.foedus.web.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * One row of the drawn tree: lines that pass, lines that bend into this model, and where its dot is. Made from the
 * newest model to the oldest, as the list shows them: a lane waits for the parent of what was drawn in it.
 *
 * @param paths SVG path data in a box of {@link #width} by 100
 */
public record Rail(List<String> paths, int lane, int width) {
    private static final int LANE = 18;
    private static final int MOST = 8;

    /** Rows by model, given each model's parent, newest first. */
    public static Map<UUID, Rail> draw(Map<UUID, UUID> parents) {
        Map<UUID, Rail> rails = new HashMap<>();
        List<UUID> awaited = new ArrayList<>();
        parents.forEach((model, parent) -> {
            int mine = awaited.indexOf(model);
            boolean tip = mine < 0;
            if (tip) {
                mine = free(awaited);
            }
            List<String> paths = new ArrayList<>();
            for (int lane = 0; lane < awaited.size(); lane++) {
                UUID wanted = awaited.get(lane);
                if (lane == mine || wanted == null) {
                    continue;
                }
                if (wanted.equals(model)) {
                    paths.add(bend(lane, mine));
                    awaited.set(lane, null);
                } else {
                    paths.add(straight(lane, 0, 100));
                }
            }
            boolean known = parent != null && parents.containsKey(parent);
            if (!tip || known) {
                paths.add(straight(mine, tip ? 50 : 0, known ? 100 : 50));
            }
            awaited.set(mine, known ? parent : null);
            rails.put(
                    model,
                    new Rail(List.copyOf(paths), Math.min(mine, MOST), x(Math.min(awaited.size(), MOST)) + LANE / 2));
        });
        return rails;
    }

    /** Where the dot is, from the left. */
    public int dot() {
        return x(lane);
    }

    private static int free(List<UUID> awaited) {
        int lane = awaited.indexOf(null);
        if (lane < 0) {
            awaited.add(null);
            lane = awaited.size() - 1;
        }
        return lane;
    }

    private static int x(int lane) {
        return LANE / 2 + Math.min(lane, MOST) * LANE;
    }

    private static String straight(int lane, int from, int to) {
        return String.format(Locale.ROOT, "M%d %dV%d", x(lane), from, to);
    }

    private static String bend(int from, int to) {
        return String.format(Locale.ROOT, "M%d 0C%d 40 %d 30 %d 50", x(from), x(from), x(to), x(to));
    }
}
