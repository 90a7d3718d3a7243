package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the plain bytes of a part to a second file and takes the digests of both on the way: for
 * ciphers, and where the content folder is on another volume than staging.
 */
final class PlainCopy {
    private static final int BLOCK = 1 << 20;
    private static final int LARGEST_UNIT = 64 << 20;

    private PlainCopy() {}

    /**
     * What a copy gave.
     *
     * @param wire digests of what was read
     * @param plain digests of what was written
     */
    record Result(Set<Digest> wire, Set<Digest> plain) {}

    /**
     * Copies and syncs. The target is removed if that does not succeed.
     *
     * @param part complete
     * @param transform undoes the cipher, or null
     */
    static Result write(
            Part part,
            Decryptor.@Nullable Transform transform,
            Path target,
            Set<String> wireAlgorithms,
            Set<String> plainAlgorithms)
            throws IOException, DownloadException, InterruptedException {
        Files.deleteIfExists(target);
        var length = part.identity().length();
        var wire = new Digests(wireAlgorithms);
        var plain = new Digests(plainAlgorithms);
        var done = false;
        try (var out = DiskFile.write(target)) {
            var block = ByteBuffer.allocate(blockFor(transform, length));
            for (var position = 0L; position < length; ) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                var size = (int) Math.min(block.capacity(), length - position);
                if (part.data().read(block.clear().limit(size), position) < size) {
                    throw new IOException(part.data().path() + " is shorter than it was");
                }
                wire.update(block.flip());
                if (transform != null) {
                    transform.decrypt(position, block);
                }
                plain.update(block);
                out.write(block, position);
                position += size;
            }
            out.sync();
            done = true;
            return new Result(wire.finish(), plain.finish());
        } finally {
            if (!done) {
                Files.deleteIfExists(target);
            }
        }
    }

    private static int blockFor(Decryptor.@Nullable Transform transform, long length)
            throws DownloadException {
        if (transform == null) {
            return BLOCK;
        }
        var unit = transform.alignment();
        if (unit <= LARGEST_UNIT) {
            return Math.max(unit, BLOCK - BLOCK % unit);
        }
        if (length > LARGEST_UNIT) {
            throw new DownloadException(
                    ErrorClass.DECRYPT,
                    "The cipher undoes only whole files, and this one is larger than "
                            + Disk.bytes(LARGEST_UNIT)
                            + ".");
        }
        return (int) Math.max(1, length);
    }
}
