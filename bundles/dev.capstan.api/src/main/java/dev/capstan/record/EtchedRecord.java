package dev.capstan.record;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A verified record: small enough to hand to anyone, enough to play the same bytes anywhere. It
 * names bytes, so that nothing is ever revalidated (E3).
 *
 * @param id a ULID
 * @param name 3 to 200 characters
 * @param author who made it, or null
 * @param tracks one or more, in order (E7)
 * @param etched when it was etched
 */
public record EtchedRecord(
        String id, String name, @Nullable String author, List<Track> tracks, Instant etched) {

    /** Creates a record; tracks are copied. */
    public EtchedRecord {
        tracks = List.copyOf(tracks);
    }
}
