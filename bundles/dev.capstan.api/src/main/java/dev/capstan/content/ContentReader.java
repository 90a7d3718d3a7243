package dev.capstan.content;

import dev.capstan.download.DownloadException;
import java.io.Closeable;
import java.nio.ByteBuffer;
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

    @Override
    void close();
}
