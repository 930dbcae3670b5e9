package io.foedus.agent.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.console.Json;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.lineage.Signatures;
import io.foedus.core.models.Digest;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;

/**
 * A manifest with what is said about it, as the controller's API tells it and as files keep it.
 *
 * @param text its canonical JSON
 * @param manifest the text's meaning
 * @param hash what its SHA-256 is said to be
 * @param signature Ed25519, base64
 * @param publicKey key that is said to have signed, X.509 in base64
 */
public record SignedManifest(String text, Manifest manifest, String hash, String signature, String publicKey) {

    /** True if the object looks like one. */
    public static boolean isOne(JsonNode object) {
        return object.path("manifest").isTextual() && object.path("signature").isTextual();
    }

    /**
     * Reads one.
     *
     * @param source what to call it in a failure
     */
    public static SignedManifest of(JsonNode object, String source) {
        String text = object.path("manifest").asText();
        try {
            return new SignedManifest(
                    text,
                    Manifest.parse(text.getBytes(StandardCharsets.UTF_8)),
                    object.path("hash").asText(),
                    object.path("signature").asText(),
                    object.path("publicKey").asText());
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.INVALID,
                    source + " holds no manifest: " + e.getMessage(),
                    "Download it again with `foedus model download MODEL --lineage DIR`.",
                    e);
        }
    }

    /** As a file keeps it. */
    public ObjectNode toJson() {
        return Json.object()
                .put("manifest", text)
                .put("hash", hash)
                .put("signature", signature)
                .put("publicKey", publicKey);
    }

    /** True if this key has signed exactly this text, and its hash is what is said. */
    public boolean isSignedBy(PublicKey key) {
        byte[] canonical = manifest.bytes();
        return text.equals(new String(canonical, StandardCharsets.UTF_8))
                && Digest.of(canonical).hex().equals(hash)
                && Signatures.verify(manifest, decoded(signature), key);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // which is no signature of anything
        }
    }
}
