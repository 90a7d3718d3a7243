package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.Placed;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.name.SafeNames;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives files human names (P6): never over another file, never through a symbolic link at the
 * target, and whole or not at all. A copy is made under a name of our own in the same folder and
 * renamed onto a name that was reserved just before; a copy that was cut short is made again under
 * the same name of our own.
 *
 * <p>Java cannot ask for a reflink; but {@link FileChannel#transferTo} is the system's own copy
 * from Java 21 on, which shares blocks where the file system can.
 */
final class Placer {
    private static final long CHUNK = 8 << 20;
    private static final int MOST_NAMES = 100_000;

    private final Vault vault;
    private final Set<Path> copying = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    Placer(Vault vault) {
        this.vault = vault;
    }

    /** Ends copies with their next chunk. */
    void stop() {
        stopped = true;
    }

    /** Tries to take one name. */
    private interface Attempt {
        void take(Path target) throws IOException, InterruptedException;
    }

    /** Places an item, which the caller holds. */
    Placed place(Item item, Path folder, String name)
            throws DownloadException, InterruptedException {
        var digest = Digest.sha256(item.hex());
        var source = vault.path(item.hex());
        makeFolder(folder);
        try {
            try {
                var linked = settle(folder, name, digest, source, t -> Files.createLink(t, source));
                if (!linked.wasThere()) {
                    vault.placed(item);
                }
                return linked;
            } catch (NoSuchFileException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                // Another volume, or none that links: the copy tells if it is worse than that.
                return placeCopy(source, folder, name, digest);
            }
        } catch (IOException e) {
            throw stopped ? Disk.gone() : failed(e, folder);
        }
    }

    /** Places a file that is no item. */
    Placed placeLocal(Path file, Path folder, String name)
            throws DownloadException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw new DownloadException(
                    ErrorClass.NOT_FOUND, "There is no file " + file + "; check the path.");
        }
        makeFolder(folder);
        try {
            var real = file.toRealPath();
            var first = folder.resolve(name);
            if (isFile(first) && Files.size(first) == Files.size(real)) {
                var digest = Digests.sha256(real);
                if (Digests.sha256(first).equals(digest)) {
                    return new Placed(first, digest, Files.size(first), true);
                }
            }
            return placeCopy(real, folder, name, null);
        } catch (IOException e) {
            throw stopped ? Disk.gone() : failed(e, folder);
        }
    }

    /**
     * Copies.
     *
     * @param known the digest, or null to take it from the copy
     */
    private Placed placeCopy(Path source, Path folder, String name, @Nullable Digest known)
            throws IOException, InterruptedException {
        var copy = reserveCopy(source, folder);
        try {
            copy(source, copy);
            var digest = known != null ? known : Digests.sha256(copy);
            return settle(folder, name, digest, copy, target -> moveOnto(copy, target));
        } finally {
            Files.deleteIfExists(copy);
            copying.remove(copy);
        }
    }

    /** Always the same name for the same source, so that what a crash left is used up. */
    private Path reserveCopy(Path source, Path folder) {
        var digest = Digests.start(Digest.SHA_256);
        digest.update(source.toString().getBytes(StandardCharsets.UTF_8));
        var id = Digest.of(Digest.SHA_256, digest.digest()).hex().substring(0, 16);
        for (var i = 0; ; i++) {
            var path = folder.resolve(SafeNames.STAGING_PREFIX + id + (i == 0 ? "" : "-" + i));
            if (copying.add(path)) {
                return path;
            }
        }
    }

    private void copy(Path source, Path target) throws IOException, InterruptedException {
        Files.deleteIfExists(target);
        try (var in = FileChannel.open(source, StandardOpenOption.READ);
                var out =
                        FileChannel.open(
                                target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var size = in.size();
            for (var position = 0L; position < size; ) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (stopped) {
                    throw new ClosedChannelException();
                }
                var count = in.transferTo(position, Math.min(CHUNK, size - position), out);
                if (count <= 0) {
                    throw new IOException(source + " became shorter while it was copied");
                }
                position += count;
            }
            out.force(false);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }

    /** Takes the name first, then puts the whole file in its place. */
    private static void moveOnto(Path copy, Path target) throws IOException {
        Files.createFile(target);
        var done = false;
        try {
            Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(target);
            }
        }
    }

    /** Goes through the names until one can be taken, or has the bytes already. */
    private static Placed settle(
            Path folder, String name, Digest digest, Path source, Attempt attempt)
            throws IOException, InterruptedException {
        var size = Files.size(source);
        for (var n = 0; n < MOST_NAMES; n++) {
            var target = folder.resolve(n == 0 ? name : SafeNames.numbered(name, n));
            try {
                attempt.take(target);
                Disk.syncFolder(folder);
                return new Placed(target, digest, size, false);
            } catch (FileAlreadyExistsException e) {
                if (isSame(target, source, size, digest)) {
                    return new Placed(target, digest, size, true);
                }
            }
        }
        throw new IOException("all names from " + name + " on are taken");
    }

    private static boolean isSame(Path target, Path source, long size, Digest digest)
            throws InterruptedException {
        try {
            if (!isFile(target)) {
                return false;
            }
            var key = key(target);
            return (key != null && key.equals(key(source)))
                    || (Files.size(target) == size && Digests.sha256(target).equals(digest));
        } catch (IOException e) {
            // What cannot be read cannot be known to be equal.
            return false;
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void makeFolder(Path folder) throws DownloadException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw folder("The folder " + folder + " cannot be made: a file has that name.", e);
        } catch (IOException e) {
            throw failed(e, folder);
        }
    }

    private static DownloadException failed(IOException error, Path folder) {
        var existing = folder;
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (Disk.isFull(error, existing)) {
            return Disk.error(error, existing, "Nothing can be placed in " + folder);
        }
        return folder("Nothing can be placed in " + folder + ": " + reason(error, existing), error);
    }

    private static String reason(IOException error, Path existing) {
        if (Files.isDirectory(existing) && !Files.isWritable(existing)) {
            return "it is not writable. Change its rights or choose another folder.";
        }
        var why = error instanceof FileSystemException e ? e.getReason() : error.getMessage();
        return (why == null ? "it cannot be made or written" : why) + ". Choose another folder.";
    }

    private static DownloadException folder(String message, IOException cause) {
        return new DownloadException(
                ErrorClass.IO, message, DownloadException.Detail.FOLDER, null, cause);
    }
}
