package dev.capstan.content;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stored item: finished, verified, immutable bytes.
 *
 * @param digest SHA-256 of the bytes; the item's name
 * @param size bytes
 * @param path the read-only file; it may be evicted at any time unless pinned or open
 * @param stored when it was stored
 * @param lastUsed when it was last read or placed
 * @param source where it came from, or null
 * @param validator the version of the source it was fetched under
 * @param mediaType its media type as the source named it, or null
 * @param pins who keeps it from eviction
 */
public record Content(
        Digest digest,
        long size,
        Path path,
        Instant stored,
        Instant lastUsed,
        @Nullable SourceKey source,
        Validator validator,
        @Nullable String mediaType,
        Set<String> pins) {

    /** Creates an item; pins are copied. */
    public Content {
        pins = Set.copyOf(pins);
    }
}
