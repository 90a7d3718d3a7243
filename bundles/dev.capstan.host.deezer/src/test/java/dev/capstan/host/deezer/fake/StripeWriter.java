package dev.capstan.host.deezer.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes {@code BF_CBC_STRIPE}, the whole of a file at once: of blocks of 2,048 bytes each third
 * one, the first included, is Blowfish in CBC mode if it is full; all others stay as they are.
 */
public final class StripeWriter {
    private static final int BLOCK = 2048;
    private static final int EVERY = 3;
    private static final IvParameterSpec START =
            new IvParameterSpec(new byte[] {0, 1, 2, 3, 4, 5, 6, 7});

    private StripeWriter() {}

    /**
     * The key of a track.
     *
     * @param id the track that is delivered
     * @param secret 16 ASCII characters
     * @return 16 bytes
     */
    public static byte[] key(long id, String secret) {
        try {
            var digest =
                    MessageDigest.getInstance("MD5")
                            .digest(Long.toString(id).getBytes(StandardCharsets.US_ASCII));
            var hex = HexFormat.of().formatHex(digest);
            var key = new byte[16];
            for (var i = 0; i < key.length; i++) {
                key[i] = (byte) (hex.charAt(i) ^ hex.charAt(i + key.length) ^ secret.charAt(i));
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What is on the wire.
     *
     * @param id the track that is delivered
     * @param secret 16 ASCII characters
     * @param plain a whole file
     * @return as many bytes
     */
    public static byte[] write(long id, String secret, byte[] plain) {
        try {
            var cipher = Cipher.getInstance("Blowfish/CBC/NoPadding");
            var key = new SecretKeySpec(key(id, secret), "Blowfish");
            var wire = plain.clone();
            for (var at = 0; at + BLOCK <= plain.length; at += EVERY * BLOCK) {
                cipher.init(Cipher.ENCRYPT_MODE, key, START);
                cipher.doFinal(plain, at, BLOCK, wire, at);
            }
            return wire;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
