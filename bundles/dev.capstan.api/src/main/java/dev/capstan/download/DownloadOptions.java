package dev.capstan.download;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a download is to be run. The shape is stored with the download.
 *
 * @param maxConnections most connections at once, 0 for the engine's own judgement
 * @param limitBytesPerSecond most bytes a second, 0 for no limit
 * @param maxRetries retries after which it fails (Q12), or null for the configured number
 * @param firstByteWithin how long attempts may go on until a source delivers its first byte, or
 *     null for the engine's own limits
 * @param failInsteadOfWaiting whether what would wait without end (full disk, held account, missing
 *     host) fails the download, so that a command line call comes back
 */
public record DownloadOptions(
        int maxConnections,
        long limitBytesPerSecond,
        @Nullable Integer maxRetries,
        @Nullable Duration firstByteWithin,
        boolean failInsteadOfWaiting) {

    /** Everything left to the configuration. */
    public static final DownloadOptions DEFAULT = new DownloadOptions(0, 0, null, null, false);

    /**
     * Creates options.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public DownloadOptions {
        if (maxConnections < 0
                || limitBytesPerSecond < 0
                || (maxRetries != null && maxRetries < 0)) {
            throw new IllegalArgumentException("Limits must not be negative");
        }
    }

    /**
     * The same options with other limits.
     *
     * @param connections most connections at once, 0 for the engine's own judgement
     * @param bytesPerSecond most bytes a second, 0 for no limit
     * @return a copy
     */
    public DownloadOptions withLimits(int connections, long bytesPerSecond) {
        return new DownloadOptions(
                connections, bytesPerSecond, maxRetries, firstByteWithin, failInsteadOfWaiting);
    }
}
