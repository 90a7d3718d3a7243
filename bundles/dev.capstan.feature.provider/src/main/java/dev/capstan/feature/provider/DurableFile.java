package dev.capstan.feature.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A file of properties that is whole after any end of the process or the machine. */
record DurableFile(Path folder, String name) {
    private static final System.Logger LOG = System.getLogger(DurableFile.class.getName());

    Path path() {
        return folder.resolve(name);
    }

    /** What it holds; nothing if it is not there. */
    Properties read() throws IOException {
        var properties = new Properties();
        if (Files.exists(path())) {
            try (var in = Files.newBufferedReader(path())) {
                properties.load(in);
            } catch (IllegalArgumentException e) {
                throw new IOException(path() + " is damaged", e);
            }
        }
        return properties;
    }

    /** What it holds; nothing if that cannot be told. */
    Properties readOrEmpty() {
        try {
            return read();
        } catch (IOException e) {
            LOG.log(Level.WARNING, path() + " is passed over", e);
            return new Properties();
        }
    }

    void write(Properties properties) throws IOException {
        var text = new StringWriter();
        properties.store(text, null);
        var unfinished = folder.resolve(name + ".new");
        try (var channel = FileChannel.open(unfinished, CREATE, WRITE, TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text.toString().getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, path(), ATOMIC_MOVE);
        sync(folder);
    }

    void delete() throws IOException {
        Files.deleteIfExists(path());
    }

    /** Makes files or names in a folder durable. */
    static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, READ)) {
            channel.force(true);
        }
    }
}
