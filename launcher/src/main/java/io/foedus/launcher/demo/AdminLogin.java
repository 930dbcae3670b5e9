package io.foedus.launcher.demo;

import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import io.foedus.launcher.processes.DataDirectory;
import io.foedus.launcher.processes.Secrets;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The admin of an installation that was made for its user, such as the demo's: its password and its token are files of
 * mode 0600, made at the first run and used again.
 */
public final class AdminLogin {
    public static final String ACCOUNT = "admin";

    private AdminLogin() {}

    /** The file with the password, which is made if there is none. */
    public static Path passwordFile(DataDirectory data) {
        Path file = data.secret("admin-password");
        Secrets.made(file);
        return file;
    }

    /** A client that calls the controller as the admin. */
    public static ControllerClient at(URI controller, DataDirectory data) {
        ControllerClient anonymous = new ControllerClient(controller, null, Optional.empty());
        Path file = data.secret("admin-token");
        if (Files.exists(file)) {
            ControllerClient known = anonymous.withToken(Secrets.read(file));
            try {
                known.get("/api/me");
                return known;
            } catch (ControllerException e) {
                if (e.status() != 401) {
                    throw e;
                }
            }
        }
        String token = anonymous
                .withPassword(ACCOUNT, Secrets.read(passwordFile(data)))
                .post("/api/tokens", Json.object().put("kind", "USER").put("name", "demo"))
                .path("token")
                .asText();
        Secrets.write(file, token);
        return anonymous.withToken(token);
    }
}
