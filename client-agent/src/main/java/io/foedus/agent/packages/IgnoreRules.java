package io.foedus.agent.packages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What stays out of a package: the patterns of {@code .fednignore}. A pattern is compared with the path from the folder
 * on and with each name in it, so {@code data} leaves out every file and folder of that name; {@code *} and {@code ?}
 * stand for any text, {@code [abc]} for one of these, as in a shell; a slash at the end says that a folder is meant.
 */
final class IgnoreRules {
    static final String FILE = ".fednignore";

    private record Rule(Pattern pattern, boolean foldersOnly) {}

    private final List<Rule> rules = new ArrayList<>();

    private IgnoreRules() {}

    /** The rules of a folder; none if it has no such file. */
    static IgnoreRules of(Path folder) throws IOException {
        IgnoreRules rules = new IgnoreRules();
        Path file = folder.resolve(FILE);
        if (Files.isRegularFile(file)) {
            Files.readAllLines(file).forEach(rules::add);
        }
        rules.add(FILE);
        rules.add(".git/");
        rules.add("__pycache__/");
        return rules;
    }

    private void add(String line) {
        String pattern = line.strip().replaceFirst("^(\\./|/)", "");
        boolean foldersOnly = pattern.endsWith("/");
        if (foldersOnly) {
            pattern = pattern.substring(0, pattern.length() - 1);
        }
        if (!pattern.isEmpty() && !pattern.startsWith("#")) {
            rules.add(new Rule(Pattern.compile(expression(pattern)), foldersOnly));
        }
    }

    /** Whether this file or folder stays out, given that the folders it is in do not. */
    boolean leaveOut(Path relative, boolean isFolder) {
        String whole = relative.toString().replace('\\', '/');
        String name = relative.getFileName().toString();
        return rules.stream()
                .filter(rule -> isFolder || !rule.foldersOnly)
                .anyMatch(rule -> rule.pattern.matcher(whole).matches()
                        || rule.pattern.matcher(name).matches());
    }

    /** A shell pattern as a regular expression. */
    private static String expression(String shell) {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < shell.length(); i++) {
            char c = shell.charAt(i);
            int end = c == '[' ? shell.indexOf(']', i + 2) : -1;
            if (c == '*') {
                expression.append(".*");
            } else if (c == '?') {
                expression.append('.');
            } else if (end > 0) {
                String set = shell.substring(i + 1, end)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&", "\\&");
                expression
                        .append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = end;
            } else {
                expression.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return expression.toString();
    }
}
