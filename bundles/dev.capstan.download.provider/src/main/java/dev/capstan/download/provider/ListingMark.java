package dev.capstan.download.provider;

import dev.capstan.download.Download;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an expansion leaves on its rows, under one key of their metadata: on the listing how far it
 * is, on the members how deep they are, should they turn out to be listings too. A member that is a
 * file drops it when it is resolved.
 *
 * @param depth 0 for what a user added
 * @param run equal for all that one expansion found; what it found already it does not expand again
 * @param members how many entries were added
 * @param cursor the page to go on with, or null for the first
 */
record ListingMark(int depth, String run, long members, @Nullable String cursor) {
    /** Keys of metadata that begin so are ours. */
    static final String RESERVED = "capstan.";

    private static final String KEY = RESERVED + "listing";

    /** The mark of a listing that nobody listed. */
    static ListingMark first(String run) {
        return new ListingMark(0, run, 0, null);
    }

    /** The mark of a row, or null. */
    static @Nullable ListingMark of(Download row) {
        var text = row.metadata().get(KEY);
        if (text == null) {
            return null;
        }
        var parts = text.split(" ", 4);
        return new ListingMark(
                Integer.parseInt(parts[0]),
                parts[1],
                Long.parseLong(parts[2]),
                parts.length == 4 ? parts[3] : null);
    }

    /** The mark further on. */
    ListingMark at(@Nullable String newCursor, long newMembers) {
        return new ListingMark(depth, run, newMembers, newCursor);
    }

    /** The mark of what it lists. */
    ListingMark deeper() {
        return new ListingMark(depth + 1, run, 0, null);
    }

    Map<String, String> on(Map<String, String> metadata) {
        var marked = new HashMap<>(metadata);
        var text = depth + " " + run + " " + members;
        marked.put(KEY, cursor == null ? text : text + " " + cursor);
        return marked;
    }

    static Map<String, String> off(Map<String, String> metadata) {
        if (!metadata.containsKey(KEY)) {
            return metadata;
        }
        var plain = new HashMap<>(metadata);
        plain.remove(KEY);
        return plain;
    }
}
