package dev.capstan.packaging;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a jar whose bytes depend on its content alone. It replaces the one that was there at once
 * and whole, for a process may be running from that.
 */
final class JarWriter implements AutoCloseable {

    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Path jar;
    private final Path unfinished;
    private final ZipOutputStream zip;
    private final Set<String> names = new HashSet<>();

    JarWriter(Path jar, Manifest manifest) throws IOException {
        this.jar = jar;
        this.unfinished = jar.resolveSibling(jar.getFileName() + ".part");
        this.zip = new ZipOutputStream(Files.newOutputStream(unfinished));
        var bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        add(JarFile.MANIFEST_NAME, bytes.toByteArray());
    }

    /** Adds a compressed entry; the first of a name stays. */
    void add(String name, byte[] content) throws IOException {
        write(new ZipEntry(name), content);
    }

    /** Adds an entry as it is: what is compressed already, or will be copied out fast. */
    void store(String name, byte[] content) throws IOException {
        var entry = new ZipEntry(name);
        var crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        write(entry, content);
    }

    private void write(ZipEntry entry, byte[] content) throws IOException {
        if (names.add(entry.getName())) {
            entry.setTimeLocal(NO_TIME);
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
        Files.move(unfinished, jar, ATOMIC_MOVE);
    }
}
