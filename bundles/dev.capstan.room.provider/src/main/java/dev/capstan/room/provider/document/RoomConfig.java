package dev.capstan.room.provider.document;

import dev.capstan.room.provider.document.MatchLock.Piece;
import java.net.URI;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A room as all its users signed it; whoever holds one knows that it was checked (R1).
 *
 * @param roomId its id
 * @param digest SHA-256 of the signed canonical form, in hexadecimal
 * @param engine what the pieces are for
 * @param pieces all expected ones, in the order of the document, each once
 * @param users keys by user id, in the order of the document
 * @param transport who makes the room and where it listens
 * @param maker the user whose host listens; one of {@code users}
 * @param expires from when on nobody may join
 */
public record RoomConfig(
        String roomId,
        String digest,
        MatchLock.Engine engine,
        List<Piece> pieces,
        Map<String, PublicKey> users,
        URI transport,
        String maker,
        Instant expires) {

    /** Creates a configuration; lists and maps are copied. */
    public RoomConfig {
        pieces = List.copyOf(pieces);
        users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
    }
}
