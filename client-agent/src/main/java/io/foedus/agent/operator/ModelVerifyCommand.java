package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.agent.console.Output;
import io.foedus.agent.controller.Connection;
import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.lineage.Finding;
import io.foedus.agent.lineage.LineageCheck;
import io.foedus.agent.lineage.LineageFolder;
import io.foedus.agent.lineage.SignedManifest;
import io.foedus.agent.state.PrivateFiles;
import io.foedus.core.lineage.Signatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code foedus model verify}: where a model comes from, without trusting who tells it. */
@Command(
        name = "verify",
        description = {
            "Check where a model comes from: signatures of its manifests (Ed25519), the chain of their hashes, and, where"
                    + " updates were kept, the training itself, computed again and compared bit for bit.",
            "A folder is checked offline. Exit code 0 if all holds, 1 if anything does not: a signature that is forged, a"
                    + " chain that is broken, a model that comes out differently, or a signed manifest that names inputs"
                    + " which were not counted, as controllers up to November 2026 could write after they had been away."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  foedus model download 0198c0de-… -a digits --lineage evidence/",
            "  foedus model verify evidence/ --public-key controller.key",
            "  foedus model verify 0198c0de-… -a digits --recompute"
        })
public final class ModelVerifyCommand implements Callable<Integer> {
    @Mixin
    private Connection at = new Connection();

    @Mixin
    private Output out = new Output();

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "The key to trust, as /api/public-key gave it once (default: the one that comes with the"
                    + " manifests, which proves only that one key signed them all).")
    private @Nullable Path trusted;

    @Option(names = "--recompute", description = "With a model's id: fetch models and kept updates too.")
    private boolean recompute;

    @Parameters(
            paramLabel = "DIR|MODEL",
            description = "A folder that `model download --lineage` made, or a model's id.")
    private String what = "";

    @Override
    public Integer call() {
        try {
            Path scratch = Files.createTempDirectory("foedus-verify-");
            try {
                return verify(scratch);
            } finally {
                PrivateFiles.deleteAll(scratch);
            }
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILURE, "cannot verify " + what + ": " + e.getMessage(), "Check disk and files.", e);
        }
    }

    private int verify(Path scratch) throws IOException {
        Path folder = Path.of(what);
        if (!Files.isDirectory(folder)) {
            folder = Files.createDirectories(scratch.resolve("evidence"));
            fetch(folder);
        }
        LineageFolder evidence = LineageFolder.read(folder);
        if (evidence.manifests().isEmpty()) {
            throw new Failure(
                    ExitCode.NOT_FOUND,
                    what + " has no manifest: "
                            + (Files.isDirectory(Path.of(what)) ? "no file in it is one" : "it is a seed model"),
                    "Give a folder that `foedus model download MODEL --lineage DIR` made, or a model that a round made.");
        }
        PublicKey key = key(evidence);
        Path work = Files.createDirectories(scratch.resolve("work"));
        return report(new LineageCheck(evidence, key, work).run(), Signatures.text(key));
    }

    private void fetch(Path folder) {
        ControllerClient controller = at.open();
        LineageDownload download = new LineageDownload(at, controller, out, folder);
        if (recompute) {
            download.run(what);
        } else {
            download.runManifests(what);
        }
    }

    private PublicKey key(LineageFolder evidence) {
        try {
            if (trusted != null) {
                return Signatures.publicKey(keyText(Files.readString(trusted)));
            }
            List<String> told = evidence.manifests().stream()
                    .map(SignedManifest::publicKey)
                    .distinct()
                    .toList();
            if (told.size() != 1) {
                throw new Failure(
                        ExitCode.FAILURE,
                        "the manifests name " + told.size() + " different keys",
                        "Give the one to trust with --public-key FILE.");
            }
            return Signatures.publicKey(told.get(0));
        } catch (IOException e) {
            throw new Failure(ExitCode.CONFIGURATION, "cannot read the key file " + trusted, "Check the path.", e);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    (trusted == null ? "the manifests' key" : trusted) + " is no Ed25519 public key",
                    "Give a file with what /api/public-key answers, or its base64 alone.",
                    e);
        }
    }

    /** The file may hold the answer of the API, or the base64 alone. */
    private static String keyText(String content) throws IOException {
        String text = content.strip();
        return text.startsWith("{") ? Json.read(text).path("publicKey").asText() : text;
    }

    private int report(List<Finding> findings, String key) {
        boolean holds = findings.stream().allMatch(Finding::holds);
        List<JsonNode> rows = findings.stream().map(ModelVerifyCommand::row).toList();
        if (out.isJson()) {
            var summary =
                    Json.object().put("verified", holds).put("publicKey", key).put("keyTrusted", trusted != null);
            rows.forEach(summary.putArray("models")::add);
            out.value(summary);
        } else {
            out.table(rows, "round", "model", "signature", "chain", "inputs", "file", "recomputed", "note");
            if (trusted == null) {
                out.err().println("note: the key came with the manifests; compare it with the controller's: " + key);
            }
            long again = findings.stream()
                    .filter(f -> f.again() == Finding.Again.SAME)
                    .count();
            long untrue =
                    findings.stream().filter(f -> f.uncounted().isPresent()).count();
            if (untrue > 0) {
                out.err()
                        .println("note: " + untrue + (untrue == 1 ? " manifest names" : " manifests name")
                                + " inputs that were not counted. That is no forgery: controllers up to November 2026 could sign"
                                + " it after they had been away. It cannot be mended, as later manifests refer to it.");
            }
            out.say((holds ? "verified: " : "NOT verified: ") + findings.size() + " manifests, " + again
                    + " models computed again with the same bytes");
        }
        return (holds ? ExitCode.OK : ExitCode.FAILURE).number();
    }

    private static JsonNode row(Finding finding) {
        String note = finding.chain().or(finding::uncounted).orElse(finding.note());
        return Json.object()
                .put("round", finding.round())
                .put("model", finding.model().hex())
                .put("signature", finding.signed() ? "valid" : "INVALID")
                .put("chain", finding.chain().isEmpty() ? "holds" : "BROKEN")
                .put("inputs", finding.uncounted().isEmpty() ? "counted" : "NOT ALL COUNTED")
                .put("file", finding.file() ? "present" : "absent")
                .put("recomputed", finding.again().name())
                .put("note", note);
    }
}
