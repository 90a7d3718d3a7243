package dev.capstan.content.spi;

import dev.capstan.download.DownloadException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to write into an ingest; one at a time. Closing it checkpoints and gives the right
 * back.
 *
 * <p><b>Threads</b>: safe for any number; each {@link Lane} belongs to one.
 */
@ProviderType
public interface Filler extends Closeable {

    /**
     * Tells what the first answer said. Bytes that are there stay.
     *
     * @param identity what is now known; must not contradict what was known
     * @throws DownloadException with DISK_FULL if the volume cannot hold the rest (P4), with IO if
     *     the journal cannot be written
     */
    void identify(Identity identity) throws DownloadException;

    /**
     * The source changed: begins again under a new identity. The old part is kept beside it until
     * the new one is whole, in case the change was an error page.
     *
     * @param identity the new version
     * @throws DownloadException as {@link #identify}
     */
    void restart(Identity identity) throws DownloadException;

    /**
     * Begins to write bytes that follow each other. Lanes must not overlap; what they write over
     * bytes that are there must be equal bytes.
     *
     * @param position where its first byte goes
     * @return a lane for one thread, to be closed by it
     */
    Lane lane(long position);

    /**
     * Forgets bytes, so that they are fetched again.
     *
     * @param range bytes that proved wrong; no lane is in it
     * @throws DownloadException with IO if the journal cannot be written
     */
    void forget(Range range) throws DownloadException;

    /**
     * P2: syncs the data, then the claim on it. Called once a second by the store itself; a
     * transfer that is about to be stopped may call it too.
     *
     * @throws DownloadException with IO; what was written since the last success counts as not
     *     written
     */
    void checkpoint() throws DownloadException;

    /**
     * P11: the ranges readers wait for and that are not there, most urgent first is lowest first.
     *
     * @return a snapshot
     */
    RangeSet demands();

    /**
     * P9: the ranges readers will come to next and that are not there: worth a free connection, and
     * after what is demanded.
     *
     * @return a snapshot
     */
    RangeSet upcoming();

    /**
     * P10: the first byte nobody wants yet: the furthest reader plus its look-ahead.
     *
     * @return {@link Long#MAX_VALUE} where nothing holds the transfer back
     */
    long horizon();

    /**
     * Sets what is run when {@link #demands}, {@link #upcoming} or {@link #horizon} changed; must
     * return at once.
     *
     * @param listener runs on a reader's thread
     */
    void onDemand(Runnable listener);

    @Override
    void close();

    /** Writes one run of bytes, front to back. Used by one thread. */
    @ProviderType
    interface Lane extends Closeable {

        /**
         * Writes all remaining bytes of a buffer. When it returns they are in the page cache and in
         * the journal: kill -9 does not lose them (P2).
         *
         * @param bytes heap or direct
         * @throws DownloadException with DISK_FULL or IO; then none of these bytes counts
         */
        void write(ByteBuffer bytes) throws DownloadException;

        /**
         * Memory to receive the next bytes into. What is then written from it need not be read back
         * to be hashed; any other buffer may be written as well.
         *
         * @param most how many bytes are expected at most
         * @return a direct buffer of the lane's, to be given to {@link #write} itself; valid until
         *     the next call, until other bytes are written, or until the lane is closed; null where
         *     it would save nothing
         */
        default @Nullable ByteBuffer buffer(int most) {
            return null;
        }

        /**
         * Where the next byte goes. May be read by any thread.
         *
         * @return a position
         */
        long position();

        @Override
        void close();
    }
}
