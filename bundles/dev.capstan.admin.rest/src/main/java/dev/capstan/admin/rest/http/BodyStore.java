package dev.capstan.admin.rest.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a body is while it arrives: at most one byte more than it may have, so that whoever is
 * given it sees that there was more. Used by one thread at a time.
 */
sealed interface BodyStore {

    /** What is read as a whole. */
    static BodyStore inMemory(int most) {
        return new InMemory(most + 1, new ByteArrayOutputStream());
    }

    /** What may be long; it is deleted when the request ends. */
    static BodyStore inFile(Path folder, long most) throws IOException {
        var file = Files.createTempFile(Files.createDirectories(folder), "upload-", "");
        return new InFile(most + 1, file, Files.newOutputStream(file));
    }

    /** How many bytes are kept. */
    long most();

    /** Takes them. */
    OutputStream out();

    /** What is told of by a request's attribute: the bytes, or the path of a file. */
    Object whole() throws IOException;

    /** Keeps nothing. */
    default void drop() throws IOException {}

    /** In memory. */
    record InMemory(long most, ByteArrayOutputStream out) implements BodyStore {

        @Override
        public byte[] whole() {
            return out.toByteArray();
        }
    }

    /** In a file. */
    record InFile(long most, Path file, OutputStream out) implements BodyStore {

        @Override
        public Path whole() throws IOException {
            out.close();
            return file;
        }

        @Override
        public void drop() throws IOException {
            out.close();
            Files.deleteIfExists(file);
        }
    }
}
