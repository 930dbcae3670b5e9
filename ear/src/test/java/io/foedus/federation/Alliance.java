package io.foedus.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.console.Json;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.ControllerException;
import io.foedus.launcher.processes.Directories;
import io.foedus.launcher.processes.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An alliance of a running federation and what is in it, through the REST API. Closing it stops its agents; what is at
 * the controller stays.
 */
public final class Alliance implements AutoCloseable {
    private final Federation federation;
    private final String name;
    private final Map<String, Site> sites = new LinkedHashMap<>();

    private Alliance(Federation federation, String name) {
        this.federation = federation;
        this.name = name;
    }

    static Alliance at(Federation federation, String name) {
        try {
            federation.admin().post("/api/alliances", Json.object().put("name", name));
        } catch (ControllerException e) {
            if (e.status() != 409) {
                throw e;
            }
        }
        return new Alliance(federation, name);
    }

    public String name() {
        return name;
    }

    public Federation federation() {
        return federation;
    }

    /** Path of the alliance in the API, with {@code rest} behind it. */
    public String path(String rest) {
        return "/api/alliances/" + name + rest;
    }

    /** Uploads a compute package, which becomes the active one; returns its id. */
    public String uploadPackage(Path archive) {
        return controller()
                .postFile(path("/packages?name=" + name + "&fileName=" + archive.getFileName()), archive)
                .path("id")
                .asText();
    }

    /** Uploads a seed model in the format npz; returns its id. */
    public String uploadSeed(Path model) {
        return controller()
                .postFile(path("/models?name=seed&format=npz"), model)
                .path("id")
                .asText();
    }

    /** Uploads the package that trains in milliseconds and a seed of zeros. */
    public Alliance useInstantPackage() {
        Path files = files();
        uploadPackage(InstantPackage.archive(files.resolve("instant.zip")));
        uploadSeed(Models.write(files.resolve("seed.npz"), new double[InstantPackage.VALUES]));
        return this;
    }

    /** The site of an agent, not started yet unless it was before. */
    public Site site(String agent) {
        return sites.computeIfAbsent(agent, any -> new Site(this, agent));
    }

    /** All sites that were ever asked for. */
    public List<Site> sites() {
        return List.copyOf(sites.values());
    }

    /** Starts so many agents with the instant package's files: each returns a one-hot vector and one example more. */
    public List<Site> startAgents(int count) {
        for (int i = 1; i <= count; i++) {
            site("agent-" + i)
                    .update(Models.oneHot(i - 1, InstantPackage.VALUES))
                    .examples(i)
                    .start();
        }
        return List.copyOf(sites.values());
    }

    /**
     * Creates and starts a session from the latest model with the active package.
     *
     * @param plan see {@code docs/api.md}
     */
    public SessionRun start(JsonNode plan) {
        ObjectNode request = Json.object().put("start", true);
        request.set("plan", plan);
        return new SessionRun(
                this, controller().post(path("/sessions"), request).path("id").asText());
    }

    /** A session that somebody else created. */
    public SessionRun session(String id) {
        return new SessionRun(this, id);
    }

    public JsonNode model(String id) {
        return controller().get(path("/models/" + id));
    }

    /** The values of a model's first tensor. */
    public double[] values(String model) {
        return Models.read(download(model));
    }

    /** A model's file, fetched. */
    public Path download(String model) {
        Path file = files().resolve(model + ".npz");
        try (ControllerClient.Bytes bytes = controller().bytes(path("/models/" + model + "/content"), 0);
                InputStream stream = bytes.stream()) {
            Files.copy(stream, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** All models, newest first. */
    public List<JsonNode> models() {
        return controller().list(path("/models"), Integer.MAX_VALUE);
    }

    /** Scratch directory of the alliance. */
    public Path files() {
        return Directories.ownersOnly(federation.home().resolve("files").resolve(name));
    }

    /** File with a token that agents join with. */
    public synchronized Path joinToken() {
        Path file = federation.installation().data().secret("join-" + name);
        if (Files.notExists(file)) {
            ObjectNode request = Json.object().put("kind", "JOIN").put("alliance", name);
            request.put("name", "agents");
            Secrets.write(
                    file,
                    controller().post("/api/tokens", request).path("token").asText());
        }
        return file;
    }

    @Override
    public void close() {
        sites.values().forEach(Site::stop);
    }

    ControllerClient controller() {
        return federation.admin();
    }
}
