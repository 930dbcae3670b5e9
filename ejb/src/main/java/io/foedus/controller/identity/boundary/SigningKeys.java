package io.foedus.controller.identity.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.control.SecretFile;
import io.foedus.core.lineage.Signatures;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The installation's secrets: an Ed25519 key that signs manifests and tickets, and the pepper of token hashes. Made
 * once in {@code <data>/keys} (files 0600) and shared by all controllers of the installation. Thread-safe; no method
 * blocks after the first.
 */
@ApplicationScoped
public class SigningKeys {
    private static final int PEPPER_BYTES = 32;

    @Inject
    ControllerConfig config;

    private PrivateKey privateKey;
    private PublicKey publicKey;
    private byte[] pepper;

    /** Reads the keys, making them first if this is the installation's first controller. */
    @PostConstruct
    public void open() {
        Path keys = config.keyDirectory();
        try {
            byte[] pair = SecretFile.readOrCreate(keys.resolve("ed25519"), SigningKeys::newPair);
            String[] parts = new String(pair, StandardCharsets.US_ASCII).strip().split("\\s+");
            privateKey = Signatures.privateKey(parts[0]);
            publicKey = Signatures.publicKey(parts[1]);
            pepper = SecretFile.readOrCreate(keys.resolve("pepper"), SigningKeys::newPepper);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the keys in " + keys + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Signs for this installation. */
    PrivateKey privateKey() {
        return privateKey;
    }

    /** The Ed25519 signature of these bytes. */
    public byte[] sign(byte[] message) {
        return Signatures.sign(message, privateKey);
    }

    /** X.509 SubjectPublicKeyInfo in base64, as it is published. */
    public String publicKey() {
        return Signatures.text(publicKey);
    }

    /** HMAC-SHA256 of a token's secret under the pepper. A fast hash is right for 256 random bits. */
    byte[] hashOf(String secret) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pepper, "HmacSHA256"));
            return mac.doFinal(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    private static byte[] newPair() {
        KeyPair pair = Signatures.newKeys();
        return (Signatures.text(pair.getPrivate()) + "\n" + Signatures.text(pair.getPublic()) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] newPepper() {
        byte[] random = new byte[PEPPER_BYTES];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
