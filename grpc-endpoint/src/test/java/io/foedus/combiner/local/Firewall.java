package io.foedus.combiner.local;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Cuts the way to the controller, wholly or for calls of one name; requests are lost before they arrive. */
public final class Firewall {
    private final Set<String> dropped = ConcurrentHashMap.newKeySet();
    private final Set<String> answersDropped = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

    public void drop(String call) {
        dropped.add(call);
    }

    /** The controller does what it is asked, but nobody hears the answer. */
    public void dropAnswers(String call) {
        answersDropped.add(call);
    }

    public void heal() {
        dropped.clear();
        answersDropped.clear();
    }

    /** How often a call was made, dropped or not. */
    public int attempts(String call) {
        return attempts.getOrDefault(call, 0);
    }

    void request(String call) throws IOException {
        attempts.merge(call, 1, Integer::sum);
        if (dropped.contains(call) || dropped.contains("*")) {
            throw new IOException("firewall drops " + call);
        }
    }

    void answer(String call) throws IOException {
        if (answersDropped.contains(call)) {
            throw new IOException("firewall drops the answer of " + call);
        }
    }
}
