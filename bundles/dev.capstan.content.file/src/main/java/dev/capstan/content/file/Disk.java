package dev.capstan.content.file;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the store asks of a file system beyond the JDK, and the sentences for when it refuses. */
final class Disk {
    private static final boolean SYNCS_FOLDERS = !System.getProperty("os.name").startsWith("Win");
    private static final Set<PosixFilePermission> WRITE =
            Set.of(
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_WRITE);

    private Disk() {}

    /** Makes the names in a folder durable. */
    static void syncFolder(@Nullable Path folder) throws IOException {
        if (folder == null || !SYNCS_FOLDERS) {
            return;
        }
        var interrupted = Thread.interrupted();
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (ClosedChannelException e) {
            // An interrupt closed it in between; once more, without.
            interrupted |= Thread.interrupted();
            try (var again = FileChannel.open(folder, StandardOpenOption.READ)) {
                again.force(true);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Makes a folder and those above it, durably. */
    static void makeFolder(@Nullable Path folder) throws IOException {
        if (folder == null || Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.getParent();
        makeFolder(parent);
        Files.createDirectories(folder);
        syncFolder(parent);
    }

    /** Takes the right to write from everybody and leaves the other rights as they are. */
    static void makeReadOnly(Path file) throws IOException {
        var view =
                Files.getFileAttributeView(
                        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            file.toFile().setReadOnly();
            return;
        }
        var rights = view.readAttributes().permissions();
        if (rights.removeAll(WRITE)) {
            view.setPermissions(rights);
        }
    }

    /** Gives the right to write back to the owner. */
    static void makeWritable(Path file) throws IOException {
        var view =
                Files.getFileAttributeView(
                        file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            file.toFile().setWritable(true);
            return;
        }
        var rights = view.readAttributes().permissions();
        if (rights.add(PosixFilePermission.OWNER_WRITE)) {
            view.setPermissions(rights);
        }
    }

    /** Removes a folder of plain files. What is not there need not be removed. */
    static void removeFolder(Path folder) throws IOException {
        for (var file : list(folder)) {
            Files.deleteIfExists(file);
        }
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Somebody put something there meanwhile: it is theirs.
        }
    }

    /** What is in a folder; nothing if there is no such folder. */
    static List<Path> list(Path folder) throws IOException {
        try (var names = Files.list(folder)) {
            return names.toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Whether a write failed for want of space or quota. */
    static boolean isFull(IOException error, Path volume) {
        var message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
        // The text is the C library's, and may be in any language.
        return message.contains("no space left")
                || message.contains("quota exceeded")
                || (isPlain(error) && isVolumeFull(volume));
    }

    /** Whether the kind of error does not tell what it is. */
    private static boolean isPlain(IOException error) {
        return error.getClass() == IOException.class
                || error.getClass() == FileSystemException.class;
    }

    private static boolean isVolumeFull(Path at) {
        try {
            var volume = Files.getFileStore(at);
            return volume.getTotalSpace() > 0 && volume.getUsableSpace() < 1 << 16;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * DISK_FULL or IO.
     *
     * @param error what the file system said
     * @param volume a path on the volume
     * @param what what could not be done, as the beginning of a sentence
     */
    static DownloadException error(IOException error, Path volume, String what) {
        if (isFull(error, volume)) {
            return new DownloadException(
                    ErrorClass.DISK_FULL,
                    what + ": no space is left on the volume of " + volume + "; make room there.",
                    error);
        }
        return new DownloadException(ErrorClass.IO, what + ": " + reason(error), error);
    }

    /** The same error for another thread. */
    static DownloadException again(DownloadException error) {
        return new DownloadException(
                error.errorClass(),
                String.valueOf(error.getMessage()),
                error.detail(),
                error.retryAfter().orElse(null),
                error);
    }

    /** The store was stopped under somebody's hands; the same call will work when it is back. */
    static DownloadException gone() {
        return new DownloadException(
                ErrorClass.IO, "The content store is gone; this goes on when it is back.");
    }

    private static String reason(IOException error) {
        var message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    /** A number of bytes for a person. */
    static String bytes(long count) {
        if (count < 1024) {
            return count + " bytes";
        }
        var value = (double) count;
        var unit = -1;
        while (value >= 1024 && unit < 4) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, "KMGTP".charAt(unit));
    }
}
