package io.foedus.controller.models.boundary;

/**
 * What proves a global model.
 *
 * @param manifest its canonical JSON text, of which hash and signature are
 * @param hash SHA-256, hexadecimal
 * @param signature Ed25519, base64
 * @param publicKey X.509, base64
 */
public record ManifestView(String manifest, String hash, String signature, String publicKey) {}
