package dev.capstan.room.provider.document;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;

/**
 * Ed25519 keys and signatures as rooms write them (R1, R8): {@code ed25519:} and the base64url of
 * the 32 bytes of RFC 8032 without padding. The algorithm is fixed, whatever a message says. Pure
 * functions.
 */
public final class Keys {
    /** Bytes of a signature. */
    public static final int SIGNATURE_BYTES = 64;

    private static final String ALGORITHM = "Ed25519";
    private static final String PREFIX = "ed25519:";

    private Keys() {}

    /**
     * Makes a key.
     *
     * @return both halves
     */
    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no Ed25519", e);
        }
    }

    /**
     * Reads a public key.
     *
     * @param text {@code ed25519:} and 43 characters
     * @return a key that is a point of the curve, and not one that anybody can sign for
     * @throws IllegalArgumentException with a sentence without its subject, if it is none
     */
    public static PublicKey publicKey(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("must begin with " + PREFIX);
        }
        var point =
                EdwardsPoint.decode(decode(text.substring(PREFIX.length()), EdwardsPoint.BYTES));
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is no public key of Ed25519", e);
        }
    }

    /**
     * Writes a public key.
     *
     * @param key an Ed25519 key
     * @return {@code ed25519:} and 43 characters
     */
    public static String text(PublicKey key) {
        return PREFIX + encode(EdwardsPoint.encode(((EdECPublicKey) key).getPoint()));
    }

    /**
     * Signs.
     *
     * @param message what to sign
     * @param key the private half
     * @return {@value #SIGNATURE_BYTES} bytes
     */
    public static byte[] sign(byte[] message, PrivateKey key) {
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("This is no private key of Ed25519", e);
        }
    }

    /**
     * Checks a signature.
     *
     * @param message what was signed
     * @param signature any bytes
     * @param key the public half
     * @return whether that key signed that message
     */
    public static boolean isSigned(byte[] message, byte[] signature, PublicKey key) {
        try {
            var verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(message);
            return signature.length == SIGNATURE_BYTES && verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Base64url without padding. */
    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Reads base64url, and takes no second spelling of the same bytes.
     *
     * @throws IllegalArgumentException with a sentence without its subject
     */
    static byte[] decode(String text, int length) {
        try {
            var bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == length && encode(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Told like any other wrong text.
        }
        throw new IllegalArgumentException(
                "must be the base64url of " + length + " bytes without padding");
    }

    /** The seed that a private key is made of, in base64url. */
    static String seed(PrivateKey key) {
        return encode(((EdECPrivateKey) key).getBytes().orElseThrow());
    }

    /**
     * Puts a pair together.
     *
     * @throws IllegalArgumentException if these are no halves of one key; nothing of them is told
     */
    static KeyPair pair(String publicKey, String seed) {
        try {
            var key =
                    KeyFactory.getInstance(ALGORITHM)
                            .generatePrivate(
                                    new EdECPrivateKeySpec(
                                            NamedParameterSpec.ED25519,
                                            decode(seed, EdwardsPoint.BYTES)));
            var pair = new KeyPair(publicKey(publicKey), key);
            var probe = publicKey.getBytes(StandardCharsets.UTF_8);
            if (isSigned(probe, sign(probe, key), pair.getPublic())) {
                return pair;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Its message may repeat what nobody may see.
        }
        throw new IllegalArgumentException("is no pair of Ed25519 keys");
    }
}
