package io.foedus.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.conformance.Python.Answer;
import io.foedus.federation.Alliance;
import io.foedus.federation.Federation;
import io.foedus.federation.Rest;
import io.foedus.launcher.processes.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** An alliance as FEDn's programs see it: its address, its tokens, its sites. Closing it stops the clients. */
final class FednLab implements AutoCloseable {
    private static final Duration MOST = Duration.ofMinutes(4);
    private static final Path RESOURCES = Path.of("src/test/resources/fedn").toAbsolutePath();

    private final Alliance alliance;
    private final Python python;
    private final List<FednSite> sites = new ArrayList<>();
    private final List<String> agents = new ArrayList<>();
    private final String token;

    FednLab(Federation federation, Python python, String name) {
        this.alliance = federation.alliance(name);
        this.python = python;
        ObjectNode request = Json.object().put("kind", "USER").put("name", name);
        token = federation.admin().post("/api/tokens", request).path("token").asText();
    }

    Alliance alliance() {
        return alliance;
    }

    Python python() {
        return python;
    }

    /** What a FEDn user gives as {@code --api-url}. */
    String url() {
        return alliance.federation().controller().uri() + "/fedn/" + alliance.name();
    }

    String joinToken() {
        return Secrets.read(alliance.joinToken());
    }

    Path folder() {
        return alliance.files();
    }

    Path resource(String name) {
        return RESOURCES.resolve(name);
    }

    /** FEDn's API, called as the operator; the path begins with the collection. */
    JsonNode get(String path) {
        Rest.Answer answer = alliance.federation().rest().as(token).get("/fedn/" + alliance.name() + "/api/v1/" + path);
        if (answer.status() != 200) {
            throw new AssertionError(path + ": " + answer.status() + " " + answer.body());
        }
        return answer.json();
    }

    /** Makes the tests' package with {@code fedn package create} and a seed model of so many megabytes; 0 = tiny. */
    FednLab materials(int megabytes) {
        fedn("package", "create", "--path", resource("package").toString(), "--output", folder().toString());
        List<String> seed = new ArrayList<>(List.of(folder().resolve("seed.npz").toString()));
        if (megabytes > 0) {
            seed.add(String.valueOf(megabytes));
        }
        Answer made = script("seed.py", seed.toArray(String[]::new));
        if (!made.ok() || Files.notExists(folder().resolve("package.tgz"))) {
            throw new AssertionError("no package or no seed: " + made.output());
        }
        return this;
    }

    /** Puts package and seed into the alliance. */
    FednLab upload() {
        alliance.uploadPackage(folder().resolve("package.tgz"));
        alliance.uploadSeed(folder().resolve("seed.npz"));
        return this;
    }

    /** Waits until so many clients attend combiners, as the controller sees it. */
    void awaitOnline(int count) {
        Awaitility.await(count + " clients of " + alliance.name() + " are online")
                .until(() -> get("clients/?status=online").path("count").asInt() == count);
    }

    FednSite site(String name, double shift, int examples) {
        FednSite site = new FednSite(this, name, shift, examples);
        sites.add(site);
        return site;
    }

    /** A Foedus agent that runs the same package. */
    FednSite agent(String name, double shift, int examples) {
        FednSite site = new FednSite(this, name, shift, examples);
        agents.add(name);
        alliance.site(name)
                .with("FEDN_DATA_PATH", site.data().toString())
                .with("PATH", python.path())
                .start();
        return site;
    }

    /** Runs {@code fedn} as the operator. */
    Answer fedn(String... arguments) {
        List<String> command = new ArrayList<>(List.of(python.beside("fedn")));
        command.addAll(List.of(arguments));
        return run(command, Map.of("FEDN_CONTROLLER_URL", url(), "FEDN_HOME_DIR", home().toString()));
    }

    /** Runs a Python script of these tests as the operator. */
    Answer script(String name, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(python.program(), resource(name).toString()));
        command.addAll(List.of(arguments));
        return run(command, Map.of());
    }

    private Answer run(List<String> command, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(python.environment());
        environment.put("FEDN_AUTH_TOKEN", token);
        environment.putAll(more);
        return Python.run(environment, folder(), MOST, command.toArray(String[]::new));
    }

    /** A login as {@code fedn studio login} leaves it, so that the command line does not complain that it has none. */
    private Path home() {
        try {
            Path context = folder().resolve("home/.fedn/context.yaml");
            Files.createDirectories(context.getParent());
            Files.writeString(context, "Active project tokens: {access: " + token + "}\n");
            return folder().resolve("home");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        sites.forEach(FednSite::close);
        agents.forEach(agent -> alliance.site(agent).agent().stop());
    }
}
