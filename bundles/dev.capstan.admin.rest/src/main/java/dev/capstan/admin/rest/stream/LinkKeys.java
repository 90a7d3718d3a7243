package dev.capstan.admin.rest.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of links. A key holds what it leads to and a message authentication code that only this host
 * can make, so nothing has to be remembered, however many are made, and none works after a restart.
 *
 * <p>In base64url:
 *
 * <pre>
 * bytes  0–15   the first 128 bits of HMAC-SHA-256 over the rest
 * bytes 16–23   when it expires, seconds since 1970
 * bytes 24–27   index of the track, or −1
 * bytes 28–     the id, UTF-8
 * </pre>
 *
 * <p>Immutable, safe for any number of threads.
 */
final class LinkKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 16;
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;
    private static final int MOST_CHARACTERS = 512;

    private final SecretKeySpec secret;

    LinkKeys() {
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        secret = new SecretKeySpec(random, ALGORITHM);
    }

    String key(Target target) {
        var id = target.id().getBytes(StandardCharsets.UTF_8);
        var rest =
                ByteBuffer.allocate(HEAD_BYTES + id.length)
                        .putLong(target.expires().getEpochSecond())
                        .putInt(target.track())
                        .put(id)
                        .array();
        var whole = ByteBuffer.allocate(MAC_BYTES + rest.length).put(mac(rest)).put(rest);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array());
    }

    /** What a key leads to, expired or not; empty where it is none of ours. */
    Optional<Target> target(String key) {
        if (key.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (whole.length <= MAC_BYTES + HEAD_BYTES) {
            return Optional.empty();
        }
        var rest = Arrays.copyOfRange(whole, MAC_BYTES, whole.length);
        if (!MessageDigest.isEqual(mac(rest), Arrays.copyOf(whole, MAC_BYTES))) {
            return Optional.empty();
        }
        var fields = ByteBuffer.wrap(rest);
        var expires = Instant.ofEpochSecond(fields.getLong());
        var track = fields.getInt();
        var id = StandardCharsets.UTF_8.decode(fields).toString();
        return Optional.of(new Target(id, track, expires));
    }

    private byte[] mac(byte[] message) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return Arrays.copyOf(mac.doFinal(message), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
