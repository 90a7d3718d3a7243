package dev.capstan.transfer.spi;

import dev.capstan.download.DownloadException;
import dev.capstan.download.Segment;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** A running transfer. Safe for any number of threads. */
@ProviderType
public interface Transfer {

    /**
     * Waits for the end. When it returns or throws, no connection is open and no thread writes.
     *
     * @return how it ended
     * @throws DownloadException how it failed; what arrived is kept
     * @throws InterruptedException if the waiting thread was interrupted; the transfer goes on
     */
    TransferResult await() throws DownloadException, InterruptedException;

    /**
     * Closes all connections and ends, within a second, in any phase. Calling it twice is harmless.
     */
    void stop();

    /**
     * Bytes received from the network in this run, whether or not they were of use.
     *
     * @return a counter that only rises
     */
    long received();

    /**
     * The connections that are open.
     *
     * @return 0 while none is
     */
    int connections();

    /**
     * The parts being fetched.
     *
     * @return a snapshot
     */
    List<Segment> segments();

    /**
     * Changes the limits at once.
     *
     * @param maxConnections most connections, 0 for the engine's own judgement
     * @param bytesPerSecond most bytes a second, 0 for none
     */
    void limit(int maxConnections, long bytesPerSecond);
}
