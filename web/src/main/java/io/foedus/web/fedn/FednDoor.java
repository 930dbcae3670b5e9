package io.foedus.web.fedn;

import io.foedus.web.security.Doors;
import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Sends a request for one of FEDn's own addresses to where the resources are; see {@link FednPaths}. */
@WebFilter(
        urlPatterns = {"/api/*", "/fedn/*", "/get_controller_status"},
        asyncSupported = true)
public class FednDoor extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Inject
    @ConfigProperty(name = "foedus.fedn.default-alliance", defaultValue = "default")
    transient String defaultAlliance;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<String> mended = FednPaths.mended(Doors.pathOf(request), defaultAlliance);
        if (mended.isPresent()) {
            request.getRequestDispatcher(mended.get()).forward(request, response);
        } else {
            chain.doFilter(request, response);
        }
    }
}
