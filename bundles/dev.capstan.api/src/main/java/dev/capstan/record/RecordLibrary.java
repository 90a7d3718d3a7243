package dev.capstan.record;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A list of records that somebody shares at an address (E7).
 *
 * @param uri where it is
 * @param records how many records of it are here
 * @param refreshed when it was last read or found unchanged, or null
 * @param problem why the last attempt failed, or null
 */
public record RecordLibrary(
        URI uri, int records, @Nullable Instant refreshed, @Nullable String problem) {}
