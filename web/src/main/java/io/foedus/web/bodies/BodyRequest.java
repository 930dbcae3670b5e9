package io.foedus.web.bodies;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.Part;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request whose body comes through a {@link PacedBody}, and whose form was read here: the container, which would wait
 * for it as long as the sender likes, does not get to it.
 */
final class BodyRequest extends HttpServletRequestWrapper {
    private final PacedBody body;
    private final Map<String, List<String>> fields;
    private final List<FormPart> parts;

    /** @param fields of the form, without those of the address; empty if the body is no form */
    BodyRequest(HttpServletRequest request, PacedBody body, Map<String, List<String>> fields, List<FormPart> parts) {
        super(request);
        this.body = body;
        this.fields = fields;
        this.parts = parts;
    }

    @Override
    public ServletInputStream getInputStream() {
        return body;
    }

    @Override
    public BufferedReader getReader() {
        Charset charset =
                getCharacterEncoding() == null ? StandardCharsets.UTF_8 : Charset.forName(getCharacterEncoding());
        return new BufferedReader(new InputStreamReader(body, charset));
    }

    @Override
    public Map<String, String[]> getParameterMap() {
        Map<String, String[]> all = new LinkedHashMap<>(super.getParameterMap());
        fields.forEach((name, values) -> {
            List<String> both = new ArrayList<>(List.of(all.getOrDefault(name, new String[0])));
            both.addAll(values);
            all.put(name, both.toArray(String[]::new));
        });
        return all;
    }

    @Override
    public String getParameter(String name) {
        String[] values = getParameterValues(name);
        return values == null ? null : values[0];
    }

    @Override
    public String[] getParameterValues(String name) {
        return getParameterMap().get(name);
    }

    @Override
    public Enumeration<String> getParameterNames() {
        return Collections.enumeration(getParameterMap().keySet());
    }

    @Override
    public Collection<Part> getParts() {
        return List.copyOf(parts);
    }

    @Override
    public Part getPart(String name) {
        return parts.stream()
                .filter(part -> part.getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
