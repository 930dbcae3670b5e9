package io.foedus.core.aggregation;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where all contributions of a block have the same bytes. Each contribution is looked at once, element by element. */
final class Agreement {
    private final boolean[] agreed;
    private final int width;
    private long compared;

    /** @param width bytes of an element */
    Agreement(int length, int width) {
        this.agreed = new boolean[length];
        this.width = width;
        Arrays.fill(agreed, true);
    }

    /** Takes one more contribution in. */
    void with(ByteBuffer first, ByteBuffer other) {
        if (first.equals(other)) {
            return;
        }
        for (int i = 0; i < agreed.length; i++) {
            agreed[i] &= same(first, other, i * width);
        }
        compared += agreed.length;
    }

    private boolean same(ByteBuffer a, ByteBuffer b, int at) {
        return switch (width) {
            case 1 -> a.get(at) == b.get(at);
            case 2 -> a.getShort(at) == b.getShort(at);
            case 4 -> a.getInt(at) == b.getInt(at);
            default -> a.getLong(at) == b.getLong(at);
        };
    }

    /** Takes over that inputs of a contribution differ among themselves: zero where they do. */
    void within(ByteBuffer flags) {
        for (int i = 0; i < agreed.length; i++) {
            agreed[i] &= flags.get(i) != 0;
        }
    }

    boolean at(int element) {
        return agreed[element];
    }

    boolean everywhere() {
        for (boolean one : agreed) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    /** How many elements were compared one by one. */
    long compared() {
        return compared;
    }
}
