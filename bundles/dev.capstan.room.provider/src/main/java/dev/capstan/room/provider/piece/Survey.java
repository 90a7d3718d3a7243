package dev.capstan.room.provider.piece;

import dev.capstan.name.SafeNames;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * S4: looks through an archive before anything of it is written. It finds by name, kind and number
 * what must not be unpacked; whether the bytes are as many as they are said to be is found when
 * they are.
 */
final class Survey implements ArchiveEntries.Visitor {
    /** Most files and folders. */
    static final int MOST_ENTRIES = 100_000;

    /** Said of one with more. */
    static final String ENTRIES = "There are more than 100,000 entries in it.";

    /** Most characters of all their names, which are kept until the last is known. */
    static final int MOST_CHARACTERS = 16 << 20;

    /** Said of one with more. */
    static final String NAMES = "The names in it are too long.";

    /** Said of one that grows too much. */
    static final String RATIO = "It would become more than 100 times as large as it is.";

    private static final long MOST_RATIO = 100;

    /** Below that much the ratio does not count. */
    private static final long SMALL = 10 << 20;

    private static final Path ROOT = Path.of("/").toAbsolutePath();

    private final long most;

    /** What is there, by what may be the same: its spelling, and whether it is a folder. */
    private final Map<String, Place> places = new HashMap<>();

    private long count;
    private long bytes;
    private long characters;

    private record Place(String spelling, boolean isFolder) {}

    Survey(long archiveBytes) {
        most = mostOf(archiveBytes);
    }

    /** How many bytes may come of so many. */
    static long mostOf(long archiveBytes) {
        return Math.max(
                SMALL,
                archiveBytes > Long.MAX_VALUE / MOST_RATIO
                        ? Long.MAX_VALUE
                        : archiveBytes * MOST_RATIO);
    }

    /** Bytes of all files. */
    long bytes() {
        return bytes;
    }

    @Override
    public void entry(String name, boolean isFolder, long size, InputStream ignored)
            throws BadArchiveException {
        if (++count > MOST_ENTRIES) {
            throw new BadArchiveException(ENTRIES);
        }
        if (size < 0 || size > most - bytes) {
            throw new BadArchiveException(RATIO);
        }
        bytes += size;
        var path = path(ROOT, name, isFolder);
        if (path != null) {
            take(path, name, isFolder);
        }
    }

    /**
     * Where an entry goes.
     *
     * @return null for the root itself, which some archives name
     */
    static @Nullable Path path(Path root, String name, boolean isFolder)
            throws BadArchiveException {
        if (isFolder && (name.equals(".") || name.equals("./"))) {
            return null;
        }
        try {
            return PieceNames.exact(root, name);
        } catch (IllegalArgumentException e) {
            throw refused(name, "is refused: " + e.getMessage());
        }
    }

    static BadArchiveException refused(String name, String why) {
        var shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
        return new BadArchiveException(
                "The entry \"" + shown.replaceAll("\\p{C}", "�") + "\" " + why + ".");
    }

    private void take(Path path, String name, boolean isFolder) throws BadArchiveException {
        // What a known folder lies in is known.
        var isKnown = false;
        for (var folder = path.getParent();
                folder != null && !folder.equals(ROOT) && !isKnown;
                folder = folder.getParent()) {
            var there = put(folder, true);
            if (there != null && !there.equals(new Place(folder.toString(), true))) {
                throw refused(name, "lies in what is there under a name that may be the same");
            }
            isKnown = there != null;
        }
        var there = put(path, isFolder);
        // A folder may be named after what lies in it was.
        if (there != null && !(isFolder && there.equals(new Place(path.toString(), true)))) {
            throw refused(name, "is there twice, or under a name that may be the same");
        }
    }

    /** What is there already under a name that may be the same, or else null. */
    private @Nullable Place put(Path path, boolean isFolder) throws BadArchiveException {
        var spelling = path.toString();
        var known =
                places.putIfAbsent(SafeNames.collisionKey(spelling), new Place(spelling, isFolder));
        if (known == null) {
            characters += spelling.length();
        }
        if (places.size() > 2 * MOST_ENTRIES) {
            throw new BadArchiveException(ENTRIES);
        }
        if (characters > MOST_CHARACTERS) {
            throw new BadArchiveException(NAMES);
        }
        return known;
    }
}
