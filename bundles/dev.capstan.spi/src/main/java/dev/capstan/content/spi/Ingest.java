package dev.capstan.content.spi;

import dev.capstan.content.ContentReader;
import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A handle on the staging file of one source, with the map of the bytes that are there. All handles
 * of one source share one file; it outlives handles, bundles and processes (P2).
 *
 * <p>It holds wire bytes and knows nothing of connections. Bytes become visible to {@link #present}
 * only when they are in the file, and are claimed over a power cut only when they were synced.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: {@link #await} waits; the others touch
 * memory or the page cache. <b>Ownership</b>: whoever asked the store for the handle closes it;
 * closing keeps the file, {@link #discard} drops it. <b>Units</b>: positions and lengths in bytes.
 */
@ProviderType
public interface Ingest extends Closeable {

    /**
     * Whose bytes these are.
     *
     * @return the source
     */
    SourceKey source();

    /**
     * What is known of the whole.
     *
     * @return {@link Identity#UNKNOWN} before the first answer
     */
    Identity identity();

    /**
     * P1: the bytes that are there now.
     *
     * @return a snapshot, made anew at each call
     */
    RangeSet present();

    /**
     * How many bytes are there; cheaper than {@link #present}.
     *
     * @return bytes
     */
    long downloaded();

    /**
     * Reads wire bytes that are there. Does not wait.
     *
     * @param position from 0
     * @param target receives bytes
     * @return how many; 0 if the byte at the position is not there
     * @throws DownloadException with IO
     */
    int read(long position, ByteBuffer target) throws DownloadException;

    /**
     * Opens a reader of the plain bytes, for any position, also while nothing is there yet.
     *
     * @return a reader, to be closed by the caller
     * @throws DownloadException with DECRYPT if the cipher is not known here
     */
    ContentReader open() throws DownloadException;

    /**
     * P14, P15: who reads these bytes now, whoever opened it.
     *
     * @return a snapshot
     */
    Readers readers();

    /**
     * The readers that are open.
     *
     * @param count how many
     * @param furthest the first byte after the furthest that one of them has read; 0 if there are
     *     none
     */
    record Readers(int count, long furthest) {}

    /**
     * P1: waits until all bytes of a range are there. Ending one wait harms no other.
     *
     * @param range the range
     * @param most how long
     * @return {@link Await#PRESENT}, or why it will not or did not come
     * @throws DownloadException the error the transfer ended with
     * @throws InterruptedException if the thread was interrupted
     */
    Await await(Range range, Duration most) throws DownloadException, InterruptedException;

    /** How a wait ended. */
    enum Await {
        /** All bytes are there. */
        PRESENT,
        /** The range begins at or after the end, which is known. */
        END,
        /** Not in time. */
        TIMEOUT
    }

    /**
     * P11: asks for a range before everything else. Overlapping demands are merged; a demand ends
     * when its bytes are there.
     *
     * @param range the range
     */
    void demand(Range range);

    /**
     * P11: what is asked for now and not here yet.
     *
     * @return a snapshot
     */
    RangeSet demands();

    /**
     * Becomes the one filler.
     *
     * @return empty while another one is filling
     */
    Optional<Filler> fill();

    /**
     * Wakes all waiting readers with an error; the file stays for a later resume.
     *
     * @param error what ended the transfer
     */
    void fail(DownloadException error);

    /**
     * Q3: drops file and journal when the last handle is closed; if another handle or a reader is
     * open, this only gives up this handle's interest.
     */
    void discard();

    @Override
    void close();
}
