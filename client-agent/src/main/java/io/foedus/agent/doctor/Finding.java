package io.foedus.agent.doctor;

/**
 * How one thing stands.
 *
 * @param what the thing
 * @param state whether it will do
 * @param seen what was seen
 * @param remedy what to do about it; empty when nothing is to be done
 */
public record Finding(String what, State state, String seen, String remedy) {
    /** Whether it will do. */
    public enum State {
        OK,
        WARN,
        FAIL
    }

    public static Finding ok(String what, String seen) {
        return new Finding(what, State.OK, seen, "");
    }

    public static Finding warn(String what, String seen, String remedy) {
        return new Finding(what, State.WARN, seen, remedy);
    }

    public static Finding fail(String what, String seen, String remedy) {
        return new Finding(what, State.FAIL, seen, remedy);
    }
}
