package io.foedus.core.lineage;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Ed25519 signatures of manifests (RFC 8032), and keys as text: base64 of X.509 and PKCS #8. */
public final class Signatures {
    private static final String ALGORITHM = "Ed25519";

    private Signatures() {}

    public static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /** Signs the manifest's canonical bytes; deterministic. */
    public static byte[] sign(Manifest manifest, PrivateKey key) {
        return sign(manifest.bytes(), key);
    }

    /** Signs these bytes; deterministic. */
    public static byte[] sign(byte[] message, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /** Whether the signature is this key's over exactly this manifest. */
    public static boolean verify(Manifest manifest, byte[] signed, PublicKey key) {
        return verify(manifest.bytes(), signed, key);
    }

    /** Whether the signature is this key's over exactly these bytes. */
    public static boolean verify(byte[] message, byte[] signed, PublicKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (SignatureException | InvalidKeyException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    public static String text(PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    public static String text(PrivateKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    /**
     * Reads a public key.
     *
     * @throws IllegalArgumentException if the text is not an Ed25519 public key
     */
    public static PublicKey publicKey(String text) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text.strip())));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("this is not an Ed25519 public key in base64", e);
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /**
     * Reads a private key.
     *
     * @throws IllegalArgumentException if the text is not an Ed25519 private key
     */
    public static PrivateKey privateKey(String text) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text.strip())));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("this is not an Ed25519 private key in base64", e);
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static IllegalStateException impossible(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform since 15 has Ed25519", e);
    }
}
