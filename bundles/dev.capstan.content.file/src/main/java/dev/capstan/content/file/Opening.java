package dev.capstan.content.file;

import dev.capstan.content.spi.Filler;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * D19: the first plain bytes of enciphered ones, looked at as soon as they are there, so that a
 * wrong key is told after one block and not after the whole file.
 *
 * <p>Safe for any thread: whoever comes first looks, and twice is harmless.
 */
final class Opening {
    private final Staging staging;
    private final Decryptor.Transform transform;
    private volatile Object approved = this;

    /**
     * Watches the bytes of a staging.
     *
     * @param transform refuses what does not begin as it was promised to
     */
    Opening(Staging staging, Decryptor.Transform transform) {
        this.staging = staging;
        this.transform = transform;
    }

    /** Whether bytes are there that begin as they must not. */
    boolean isRefuted() {
        try {
            look();
            return false;
        } catch (DownloadException e) {
            return true;
        }
    }

    /** A lane that fails with DECRYPT where the bytes begin as they must not. */
    Filler.Lane watch(Filler.Lane lane) {
        return new Filler.Lane() {
            @Override
            public void write(ByteBuffer bytes) throws DownloadException {
                lane.write(bytes);
                look();
            }

            @Override
            public long position() {
                return lane.position();
            }

            @Override
            public void close() {
                lane.close();
            }
        };
    }

    private void look() throws DownloadException {
        var part = staging.part();
        if (approved == part) {
            return;
        }
        var length = part.identity().length();
        var enough = enough();
        var size = length < 0 ? enough : Math.min(enough, length);
        if (size == 0 || size == Integer.MAX_VALUE || part.endOfRunAt(0) < size) {
            return;
        }
        var head = ByteBuffer.allocate((int) size);
        try {
            part.read(0, head);
        } catch (IOException e) {
            throw part.failed(e);
        }
        transform.decrypt(0, head.flip());
        approved = part;
    }

    /** Whole units, and enough of them to tell a file by; the largest number for all there is. */
    private long enough() {
        var unit = transform.alignment();
        return unit >= MediaStart.LENGTH ? unit : (long) unit * MediaStart.LENGTH;
    }
}
