package io.foedus.core.identity;

import java.util.Arrays;
import java.util.Optional;

/** What a token is for; its two letters are the token's prefix, so that people and secret scanners recognise it. */
public enum TokenKind {
    /** A person's programs. */
    USER("ua"),
    /** Agents join an alliance. */
    JOIN("jt"),
    /** One agent. */
    AGENT("ag"),
    /** Combiners join the installation. */
    COMBINER_JOIN("cj"),
    /** One combiner. */
    COMBINER("cb");

    private final String letters;

    TokenKind(String letters) {
        this.letters = letters;
    }

    public String letters() {
        return letters;
    }

    static Optional<TokenKind> ofLetters(String letters) {
        return Arrays.stream(values())
                .filter(kind -> kind.letters.equals(letters))
                .findFirst();
    }
}
