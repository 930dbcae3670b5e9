package io.foedus.controller.identity.entity;

import io.foedus.controller.refusals.Refusal;
import java.util.Locale;
import java.util.Set;

/**
 * Which passwords are acceptable: 10 to 200 characters, not one of those that everybody tries first, not made of the
 * account's name or the product's. No composition rules and no forced change, as ASVS 5 (6.2) asks.
 */
public final class PasswordRule {
    private static final int SHORTEST = 10;
    private static final int LONGEST = 200;
    private static final Set<String> COMMON = Set.of(
            "password",
            "passwrd",
            "qwerty",
            "qwertyuiop",
            "iloveyou",
            "princess",
            "sunshine",
            "football",
            "baseball",
            "superman",
            "welcome",
            "letmein",
            "admin",
            "administrator",
            "changeme",
            "secret",
            "monkey",
            "dragon",
            "master",
            "trustno",
            "foedus",
            "fedn",
            "abcdefghij",
            "asdfghjkl",
            "zxcvbnm",
            "default",
            "test",
            "testtest",
            "hello",
            "helloworld");

    private PasswordRule() {}

    /** Accepts silently or refuses with what to change. */
    public static void check(String account, String password) {
        if (password == null || password.length() < SHORTEST || password.length() > LONGEST) {
            throw refused("A password has " + SHORTEST + " to " + LONGEST + " characters.");
        }
        String bare = password.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        boolean guessable = bare.isEmpty() && password.chars().distinct().count() <= SHORTEST
                || COMMON.contains(bare)
                || password.chars().distinct().count() <= 3
                || bare.equals(
                        account == null ? "" : account.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
        if (guessable) {
            throw refused("This password is among those that are tried first.");
        }
    }

    private static Refusal refused(String detail) {
        return Refusal.unacceptable("WEAK_PASSWORD", detail, "Choose a longer one: four random words do well.");
    }
}
