package dev.capstan.name;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Set;

/**
 * Small files that are whole, as they were or as they shall be, after any end of the process or the
 * machine: written under another name beside their own, synced, renamed, and the folder synced.
 *
 * <p>It makes no folder. It follows no symbolic link that stands under one of its names: a link is
 * replaced like a file.
 *
 * <p>Safe for any number of threads, of which one at a time may write a file. Every call blocks for
 * the disk; an interrupt breaks it off with a {@link java.nio.channels.ClosedByInterruptException}.
 */
public final class DurableFile {
    /** How the name of a file ends that is not finished; what a kill left of it is no file. */
    public static final String UNFINISHED = ".new";

    private static final boolean SYNCS_FOLDERS = !System.getProperty("os.name").startsWith("Win");

    private DurableFile() {}

    /**
     * Writes a file, or replaces it.
     *
     * @param attributes what it is made with, such as who may read it
     * @throws IOException if it could not be written; then it is as it was
     */
    public static void write(Path file, String text, FileAttribute<?>... attributes)
            throws IOException {
        var target = file.toAbsolutePath();
        var unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
        Files.deleteIfExists(unfinished);
        try {
            try (var channel =
                    FileChannel.open(
                            unfinished,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            attributes)) {
                var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        sync(folder(target));
    }

    /** Removes a file, if it is there, so that it does not come back after a power cut. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            sync(folder(file.toAbsolutePath()));
        }
    }

    /** Makes the names in a folder last, where the system can; or what a file holds. */
    public static void sync(Path path) throws IOException {
        if (SYNCS_FOLDERS) {
            try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent(), "A root is no file");
    }
}
