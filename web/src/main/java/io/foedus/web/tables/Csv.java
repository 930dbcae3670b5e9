package io.foedus.web.tables;

import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Comma-separated values after RFC 4180 that are safe to open in a spreadsheet: a text that a program might take for a
 * formula (it begins with {@code = + - @}, tab, carriage return or a full-width form of these, and is no number) gets a
 * leading apostrophe.
 *
 * @param <T> a row
 */
public final class Csv<T> {
    private static final String RISKY = "=+-@\t\r\n＝＋－＠";
    private final List<String> titles = new ArrayList<>();
    private final List<Function<T, Object>> columns = new ArrayList<>();

    public Csv<T> column(String title, Function<T, Object> value) {
        titles.add(title);
        columns.add(value);
        return this;
    }

    void write(Stream<T> rows, Writer out) throws IOException {
        line(out, titles);
        for (Iterator<T> each = rows.iterator(); each.hasNext(); ) {
            T row = each.next();
            line(out, columns.stream().map(column -> column.apply(row)).toList());
        }
    }

    /** Sends the table's rows as a download and ends the request. */
    public void send(Table<T> table, String fileName) {
        FacesContext faces = FacesContext.getCurrentInstance();
        ExternalContext response = faces.getExternalContext();
        response.responseReset();
        response.setResponseContentType("text/csv; charset=utf-8");
        response.setResponseHeader("Content-Disposition", "attachment; filename=\"" + fileName + "\"");
        response.setResponseHeader("X-Content-Type-Options", "nosniff");
        try (Writer out = new OutputStreamWriter(response.getResponseOutputStream(), StandardCharsets.UTF_8)) {
            write(table.all(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }

    private static void line(Writer out, List<?> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            out.write(i == 0 ? "" : ",");
            out.write(cell(cells.get(i)));
        }
        out.write("\r\n");
    }

    static String cell(Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        if (!(value instanceof Number) && !text.isEmpty() && RISKY.indexOf(text.charAt(0)) >= 0 && !isNumber(text)) {
            text = "'" + text;
        }
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static boolean isNumber(String text) {
        return text.matches("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
    }
}
