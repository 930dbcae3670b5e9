package io.foedus.web.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Which door a request came through: programs' or people's. */
public final class Doors {
    private Doors() {}

    /** Whether the request is for the REST API or FEDn's API: tokens count, cookies do not, errors are JSON. */
    public static boolean isForPrograms(HttpServletRequest request) {
        return isForPrograms(pathOf(request));
    }

    public static boolean isForPrograms(String asked) {
        String path = plain(asked);
        return isForFedn(path) || path.equals("/api") || path.startsWith("/api/");
    }

    /** Whether the path is one of FEDn's API, whose errors are {@code {"message": …}}. */
    public static boolean isForFedn(String asked) {
        String path = plain(asked);
        return path.equals("/get_controller_status")
                || path.startsWith("/api/v1/")
                || path.equals("/fedn")
                || path.startsWith("/fedn/");
    }

    /** FEDn's client asks for {@code //api/v1/…}. */
    private static String plain(String asked) {
        return asked.replaceFirst("^/+", "/");
    }

    /** The path inside the application as the container reads it: without query and parameters, decoded. */
    public static String pathOf(HttpServletRequest request) {
        String path = request.getRequestURI()
                .substring(request.getContextPath().length())
                .replaceAll(";[^/]*", "");
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path; // no container takes it either
        }
    }

    /**
     * Path and query, inside the application, of the page that a part is asked for by, as the browser names it; empty
     * if it does not, or if it is none of ours.
     */
    public static String pageAround(HttpServletRequest request) {
        String referrer = request.getHeader("Referer");
        try {
            URI page = URI.create(referrer == null ? "" : referrer);
            String path = page.getRawPath();
            return path != null && path.startsWith(request.getContextPath() + "/")
                    ? withQuery(path.substring(request.getContextPath().length()), page.getRawQuery())
                    : "";
        } catch (IllegalArgumentException e) {
            return ""; // no address
        }
    }

    static String withQuery(String path, String query) {
        return path + (query == null ? "" : "?" + query);
    }

    /** Whether a path is one of this application's pages: never another host's, whatever a browser makes of it. */
    public static boolean isOwnPage(String path) {
        return path != null
                && path.startsWith("/")
                && !path.startsWith("//")
                && path.indexOf('\\') < 0
                && path.chars().allMatch(sign -> sign > ' ' && sign < 127)
                && !isForPrograms(path);
    }
}
