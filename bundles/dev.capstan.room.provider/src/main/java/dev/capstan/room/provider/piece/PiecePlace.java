package dev.capstan.room.provider.piece;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.capstan.name.SafeNames;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.piece.PieceException.Reason;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * R6: the place of one piece among others. Its folder comes and goes as a whole: it is made inside
 * a hidden one beside it and renamed. Another hidden file beside it is the marker, which says what
 * the folder was made of; a folder without one is not ours and never touched.
 *
 * <pre>
 * NAME                     the folder, see {@link PieceNames#folder}
 * .capstan-HHHHHHHHHHHHHHHH.piece   the marker; H from the SHA-256 of NAME
 * .capstan-HHHHHHHHHHHHHHHH.new     what is being made
 * .capstan-HHHHHHHHHHHHHHHH.old     what was there, until the new one is
 *
 * marker, lines of UTF-8
 *   capstan-piece 1
 *   state    placing (not to be believed) or placed
 *   wish     SHA-256 of what was asked for
 *   sha256   of the bytes that came
 *   bytes    how many those were
 *   files    files in the folder
 *   size     their bytes
 *   file     the name of the single file; absent where an archive was unpacked
 * </pre>
 *
 * <p>Used by one thread at a time.
 */
final class PiecePlace {
    private static final Pattern LEFT =
            Pattern.compile(
                    "("
                            + Pattern.quote(SafeNames.STAGING_PREFIX)
                            + "[0-9a-f]{16})\\.(?:new|old|piece\\.tmp)");
    private static final String VERSION = "capstan-piece 1";
    private static final int MOST_MARKER = 8_192;

    private final Path root;
    private final Piece piece;
    private final Path target;
    private final Path marker;
    private final Path fresh;
    private final Path aside;

    /** What a folder holds. */
    private record Contained(long files, long size) {}

    private PiecePlace(Path root, Piece piece) {
        this.root = root;
        this.piece = piece;
        var name = PieceNames.folder(piece.id());
        var hidden = hidden(name);
        target = root.resolve(name);
        marker = root.resolve(hidden + ".piece");
        fresh = root.resolve(hidden + ".new");
        aside = root.resolve(hidden + ".old");
    }

    /** A piece's place in a folder, which is made if it is missing. */
    static PiecePlace of(Path folder, Piece piece) throws PieceException {
        return new PiecePlace(root(folder), piece);
    }

    /** What names the place: who is at work there holds it alone. */
    static Path key(Path folder, String id) {
        return folder.resolve(hidden(PieceNames.folder(id)));
    }

    /** What a process that was killed has left in a folder, each with its place's {@link #key}. */
    static Map<Path, Path> left(Path folder) throws IOException {
        var found = new HashMap<Path, Path>();
        if (Durable.isFolder(folder)) {
            try (var names = Files.newDirectoryStream(folder)) {
                for (var path : names) {
                    var matcher = LEFT.matcher(path.getFileName().toString());
                    if (matcher.matches()) {
                        found.put(path, folder.resolve(matcher.group(1)));
                    }
                }
            }
        }
        return found;
    }

    /** The piece, if it is there as it was put there. */
    Optional<Arrived> whole() throws IOException {
        var lines = marked();
        var file = lines.get("file");
        if (!"placed".equals(lines.get("state"))
                || !wish().equals(lines.get("wish"))
                || (file != null && !file.equals(PieceNames.file(piece)))
                || !Durable.isFolder(target)) {
            return Optional.empty();
        }
        var there = contained(target);
        return lines.getOrDefault("files", "").equals(Long.toString(there.files()))
                        && lines.getOrDefault("size", "").equals(Long.toString(there.size()))
                ? arrived(lines)
                : Optional.empty();
    }

    /**
     * Begins to make it.
     *
     * @return an empty folder for what becomes the piece; its parent is for whatever is needed
     *     meanwhile, and closed to others
     */
    Path begin() throws IOException, PieceException {
        if (Durable.exists(target) && !isOurs()) {
            throw new PieceException(
                    Reason.PLACE,
                    target + " is in the way, and Capstan did not make it. Move it elsewhere.");
        }
        Durable.remove(fresh);
        Durable.remove(aside);
        Files.createDirectory(fresh, closed());
        return Files.createDirectory(fresh.resolve("piece"));
    }

    /**
     * Puts what was made in its place.
     *
     * @param made as {@link #begin} gave it
     * @param isFile whether it is a single file that was no archive
     */
    Arrived settle(Path made, String sha256, long bytes, boolean isFile) throws IOException {
        Durable.sync(made);
        var there = contained(made);
        var text =
                "\nwish "
                        + wish()
                        + "\nsha256 "
                        + sha256
                        + "\nbytes "
                        + bytes
                        + "\nfiles "
                        + there.files()
                        + "\nsize "
                        + there.size()
                        + (isFile ? "\nfile " + PieceNames.file(piece) : "")
                        + "\n";
        // From here on the folder is ours, whichever of the two it is.
        Durable.write(marker, VERSION + "\nstate placing" + text);
        var isReplaced = Durable.exists(target);
        if (isReplaced) {
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (isReplaced) {
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        Durable.sync(root);
        Durable.write(marker, VERSION + "\nstate placed" + text);
        return new Arrived(sha256, bytes, target);
    }

    /** Removes what is not needed any more, whether it was put in its place or not. */
    void clean() throws IOException {
        Durable.remove(fresh);
        Durable.remove(aside);
    }

    private static Path root(Path folder) throws PieceException {
        try {
            Files.createDirectories(folder);
            if (Files.isSymbolicLink(folder)) {
                throw new PieceException(
                        Reason.PLACE,
                        folder + " is a symbolic link. Name the folder that it leads to.");
            }
            return folder.toRealPath();
        } catch (IOException e) {
            throw new PieceException(
                    Reason.PLACE, "The folder " + folder + " cannot be made: " + e.getMessage(), e);
        }
    }

    private static String hidden(String name) {
        return SafeNames.STAGING_PREFIX + PieceNames.sha256(name).substring(0, 16);
    }

    private boolean isOurs() throws IOException {
        return Durable.isFolder(target) && !marked().isEmpty();
    }

    /** What was asked for: the promised bytes, or else whatever the links have. */
    private String wish() {
        var promised = piece.sha256();
        var what =
                promised != null
                        ? List.of(promised)
                        : List.of(
                                piece.id(),
                                String.valueOf(piece.version()),
                                Long.toString(piece.size()),
                                String.join("\n", piece.resolvables()));
        return PieceNames.sha256(piece.archive() + "\n" + String.join("\n", what));
    }

    private Map<String, String> marked() throws IOException {
        String text;
        try (var bytes = Files.newInputStream(marker, NOFOLLOW_LINKS)) {
            text = new String(bytes.readNBytes(MOST_MARKER), UTF_8);
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        var lines = new HashMap<String, String>();
        if (text.startsWith(VERSION + "\n")) {
            for (var line : text.split("\n")) {
                var space = line.indexOf(' ');
                if (space > 0) {
                    lines.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        }
        return lines;
    }

    private Optional<Arrived> arrived(Map<String, String> lines) {
        var sha256 = lines.get("sha256");
        try {
            var bytes = Long.parseLong(lines.getOrDefault("bytes", ""));
            return sha256 == null
                    ? Optional.empty()
                    : Optional.of(new Arrived(sha256, bytes, target));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Contained contained(Path folder) throws IOException {
        var count = new long[2];
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        count[0]++;
                        count[1] += attributes.isRegularFile() ? attributes.size() : -1;
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new Contained(count[0], count[1]);
    }

    private FileAttribute<?>[] closed() {
        return root.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
