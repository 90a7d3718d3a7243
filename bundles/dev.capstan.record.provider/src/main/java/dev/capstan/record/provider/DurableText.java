package dev.capstan.record.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that are whole or absent after any end of the process or the machine: written under another
 * name, synced, renamed, and the folder synced.
 */
final class DurableText {
    /** How a name ends that is not finished. */
    static final String UNFINISHED = ".new";

    private DurableText() {}

    static void write(Path folder, String name, String text) throws IOException {
        var unfinished = folder.resolve(name + UNFINISHED);
        try (var channel = FileChannel.open(unfinished, CREATE, WRITE, TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, folder.resolve(name), ATOMIC_MOVE);
        sync(folder);
    }

    static void delete(Path folder, String name) throws IOException {
        if (Files.deleteIfExists(folder.resolve(name))) {
            sync(folder);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, READ)) {
            channel.force(true);
        }
    }
}
