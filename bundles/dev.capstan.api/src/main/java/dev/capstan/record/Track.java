package dev.capstan.record;

import dev.capstan.content.Digest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One track of a record. At least one digest is there; an old record that has MD5 only plays and is
 * upgraded (E2).
 *
 * @param title its title
 * @param link where the bytes were, percent-encoded, at most 2,048 characters
 * @param sha256 SHA-256 of the bytes, or null on an old record
 * @param md5 MD5 of the bytes, or null
 * @param size bytes, −1 on an old record that does not tell
 * @param mediaType found by content, not by header, or null on an old record
 * @param duration how long it plays, or null if unknown
 * @param tags for showing only
 */
public record Track(
        String title,
        URI link,
        @Nullable Digest sha256,
        @Nullable Digest md5,
        long size,
        @Nullable String mediaType,
        @Nullable Duration duration,
        Map<String, String> tags) {

    /**
     * Creates a track; tags are copied.
     *
     * @throws IllegalArgumentException if it has no digest
     */
    public Track {
        if (sha256 == null && md5 == null) {
            throw new IllegalArgumentException("A track needs a digest");
        }
        tags = Map.copyOf(tags);
    }
}
