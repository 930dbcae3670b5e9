package io.foedus.web.problems;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.refusals.Refusal;
import jakarta.inject.Inject;
import jakarta.json.JsonException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds JSON bodies to {@code foedus.limits.json-bytes} and makes one problem of all the ways in which a body is not
 * what its call takes: broken, nested without end, an array or {@code null} where an object is due.
 *
 * <p>A body is read to its end before it is bound. The platform's binding skips members that it does not know without
 * looking for the end of the body, and would never come back from <code>{"x":{</code>.
 */
@Provider
public class JsonBodies implements ReaderInterceptor {
    private static final Pattern PROPERTY = Pattern.compile("property '([^']{1,60})'");

    @Inject
    ControllerConfig config;

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        boolean bytesWanted = context.getType() == InputStream.class;
        if (bytesWanted || !context.getMediaType().getSubtype().endsWith("json")) {
            return context.proceed();
        }
        int most = (int) config.limits().jsonBytes();
        byte[] bytes = context.getInputStream().readNBytes(most);
        if (context.getInputStream().read() >= 0) {
            throw Refusal.tooLarge(
                    "TOO_LARGE", "The JSON body has more than " + most + " bytes.", "Send less, or ask an admin.");
        }
        context.setInputStream(new ByteArrayInputStream(bytes));
        try {
            JsonShape.require(bytes);
            Object body = context.proceed();
            boolean wanted = body == null
                    ? bytes.length == 0
                    : context.getType().isPrimitive() || context.getType().isInstance(body);
            if (!wanted) {
                throw new JsonException("not of the type of this call");
            }
            return body;
        } catch (JsonException | Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw of(e);
        }
    }

    /**
     * Tells what a type itself refused, or where the binding stumbled; nothing else of its message, which names
     * classes.
     */
    private static RuntimeException of(RuntimeException thrown) {
        StringJoiner path = new StringJoiner("/");
        for (Throwable at = thrown; at != null; at = at.getCause() == at ? null : at.getCause()) {
            if (at instanceof Refusal refusal) {
                return refusal;
            }
            Matcher property = PROPERTY.matcher(String.valueOf(at.getMessage()));
            if (property.find()) {
                path.add(property.group(1));
            }
        }
        return path.length() == 0
                ? new JsonException("not the JSON of this call", thrown)
                : Refusal.malformed(
                        "MALFORMED_JSON",
                        "The member '" + path + "' is not of the kind that this call takes.",
                        "Check its type; see /openapi.");
    }
}
