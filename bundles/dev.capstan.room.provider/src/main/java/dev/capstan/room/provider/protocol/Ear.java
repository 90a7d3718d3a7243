package dev.capstan.room.provider.protocol;

import dev.capstan.room.provider.protocol.Drops.Cause;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Believes what one user says in one session of one room, and that only once (R9). For one thread
 * at a time.
 */
final class Ear {
    private final String room;
    private final String user;
    private final PublicKey key;
    private final String session;
    private long last;

    /**
     * Creates it.
     *
     * @param first the message that began the session; no older one is believed
     */
    Ear(PublicKey key, Header first) {
        this.room = first.room();
        this.user = first.user();
        this.session = first.session();
        this.key = key;
        last = first.counter();
    }

    /** Why it is not believed, or null. What takes longest is looked at last. */
    @Nullable Cause doubt(Envelope said) {
        var header = said.header();
        if (!header.room().equals(room)) {
            return Cause.OTHER_ROOM;
        }
        if (!header.session().equals(session) || !header.user().equals(user)) {
            return Cause.OTHER_SESSION;
        }
        if (header.counter() <= last) {
            return Cause.REPLAYED;
        }
        if (!said.isSignedBy(key)) {
            return Cause.UNSIGNED;
        }
        last = header.counter();
        return null;
    }
}
