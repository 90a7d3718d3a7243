package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One item as the index knows it.
 *
 * @param hex its SHA-256
 * @param file what its file looked like when its bytes were last known to be right
 * @param stored when it was stored
 * @param used when it was last read or placed
 * @param verified when its bytes were last hashed
 * @param placed whether a hard link may share its blocks
 * @param mediaType as a source named it, or null
 * @param origins where it came from, oldest first
 * @param digests others than SHA-256 that were computed
 * @param pins who keeps it
 */
record Item(
        String hex,
        FileState file,
        Instant stored,
        Instant used,
        Instant verified,
        boolean placed,
        @Nullable String mediaType,
        List<Origin> origins,
        Set<Digest> digests,
        Set<String> pins) {

    /**
     * A source that gave these bytes.
     *
     * @param source the source
     * @param validator the version it gave them under
     * @param seen when it was last known to have that version
     */
    record Origin(SourceKey source, Validator validator, Instant seen) {}

    Item {
        origins = List.copyOf(origins);
        digests = Set.copyOf(digests);
        pins = Set.copyOf(pins);
    }

    /** An item whose bytes were just verified, in place of what was known of it. */
    static Item verified(@Nullable Item known, String hex, FileState file, Instant now) {
        return known != null
                ? known.withFile(file, now)
                : new Item(hex, file, now, now, now, false, null, List.of(), Set.of(), Set.of());
    }

    /** An item of which only the file is known; it is hashed when it is first opened. */
    static Item found(String hex, long size, Instant now) {
        var file = new FileState(-1, size, -1, -1);
        return new Item(
                hex, file, now, now, Instant.EPOCH, true, null, List.of(), Set.of(), Set.of());
    }

    long size() {
        return file.size();
    }

    /** Whether eviction may not have it, as far as the index knows. */
    boolean isHeld() {
        return !pins.isEmpty() || placed;
    }

    Item withUsed(Instant when) {
        return new Item(
                hex, file, stored, when, verified, placed, mediaType, origins, digests, pins);
    }

    Item withFile(FileState state, Instant hashed) {
        return new Item(
                hex, state, stored, used, hashed, placed, mediaType, origins, digests, pins);
    }

    Item withPlaced(boolean shares) {
        return new Item(
                hex, file, stored, used, verified, shares, mediaType, origins, digests, pins);
    }

    Item withPins(Set<String> owners) {
        return new Item(
                hex, file, stored, used, verified, placed, mediaType, origins, digests, owners);
    }

    Item withDigests(Set<Digest> more) {
        var all = new HashSet<>(digests);
        more.stream().filter(d -> !d.algorithm().equals(Digest.SHA_256)).forEach(all::add);
        return new Item(hex, file, stored, used, verified, placed, mediaType, origins, all, pins);
    }

    /** Puts a source last, where the newest is. */
    Item withOrigin(Origin origin, @Nullable String type) {
        var all = new ArrayList<>(origins);
        all.removeIf(other -> other.source().equals(origin.source()));
        all.add(origin);
        var named = type != null ? type : mediaType;
        return new Item(hex, file, stored, used, verified, placed, named, all, digests, pins);
    }

    /**
     * The item for callers.
     *
     * @param path its file
     * @param asked the source it was asked for by, or null for the newest
     */
    Content content(Path path, @Nullable SourceKey asked) {
        Origin origin = null;
        for (var candidate : origins) {
            if (asked == null || candidate.source().equals(asked)) {
                origin = candidate;
            }
        }
        return new Content(
                Digest.sha256(hex),
                size(),
                path,
                stored,
                used,
                origin == null ? null : origin.source(),
                origin == null ? Validator.NONE : origin.validator(),
                mediaType,
                pins);
    }
}
