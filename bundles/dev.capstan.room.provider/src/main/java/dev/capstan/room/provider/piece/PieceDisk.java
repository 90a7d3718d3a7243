package dev.capstan.room.provider.piece;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.room.provider.document.MatchLock.Archive;
import dev.capstan.room.provider.document.MatchLock.Engine;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.Sha256;
import dev.capstan.room.provider.piece.PieceException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is done on the disk for a piece: looking whether it is here (R5), and putting it into its
 * folder (R6). Both take as long as its bytes take to be read; both end soon after an interrupt and
 * leave nothing half done.
 *
 * <p>Safe for any number of threads, one at a time for each piece folder.
 */
final class PieceDisk {
    private static final System.Logger LOG = System.getLogger(PieceDisk.class.getName());
    private static final int BLOCK = 1 << 20;
    private static final Pattern REMOTE = Pattern.compile("[/\\\\]{2}");

    private final ContentStore contents;
    private final Unpacker unpacker;

    PieceDisk(ContentStore contents, Unpacker unpacker) {
        this.contents = contents;
        this.unpacker = unpacker;
    }

    /**
     * R5: in its folder, in the engine's, in the store? What has no promised digest can only be in
     * its folder: nothing else could tell that it is the right thing. For the same reason a folder
     * of the engine's is passed over: a digest is of the bytes that come, not of what is unpacked.
     */
    Finding look(Path folder, Engine engine, Piece piece)
            throws PieceException, InterruptedException {
        try {
            var place = PiecePlace.of(folder, piece);
            var whole = place.whole();
            if (whole.isPresent()) {
                return new Finding.Here(whole.get());
            }
            // Nothing is fetched that could not be placed.
            place.checkFree();
            var promised = piece.sha256();
            if (promised == null) {
                return new Finding.Nowhere();
            }
            var file = engineFile(engine, piece);
            if (file.isPresent() && promised.equals(sha256OrNone(file.get()))) {
                return new Finding.InFile(file.get(), promised);
            }
            var digest = Digest.sha256(promised);
            return contents.find(digest).isPresent()
                    ? new Finding.InStore(digest, null)
                    : new Finding.Nowhere();
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /**
     * R6: puts a piece into its folder.
     *
     * @param found a file or an item of the store
     */
    Arrived place(Path folder, Piece piece, Finding found)
            throws PieceException, InterruptedException {
        var place = PiecePlace.of(folder, piece);
        try {
            var whole = place.whole();
            if (whole.isPresent()) {
                return whole.get();
            }
            try {
                return found instanceof Finding.InFile local
                        ? placeFile(place, piece, local)
                        : placeStored(place, piece, (Finding.InStore) found);
            } finally {
                clean(place);
            }
        } catch (DownloadException e) {
            var isGone = e.errorClass() == ErrorClass.NOT_FOUND;
            throw new PieceException(
                    isGone ? Reason.GONE : Reason.PLACE, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /** What it cannot remove is no reason to lose what came of the piece: the next one tries. */
    private static void clean(PiecePlace place) {
        try {
            place.clean();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "What a piece was made of cannot be removed", e);
        }
    }

    private Arrived placeStored(PiecePlace place, Piece piece, Finding.InStore found)
            throws PieceException, DownloadException, IOException, InterruptedException {
        var digest = found.digest();
        // An open item is not evicted.
        try (var open = contents.open(digest).orElse(null)) {
            var item = contents.find(digest).orElse(null);
            if (open == null || item == null) {
                throw new PieceException(
                        Reason.GONE,
                        "The content left the store as soon as it was there;"
                                + " give the store more room.");
            }
            checkSize(piece, item.size());
            var made = place.begin();
            var kind = Unpacker.kind(item.path(), piece.archive());
            var file = kind == Archive.NONE ? PieceNames.file(piece, found.link()) : null;
            if (file != null) {
                contents.place(digest, made, file);
            } else {
                unpacker.unpack(item.path(), kind, made);
            }
            return place.settle(made, digest.hex(), item.size(), file);
        }
    }

    private Arrived placeFile(PiecePlace place, Piece piece, Finding.InFile local)
            throws PieceException, DownloadException, IOException, InterruptedException {
        var made = place.begin();
        // A copy first: the engine may change its file at any time.
        var copy = contents.placeLocal(local.file(), made.resolveSibling("file"), "file");
        if (!copy.digest().hex().equals(local.sha256())) {
            throw new PieceException(
                    Reason.GONE, local.file() + " changed while it was looked at.");
        }
        checkSize(piece, copy.size());
        var kind = Unpacker.kind(copy.path(), piece.archive());
        var file = kind == Archive.NONE ? PieceNames.file(piece, null) : null;
        if (file != null) {
            Files.move(copy.path(), made.resolve(file));
        } else {
            unpacker.unpack(copy.path(), kind, made);
        }
        return place.settle(made, local.sha256(), copy.size(), file);
    }

    private static void checkSize(Piece piece, long size) throws PieceException {
        if (piece.size() >= 0 && piece.size() != size) {
            throw new PieceException(
                    Reason.CONTENT,
                    "It has " + size + " bytes and not " + piece.size() + " as was promised.");
        }
    }

    /** The engine's file for it, if there is one that may be right. */
    private static Optional<Path> engineFile(Engine engine, Piece piece) throws IOException {
        var folder = path(engine.folder());
        var within = piece.enginePath();
        if (folder == null || within == null || !folder.isAbsolute()) {
            return Optional.empty();
        }
        try {
            var root = folder.toRealPath();
            var file = PieceNames.exact(root, within).toRealPath();
            var isRight =
                    file.startsWith(root)
                            && Files.isRegularFile(file)
                            && (piece.size() < 0 || piece.size() == Files.size(file));
            return isRight ? Optional.of(file) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // It is not there, or cannot be looked at: then it is fetched.
            return Optional.empty();
        }
    }

    /** A path of this machine: one with two separators at first names another (UNC). */
    private static @Nullable Path path(@Nullable String text) {
        try {
            return text == null || REMOTE.matcher(text).lookingAt() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String sha256(Path file) throws IOException {
        var digest = Sha256.begun();
        var block = ByteBuffer.allocate(BLOCK);
        try (var in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (in.read(block.clear()) >= 0) {
                digest.update(block.flip());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What cannot be read is not there: then it is fetched. */
    private static String sha256OrNone(Path file) throws IOException {
        try {
            return sha256(file);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return "";
        }
    }

    private static PieceException failed(Path folder, IOException error)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return error instanceof BadArchiveException
                ? new PieceException(
                        Reason.CONTENT, "The archive is refused: " + error.getMessage(), error)
                : new PieceException(
                        Reason.PLACE,
                        "It cannot be put into " + folder + ": " + error.getMessage(),
                        error);
    }
}
