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
 * @param cursor the page to go on with, or null for the first
 */
record ListingMark(int depth, String run, @Nullable String cursor) {
    /** Keys of metadata that begin so are ours. */
    static final String RESERVED = "capstan.";

    private static final String KEY = RESERVED + "listing";

    /** The mark of a row, or null. */
    static @Nullable ListingMark of(Download row) {
        var text = row.metadata().get(KEY);
        if (text == null) {
            return null;
        }
        var parts = text.split(" ", 3);
        return new ListingMark(
                Integer.parseInt(parts[0]), parts[1], parts.length == 3 ? parts[2] : null);
    }

    ListingMark at(@Nullable String newCursor) {
        return new ListingMark(depth, run, newCursor);
    }

    /** The mark of what it lists. */
    ListingMark deeper() {
        return new ListingMark(depth + 1, run, null);
    }

    Map<String, String> on(Map<String, String> metadata) {
        var marked = new HashMap<>(metadata);
        marked.put(KEY, depth + " " + run + (cursor == null ? "" : " " + cursor));
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
