package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.FailureReport;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.console.ProgressBar;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.controller.FileTransfer;
import io.foedus.agent.packages.PackageException;
import io.foedus.agent.packages.PackageFolder;
import io.foedus.agent.packages.PackageRun;
import io.foedus.agent.transfer.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus package …}. */
@Command(
        name = "package",
        description = "Compute packages: create, run, upload, list, activate, download, delete.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus package run build --path client",
            "  foedus package create --path client --output package.tgz",
            "  foedus package upload package.tgz -a digits"
        })
public final class PackageCommands extends Group {
    @Command(
            name = "create",
            description = {
                "Pack a folder with fedn.yaml into an archive. The same files always make the same bytes.",
                "What .fednignore names stays out: one pattern a line, * and ? within a name, / at the end for folders only."
            },
            footerHeading = "%nExample:%n",
            footer = "  foedus package create --path client --output package.tgz")
    int create(
            @Mixin Output out,
            @Option(
                            names = {"-p", "--path"},
                            paramLabel = "DIR",
                            required = true,
                            description = "The folder.")
                    Path path,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            defaultValue = "package.tgz",
                            description = "The archive to make (default: package.tgz).")
                    Path output) {
        try {
            PackageFolder.Packed packed = PackageFolder.pack(path, output);
            out.value(Json.object()
                    .put("file", output.toString())
                    .put("files", packed.files())
                    .put("size", packed.size())
                    .put("digest", packed.digest())
                    .put("entryPoints", String.join(", ", packed.entryPoints())));
        } catch (PackageException e) {
            throw new Failure(ExitCode.INVALID, path + ": " + e.getMessage(), "Mend the folder.", e);
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot pack " + path + ": " + e, "Check the folder.", e);
        }
        return 0;
    }

    @Command(
            name = "run",
            description = {
                "Run an entry point of a package in its folder, as an agent would, on this machine's data.",
                "A package with python_env gets its environment, which is made once and kept."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus package run build --path client",
                "  foedus package run train seed.npz update.npz --path client --setting epochs=1",
                "  foedus package run predict model.npz labels.json --path client"
            })
    int run(
            @Mixin Output out,
            @Option(
                            names = {"-p", "--path"},
                            paramLabel = "DIR",
                            required = true,
                            description = "The folder.")
                    Path path,
            @Option(
                            names = "--python",
                            paramLabel = "PROGRAM",
                            defaultValue = "python3",
                            description = "Makes environments (default: python3).")
                    String python,
            @Option(
                            names = "--setting",
                            paramLabel = "KEY=VALUE",
                            description = "Goes to <model>-metadata, where a session's settings are; may be repeated.")
                    @Nullable Map<String, String> settings,
            @Parameters(
                            index = "0",
                            paramLabel = "ENTRY_POINT",
                            description = "build, startup, train, validate, predict.")
                    String entryPoint,
            @Parameters(
                            index = "1..*",
                            arity = "0..2",
                            paramLabel = "FILE",
                            description = "The model, and the file to write.")
                    @Nullable List<Path> files)
            throws InterruptedException {
        Path environments = Path.of(System.getProperty("user.home", "."), ".cache", "foedus", "environments");
        try {
            String log = new PackageRun(path, environments, python)
                    .run(
                            entryPoint,
                            files == null ? List.of() : files,
                            PlanOptions.members(settings == null ? Map.of() : settings)
                                    .toString());
            out.err().print(FailureReport.printable(log));
            out.done(entryPoint + " of " + path + " ended well");
            return 0;
        } catch (PackageException e) {
            out.err().print(FailureReport.printable(e.log()));
            throw new Failure(ExitCode.FAILURE, path + ": " + e.getMessage(), "Mend what it printed above.", e);
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot run " + path + ": " + e, "Check the folder.", e);
        }
    }

    @Command(
            name = "upload",
            description = "Upload an archive with fedn.yaml; it becomes the package that agents run.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  foedus package upload package.tgz -a digits",
                "  foedus package upload next.tgz -a digits --no-activate"
            })
    int upload(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(names = "--name", description = "What to call it (default: the file's name).") @Nullable String name,
            @Option(names = "--no-activate", description = "Leave the active package as it is.") boolean passive,
            @Parameters(paramLabel = "ARCHIVE", description = "tar.gz, tar.bz2, tar or zip.") Path archive) {
        ModelUploadCommand.size(archive);
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("name", name == null ? archive.getFileName() : name);
        query.put("fileName", archive.getFileName());
        query.put("activate", !passive);
        out.value(
                at.open().postFile(at.in("/packages") + ControllerClient.query(query), archive),
                "id",
                "name",
                "active",
                "size",
                "digest",
                "entryPoints");
        return 0;
    }

    @Command(
            name = "list",
            description = "List the alliance's packages.",
            footerHeading = "%nExample:%n",
            footer = "  foedus package list -a digits")
    int list(@Mixin Connection at, @Mixin Output out) {
        out.table(
                at.open().list(at.in("/packages"), Integer.MAX_VALUE),
                "id",
                "name",
                "active",
                "size",
                "digest",
                "createdAt");
        return 0;
    }

    @Command(
            name = "show",
            description = "Show one package with its entry points.",
            footerHeading = "%nExample:%n",
            footer = "  foedus package show package.tgz -a digits")
    int show(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "PACKAGE", description = "Id or name.") String id) {
        ControllerClient controller = at.open();
        out.value(controller.get(path(at, controller, id)));
        return 0;
    }

    @Command(
            name = "activate",
            description = "Make a package the one that agents run.",
            footerHeading = "%nExample:%n",
            footer = "  foedus package activate 0198c0de-… -a digits")
    int activate(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "PACKAGE", description = "Id or name.") String id) {
        ControllerClient controller = at.open();
        out.value(controller.put(path(at, controller, id) + "/active", Json.object()), "id", "name", "active");
        return 0;
    }

    @Command(
            name = "download",
            description = "Download a package; its SHA-256 is checked.",
            footerHeading = "%nExample:%n",
            footer = "  foedus package download 0198c0de-… -a digits --output package.tgz")
    int download(
            @Mixin Connection at,
            @Mixin Output out,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "Where to (default: its file name here).")
                    @Nullable Path output,
            @Parameters(paramLabel = "PACKAGE", description = "Id or name.") String id) {
        ControllerClient controller = at.open();
        String path = path(at, controller, id);
        JsonNode view = controller.get(path);
        Path target = output != null
                ? output
                : Path.of(view.path("fileName").asText("package").replaceAll("[^A-Za-z0-9._-]+", "-"));
        if (Files.exists(target)) {
            throw new Failure(ExitCode.CONFLICT, target + " is there already", "Give another --output.");
        }
        try (ProgressBar bar =
                new ProgressBar(out, "downloading " + target, view.path("size").asLong())) {
            new FileTransfer(controller, bar, Retry.backoff(RandomGenerator.getDefault()))
                    .download(path + "/content", target, view.path("digest").asText());
        }
        out.done("saved " + target);
        return 0;
    }

    @Command(
            name = "delete",
            description = "Delete a package that no session uses.",
            footerHeading = "%nExample:%n",
            footer = "  foedus package delete 0198c0de-… -a digits")
    int delete(
            @Mixin Connection at,
            @Mixin Output out,
            @Parameters(paramLabel = "PACKAGE", description = "Id or name.") String id) {
        ControllerClient controller = at.open();
        controller.delete(path(at, controller, id));
        out.done("package " + id + " is deleted");
        return 0;
    }

    private static String path(Connection at, ControllerClient controller, String given) {
        return at.in("/packages/" + Named.id(controller, at.in("/packages"), "package", given));
    }
}
