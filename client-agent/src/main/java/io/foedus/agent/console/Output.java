package io.foedus.agent.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Mixin of every command that answers something: {@code --json} prints the value as it is on one line, otherwise a
 * table or {@code name: value} lines for people.
 */
public final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--json", description = "Print JSON for programs instead of text.")
    private boolean json;

    /** An output for code that runs without a command line, like tests. */
    public static Output to(CommandSpec command, boolean json) {
        Output output = new Output();
        output.command = command;
        output.json = json;
        return output;
    }

    public boolean isJson() {
        return json;
    }

    /** Standard output of the command. */
    public PrintWriter out() {
        return command.commandLine().getOut();
    }

    /** Standard error of the command: progress, notes, warnings. */
    public PrintWriter err() {
        return command.commandLine().getErr();
    }

    /** One object: the JSON as it is, or a line per field of {@code fields} (all if none are named). */
    public void value(JsonNode value, String... fields) {
        if (json) {
            out().println(Json.line(value));
        } else {
            List<String> names = new ArrayList<>(List.of(fields));
            if (names.isEmpty()) {
                value.fieldNames().forEachRemaining(names::add);
            }
            int width = names.stream().mapToInt(String::length).max().orElse(0);
            for (String name : names) {
                out().println(String.format("%-" + (width + 1) + "s %s", name + ":", text(value.at(pointer(name)))));
            }
        }
        out().flush();
    }

    /** A list: a JSON array, or a table of the named fields. A field may be a path such as {@code tally.accepted}. */
    public void table(List<JsonNode> rows, String... fields) {
        if (json) {
            out().println(Json.line(rows));
        } else if (rows.isEmpty()) {
            err().println("nothing there");
        } else {
            printTable(rows, fields);
        }
        out().flush();
        err().flush();
    }

    /** A sentence for people; nothing with {@code --json}. */
    public void say(String sentence) {
        if (!json) {
            out().println(FailureReport.printable(sentence));
            out().flush();
        }
    }

    /** That something without an answer was done: a sentence for people, {@code {"done": …}} for programs. */
    public void done(String sentence) {
        if (json) {
            out().println(Json.line(Json.object().put("done", sentence)));
        } else {
            say(sentence);
        }
        out().flush();
    }

    private void printTable(List<JsonNode> rows, String... fields) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of(fields).stream()
                .map(f -> f.substring(f.lastIndexOf('.') + 1).toUpperCase(java.util.Locale.ROOT))
                .toList());
        for (JsonNode row : rows) {
            cells.add(
                    List.of(fields).stream().map(f -> text(row.at(pointer(f)))).toList());
        }
        int[] widths = new int[fields.length];
        cells.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        for (List<String> line : cells) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(String.format("%-" + Math.max(1, widths[i]) + "s  ", line.get(i)));
            }
            out().println(text.toString().stripTrailing());
        }
    }

    private static String pointer(String path) {
        return "/" + path.replace('.', '/');
    }

    private static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "-";
        }
        return FailureReport.printable(value.isValueNode() ? value.asText() : Json.line(value));
    }
}
