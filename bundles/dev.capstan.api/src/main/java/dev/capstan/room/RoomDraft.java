package dev.capstan.room;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a room file is made of (R3).
 *
 * @param roomId its id (R2), or null for one that the transport's address names or that is made up
 * @param matchLock the match-lock document
 * @param byReference whether the file names the match lock by its SHA-256 instead of embedding it
 * @param keys public keys by user, {@code ed25519:…}
 * @param transport who makes the room and where it listens, such as {@code tcp://ann@host:7777}
 * @param expected piece ids by collection, or null for those of all mandatory collections
 * @param validFor how long the file can be used to join
 */
public record RoomDraft(
        @Nullable String roomId,
        String matchLock,
        boolean byReference,
        Map<String, String> keys,
        URI transport,
        @Nullable Map<String, Set<String>> expected,
        Duration validFor) {

    /** Creates a draft; maps are copied. */
    public RoomDraft {
        keys = Map.copyOf(keys);
        expected = expected == null ? null : Map.copyOf(expected);
    }
}
