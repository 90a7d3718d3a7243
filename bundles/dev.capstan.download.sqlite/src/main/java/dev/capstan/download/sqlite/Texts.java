package dev.capstan.download.sqlite;

import dev.capstan.download.Download;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashSet;
import java.util.Locale;

/** Texts in the forms in which they are found and sorted. */
final class Texts {
    /** Longer texts gain nothing: every match is looked at. */
    private static final int MAX_TRIGRAMS = 24;

    /** Characters by which names are sorted; keeps index entries and cursors small. */
    private static final int SORT_KEY = 160;

    private Texts() {}

    /** What is searched: name and link, a line each, without case. */
    static String searched(Download download) {
        var name = download.target().name();
        return fold((name == null ? "" : name) + "\n" + download.source().link());
    }

    static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** The beginning of a name without case, to sort by. */
    static String sortKey(String name) {
        var end = Math.min(name.length(), SORT_KEY);
        if (end < name.length() && Character.isHighSurrogate(name.charAt(end - 1))) {
            end--;
        }
        return fold(name.substring(0, end));
    }

    /**
     * Trigrams of a folded text as a full-text query that finds every row with the text, and maybe
     * others.
     *
     * @return empty if the text is too short to have one
     */
    static String trigrams(String folded) {
        var points = folded.codePoints().toArray();
        var trigrams = new LinkedHashSet<String>();
        for (var i = 0; i + 3 <= points.length && trigrams.size() < MAX_TRIGRAMS; i++) {
            trigrams.add('"' + new String(points, i, 3).replace("\"", "\"\"") + '"');
        }
        return String.join(" ", trigrams);
    }

    /**
     * A number for a text, to index by; whoever knows a text cannot choose another of its number.
     */
    static long hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
