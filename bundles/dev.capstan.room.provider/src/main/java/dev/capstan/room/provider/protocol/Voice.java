package dev.capstan.room.provider.protocol;

import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says things as one user in one session: signed, and with a counter that rises (R9). Safe for any
 * number of threads; what is to arrive in order is said by one of them.
 */
final class Voice {
    static final byte[] NOTHING = {};
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SESSION_BYTES = 16;
    private static final int NONCE_BYTES = 32;

    private final String room;
    private final String user;
    private final PrivateKey key;
    private final String session = random(SESSION_BYTES);
    private final AtomicLong counter = new AtomicLong();

    Voice(String room, String user, PrivateKey key) {
        this.room = room;
        this.user = user;
        this.key = key;
    }

    static String nonce() {
        return random(NONCE_BYTES);
    }

    String session() {
        return session;
    }

    byte[] say(String type, Map<String, String> fields) {
        return say(type, fields, NOTHING);
    }

    byte[] say(String type, Map<String, String> fields, byte[] content) {
        var header = new Header(room, session, user, counter.incrementAndGet(), type, fields);
        return Envelope.seal(key, header, content);
    }

    private static String random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
