package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.capstan.name.DurableFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the folder that was made for a piece, and so what in it is not the user's. It is
 * a hidden file beside the folder.
 *
 * <pre>
 * lines of UTF-8
 *   capstan-piece 1
 *   name     of the folder
 *   state    placing (the folder may be the one before) or placed
 *   wish     SHA-256 of what was asked for
 *   sha256   of the bytes that came
 *   bytes    how many those were
 *   file     the name of the single file; absent where an archive was unpacked
 *   files    how many lines follow that begin with "has"
 *   has      SIZE PATH: a file that was put there, / between folders
 *   had      SIZE PATH: one of the folder before; only while placing
 * </pre>
 *
 * @param file null where an archive was unpacked
 * @param has sizes of the files that were put there, by path
 * @param had those of the folder before
 */
record PieceMarker(
        String name,
        boolean isPlaced,
        String wish,
        String sha256,
        long bytes,
        @Nullable String file,
        Map<String, Long> has,
        Map<String, Long> had) {
    private static final String VERSION = "capstan-piece 1";

    /** Far more than the names that an archive may have. */
    private static final int MOST_BYTES = 128 << 20;

    /** What stands in a folder: a size for each file by its path, −1 for what is no plain file. */
    static Map<String, Long> contained(Path folder) throws IOException {
        var found = new TreeMap<String, Long>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        found.put(
                                path(folder.relativize(file)),
                                attributes.isRegularFile() ? attributes.size() : -1);
                        return FileVisitResult.CONTINUE;
                    }
                });
        return found;
    }

    /** Reads one; nothing where there is none, or none that can be understood. */
    static Optional<PieceMarker> read(Path marker) throws IOException {
        String text;
        try (var in = Files.newInputStream(marker, NOFOLLOW_LINKS)) {
            text = new String(in.readNBytes(MOST_BYTES), UTF_8);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        var values = new HashMap<String, String>();
        var has = new TreeMap<String, Long>();
        var had = new TreeMap<String, Long>();
        try {
            for (var line : (Iterable<String>) text.lines()::iterator) {
                var space = line.indexOf(' ');
                var value = line.substring(space + 1);
                switch (space < 0 ? "" : line.substring(0, space)) {
                    case "has" -> putFile(has, value);
                    case "had" -> putFile(had, value);
                    default -> values.put(line.substring(0, Math.max(0, space)), value);
                }
            }
            return text.startsWith(VERSION + "\n")
                            && Integer.parseInt(value(values, "files")) == has.size()
                    ? Optional.of(
                            new PieceMarker(
                                    value(values, "name"),
                                    value(values, "state").equals("placed"),
                                    value(values, "wish"),
                                    value(values, "sha256"),
                                    Long.parseLong(value(values, "bytes")),
                                    values.get("file"),
                                    has,
                                    had))
                    : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    void write(Path marker) throws IOException {
        var text = new StringBuilder(VERSION);
        text.append("\nname ").append(name);
        text.append("\nstate ").append(isPlaced ? "placed" : "placing");
        text.append("\nwish ").append(wish);
        text.append("\nsha256 ").append(sha256);
        text.append("\nbytes ").append(bytes);
        if (file != null) {
            text.append("\nfile ").append(file);
        }
        text.append("\nfiles ").append(has.size());
        has.forEach((path, size) -> append(text, "has", path, size));
        had.forEach((path, size) -> append(text, "had", path, size));
        DurableFile.write(marker, text.append('\n').toString());
    }

    /** The same, where it stands in its place. */
    PieceMarker placed() {
        return new PieceMarker(name, true, wish, sha256, bytes, file, has, Map.of());
    }

    /** Every file that was ever put there, of this folder and the one before. */
    Map<String, Long> all() {
        var all = new TreeMap<>(had);
        all.putAll(has);
        return all;
    }

    /** Whether a file was put there and has not changed its size. */
    boolean isOurs(String path, long size) {
        return size >= 0 && (isSame(has, path, size) || isSame(had, path, size));
    }

    /** Whether all that was put there is there; what else is there is the user's. */
    boolean isWhole(Map<String, Long> contained) {
        return has.entrySet().stream()
                .allMatch(file -> isSame(contained, file.getKey(), file.getValue()));
    }

    private static boolean isSame(Map<String, Long> files, String path, long size) {
        var known = files.get(path);
        return known != null && known == size;
    }

    private static void append(StringBuilder text, String key, String path, long size) {
        text.append('\n').append(key).append(' ').append(size).append(' ').append(path);
    }

    private static void putFile(Map<String, Long> files, String sizeAndPath) {
        var space = sizeAndPath.indexOf(' ');
        files.put(sizeAndPath.substring(space + 1), Long.valueOf(sizeAndPath.substring(0, space)));
    }

    private static String value(Map<String, String> values, String key) {
        var value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(key);
        }
        return value;
    }

    /** A path in one spelling, whatever the file system makes of it. */
    private static String path(Path relative) {
        return Normalizer.normalize(
                relative.toString().replace(relative.getFileSystem().getSeparator(), "/"),
                Normalizer.Form.NFC);
    }
}
