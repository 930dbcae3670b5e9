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
        String path = asked.replaceFirst("^/+", "/"); // FEDn's client asks for //api/v1/…
        return path.equals("/get_controller_status")
                || path.equals("/api")
                || path.startsWith("/api/")
                || path.equals("/fedn")
                || path.startsWith("/fedn/");
    }

    /** The path inside the application, without query. */
    public static String pathOf(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }
}
