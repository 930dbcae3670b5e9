package io.foedus.web.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.UUID;

/**
 * Headers that every response carries: what a browser may do with it, and the request id that also stands in the log
 * and in problems.
 *
 * <p>Faces pages get PrimeFaces' policy with its nonce instead of the one for data; it is set later and replaces this
 * one.
 */
@WebFilter(
        urlPatterns = "/*",
        asyncSupported = true,
        dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ERROR})
public class ResponseHeaders extends HttpFilter {
    private static final long serialVersionUID = 1L;

    /** Request attribute with the request's id. */
    public static final String REQUEST_ID = "foedus.requestId";

    private static final String DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
    private static final String PAGE_POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                    + " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /** The request's id, which is made when it is asked for first. */
    public static String idOf(HttpServletRequest request) {
        if (request.getAttribute(REQUEST_ID) == null) {
            request.setAttribute(REQUEST_ID, UUID.randomUUID().toString());
        }
        return (String) request.getAttribute(REQUEST_ID);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean forPrograms = Doors.isForPrograms(request);
        response.setHeader("X-Request-Id", idOf(request));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        response.setHeader("Content-Security-Policy", forPrograms ? DATA_POLICY : PAGE_POLICY);
        if (forPrograms) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        chain.doFilter(request, new HttpServletResponseWrapper(response) {
            @Override
            public void addHeader(String name, String value) {
                if (name.equalsIgnoreCase("Content-Security-Policy")) {
                    setHeader(name, value);
                } else {
                    super.addHeader(name, value);
                }
            }
        });
    }
}
