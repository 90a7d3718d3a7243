package dev.capstan.room;

import java.util.Map;

/**
 * A room's configuration and the signatures of its users. Only its text counts: the signatures are
 * over the canonical form of the configuration (R1), so the text is kept as it came.
 *
 * @param config the configuration as JSON
 * @param signatures base64url without padding, by user
 */
public record RoomFile(String config, Map<String, String> signatures) {

    /** Creates a room file; signatures are copied. */
    public RoomFile {
        signatures = Map.copyOf(signatures);
    }
}
