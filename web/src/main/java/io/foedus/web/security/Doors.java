package io.foedus.web.security;

import jakarta.servlet.http.HttpServletRequest;

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

    /** The path inside the application, without query. */
    public static String pathOf(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
