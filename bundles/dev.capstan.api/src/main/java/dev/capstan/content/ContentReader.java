package dev.capstan.content;

import dev.capstan.download.DownloadException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads content, also while it still arrives: a read of bytes that are not there yet asks for them
 * (P11) and waits (P1). What is read is plain: ciphers are undone on the way (P3).
 *
 * <p>An open reader keeps its content from eviction. It reads bytes that are there, not bytes that
 * are verified, until {@link #isVerified()}.
 *
 * <p><b>Threads</b>: positional reads may run on several threads at once. <b>Blocking</b>: {@link
 * #read} blocks until at least one byte is there; closing or interrupting ends it.
 * <b>Ownership</b>: whoever opened it closes it; closing twice is harmless.
 */
@ProviderType
public interface ContentReader extends Closeable {

    /**
     * Reads bytes that follow a position.
     *
     * @param position from 0
     * @param target receives at least one byte
     * @return how many bytes, or −1 at the end
     * @throws DownloadException if the transfer failed for good, with its error
     * @throws InterruptedException if the thread was interrupted or the reader closed while waiting
     */
    int read(long position, ByteBuffer target) throws DownloadException, InterruptedException;

    /**
     * The length of the whole.
     *
     * @return empty while it is not known
     */
    OptionalLong length();

    /**
     * Tells whether the bytes are finished content.
     *
     * @return false while they still arrive
     */
    boolean isVerified();

    /**
     * What the bytes are named by.
     *
     * @return the SHA-256 of the finished content, empty while it is not known
     */
    default Optional<Digest> digest() {
        return Optional.empty();
    }

    /**
     * The version of the source that the bytes are of. Of finished content it is the version it was
     * fetched under, so that a caller who knew that version knows these bytes.
     *
     * @return {@link Validator#NONE} where the source told none
     */
    default Validator validator() {
        return Validator.NONE;
    }

    @Override
    void close();
}
