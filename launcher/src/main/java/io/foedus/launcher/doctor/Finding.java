package io.foedus.launcher.doctor;

/**
 * How one thing stands.
 *
 * @param what the thing
 * @param state whether it will do
 * @param seen what was seen
 * @param remedy what to do about it; empty when nothing is to be done
 */
record Finding(String what, State state, String seen, String remedy) {
    enum State {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String what, String seen) {
        return new Finding(what, State.OK, seen, "");
    }

    static Finding warn(String what, String seen, String remedy) {
        return new Finding(what, State.WARN, seen, remedy);
    }

    static Finding fail(String what, String seen, String remedy) {
        return new Finding(what, State.FAIL, seen, remedy);
    }
}
