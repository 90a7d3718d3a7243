package dev.capstan.room.provider.piece;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.capstan.name.DurableFile;
import dev.capstan.name.SafeNames;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.Sha256;
import dev.capstan.room.provider.piece.PieceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * R6: the place of one piece among others. Its folder comes and goes as a whole: it is made inside
 * a hidden one beside it and renamed. A {@link PieceMarker} beside it says what the folder was made
 * of; a folder without one is not ours and never touched, and neither is a file that the marker
 * does not name or that has another size now: what the user or a game wrote there stays.
 *
 * <pre>
 * NAME                     the folder, see {@link PieceNames#folder}
 * .capstan-HHHHHHHHHHHHHHHH.piece   the marker; H from the SHA-256 of NAME
 * .capstan-HHHHHHHHHHHHHHHH.piece.new   the next one, until it is whole
 * .capstan-HHHHHHHHHHHHHHHH.new     what is being made
 * .capstan-HHHHHHHHHHHHHHHH.old     what was there, until the new one is
 * </pre>
 *
 * <p>Used by one thread at a time.
 */
final class PiecePlace {
    private static final Pattern LEFT =
            Pattern.compile(
                    "("
                            + Pattern.quote(SafeNames.STAGING_PREFIX)
                            + "[0-9a-f]{16})\\.(?:new|old|piece\\"
                            + DurableFile.UNFINISHED
                            + ")");
    private static final String OLD = ".old";

    private final Path root;
    private final Piece piece;
    private final String name;
    private final Path target;
    private final Path marker;
    private final Path fresh;
    private final Path aside;

    private PiecePlace(Path root, Piece piece) {
        this.root = root;
        this.piece = piece;
        name = PieceNames.folder(piece.id());
        var hidden = hidden(name);
        target = root.resolve(name);
        marker = root.resolve(hidden + ".piece");
        fresh = root.resolve(hidden + ".new");
        aside = root.resolve(hidden + OLD);
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
        if (isFolder(folder)) {
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

    /**
     * Removes one of these; but what was moved aside and never replaced goes back to its place.
     *
     * @throws IOException if that holds files that are not ours, too: then nothing is removed
     */
    static void tidy(Path leftover) throws IOException {
        var file = leftover.getFileName().toString();
        if (!file.endsWith(OLD)) {
            Removal.of(leftover);
            return;
        }
        var hidden = file.substring(0, file.length() - OLD.length());
        var marked = PieceMarker.read(leftover.resolveSibling(hidden + ".piece"));
        var name = marked.map(PieceMarker::name).orElse("");
        if (!isFolder(leftover)) {
            Removal.of(leftover);
        } else if (hidden(name).equals(hidden)) {
            tidy(leftover, leftover.resolveSibling(name), marked);
        } else {
            throw new IOException("Nothing tells what is in " + leftover + ".");
        }
    }

    /** The piece, if all that was put there is there. */
    Optional<Arrived> whole() throws IOException {
        var marked = PieceMarker.read(marker).orElse(null);
        if (marked == null
                || !marked.isPlaced()
                || !marked.wish().equals(wish())
                || (marked.file() != null && !PieceNames.isFile(piece, marked.file()))
                || !isFolder(target)) {
            return Optional.empty();
        }
        return marked.isWhole(PieceMarker.contained(target))
                ? Optional.of(new Arrived(marked.sha256(), marked.bytes(), target))
                : Optional.empty();
    }

    /**
     * Makes sure that nothing stands in its place but what may be replaced.
     *
     * @throws PieceException which says what does
     */
    void checkFree() throws IOException, PieceException {
        if (exists(target)) {
            checkOurs(target, PieceMarker.read(marker));
        }
    }

    /**
     * Begins to make it.
     *
     * @return an empty folder for what becomes the piece; its parent is for whatever is needed
     *     meanwhile, and closed to others
     */
    Path begin() throws IOException, PieceException {
        clean();
        checkFree();
        Files.createDirectory(fresh, closed());
        return Files.createDirectory(fresh.resolve("piece"));
    }

    /**
     * Puts what was made in its place.
     *
     * @param made as {@link #begin} gave it
     * @param file the name of the single file, or null where an archive was unpacked
     * @throws PieceException if there are files by now that are not ours
     */
    Arrived settle(Path made, String sha256, long bytes, @Nullable String file)
            throws IOException, PieceException {
        DurableFile.sync(made);
        var before = PieceMarker.read(marker);
        var now =
                new PieceMarker(
                        name,
                        false,
                        wish(),
                        sha256,
                        bytes,
                        file,
                        PieceMarker.contained(made),
                        before.map(PieceMarker::all).orElse(Map.of()));
        // From here on the folder is ours, whichever of the two it is.
        now.write(marker);
        var isReplaced = exists(target);
        if (isReplaced) {
            Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            if (isReplaced) {
                // Only here can nobody add to it any more.
                checkOurs(aside, before);
            }
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | PieceException e) {
            if (isReplaced) {
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            }
            if (before.isPresent()) {
                before.get().write(marker);
            } else {
                Files.deleteIfExists(marker);
            }
            throw e;
        }
        DurableFile.sync(root);
        now.placed().write(marker);
        return new Arrived(sha256, bytes, target);
    }

    /** Removes what is not needed any more, whether it was put in its place or not. */
    void clean() throws IOException {
        Removal.of(fresh);
        if (exists(aside)) {
            tidy(aside, target, PieceMarker.read(marker));
        }
    }

    private static void tidy(Path aside, Path target, Optional<PieceMarker> marked)
            throws IOException {
        if (!isFolder(aside)) {
            Removal.of(aside);
        } else if (!exists(target)) {
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } else if (marked.isPresent() && (marked.get().isPlaced() || isOurs(aside, marked.get()))) {
            // It was looked through before another one was placed.
            Removal.of(aside);
        } else {
            throw new IOException(foreign(aside));
        }
    }

    /** In the words for its place, wherever it is just now. */
    private void checkOurs(Path folder, Optional<PieceMarker> marked)
            throws IOException, PieceException {
        if (marked.isEmpty() || !isFolder(folder)) {
            throw new PieceException(
                    Reason.PLACE,
                    target + " is in the way, and Capstan did not make it. Move it elsewhere.");
        }
        if (!isOurs(folder, marked.get())) {
            throw new PieceException(Reason.PLACE, foreign(target));
        }
    }

    private static boolean isOurs(Path folder, PieceMarker marked) throws IOException {
        return PieceMarker.contained(folder).entrySet().stream()
                .allMatch(file -> marked.isOurs(file.getKey(), file.getValue()));
    }

    private static String foreign(Path folder) {
        return folder + " holds files that Capstan did not put there. Move them elsewhere.";
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

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, NOFOLLOW_LINKS);
    }

    private static boolean exists(Path path) {
        return Files.exists(path, NOFOLLOW_LINKS);
    }

    private static String hidden(String name) {
        return SafeNames.STAGING_PREFIX + Sha256.hex(name).substring(0, 16);
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
        return Sha256.hex(piece.archive() + "\n" + String.join("\n", what));
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
