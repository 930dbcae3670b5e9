package io.foedus.web.fedn;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that FEDn's programs really ask for, mended.
 *
 * <p>0.33's client asks for {@code //api/v1/packages/download}, its {@code status get} for {@code /api/v1/statuses7},
 * and {@code /api/v1} without an alliance means the default one. Pure.
 */
final class FednPaths {
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern GLUED_STATUS = Pattern.compile("(/api/v1/statuses)([0-9]+)$");
    private static final Pattern OLD_ROOT = Pattern.compile("/(get_controller_status|add_client|add_combiner)/?");

    private FednPaths() {}

    /**
     * Where the request should go instead.
     *
     * @param path inside the application, without query
     * @param defaultAlliance the alliance that {@code /api/v1} means
     * @return empty if the path is fine or none of FEDn's
     */
    static Optional<String> mended(String path, String defaultAlliance) {
        String clean = SLASHES.matcher(path).replaceAll("/");
        if (clean.startsWith("/api/v1/")
                || clean.equals("/api/v1")
                || OLD_ROOT.matcher(clean).matches()) {
            clean = "/fedn/" + defaultAlliance + clean;
        }
        if (!clean.startsWith("/fedn/")) {
            return Optional.empty();
        }
        clean = GLUED_STATUS.matcher(clean).replaceFirst("$1/$2");
        return clean.equals(path) ? Optional.empty() : Optional.of(clean);
    }
}
