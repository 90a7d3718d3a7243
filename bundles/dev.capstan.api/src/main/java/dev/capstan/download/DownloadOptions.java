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
 * @param cacheOnly whether the bytes are for the store alone: verified and kept, never placed
 * @param lookAhead how many bytes the transfer may be ahead of its furthest reader (P10), {@link
 *     #STREAM} for the configured number, or null for no such limit
 * @param maxBytes most bytes of the file, 0 for no limit: a source that tells more is refused
 *     before the body, one that tells nothing is stopped where it goes further; both fail with
 *     {@link DownloadException.Detail#TOO_BIG}
 */
public record DownloadOptions(
        int maxConnections,
        long limitBytesPerSecond,
        @Nullable Integer maxRetries,
        @Nullable Duration firstByteWithin,
        boolean failInsteadOfWaiting,
        boolean cacheOnly,
        @Nullable Long lookAhead,
        long maxBytes) {

    /** A look-ahead as the configuration says it for streams; 16 MiB unless changed. */
    public static final long STREAM = -1;

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
                || maxBytes < 0
                || (maxRetries != null && maxRetries < 0)
                || (lookAhead != null && lookAhead < STREAM)) {
            throw new IllegalArgumentException("Limits must not be negative");
        }
    }

    /**
     * Options of a download that is placed, and not held back by its readers.
     *
     * @param maxConnections most connections at once, 0 for the engine's own judgement
     * @param limitBytesPerSecond most bytes a second, 0 for no limit
     * @param maxRetries retries after which it fails, or null for the configured number
     * @param firstByteWithin how long attempts may go on before the first byte, or null
     * @param failInsteadOfWaiting whether what would wait without end fails the download
     */
    public DownloadOptions(
            int maxConnections,
            long limitBytesPerSecond,
            @Nullable Integer maxRetries,
            @Nullable Duration firstByteWithin,
            boolean failInsteadOfWaiting) {
        this(
                maxConnections,
                limitBytesPerSecond,
                maxRetries,
                firstByteWithin,
                failInsteadOfWaiting,
                false,
                null,
                0);
    }

    /**
     * Tells whether it lasts only as long as somebody reads it (P15): it is for the store alone,
     * and held back by its readers.
     *
     * @return whether it ends some time after its last reader
     */
    public boolean isStream() {
        return cacheOnly && lookAhead != null;
    }

    /**
     * The same options for another use of the bytes.
     *
     * @param forStoreAlone whether they are verified and kept, never placed
     * @param bytesAhead how far ahead of its furthest reader, {@link #STREAM}, or null
     * @return a copy
     */
    public DownloadOptions withUse(boolean forStoreAlone, @Nullable Long bytesAhead) {
        return new DownloadOptions(
                maxConnections,
                limitBytesPerSecond,
                maxRetries,
                firstByteWithin,
                failInsteadOfWaiting,
                forStoreAlone,
                bytesAhead,
                maxBytes);
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
                connections,
                bytesPerSecond,
                maxRetries,
                firstByteWithin,
                failInsteadOfWaiting,
                cacheOnly,
                lookAhead,
                maxBytes);
    }

    /**
     * The same options with another limit of size.
     *
     * @param bytes most bytes of the file, 0 for no limit
     * @return a copy
     */
    public DownloadOptions withMaxBytes(long bytes) {
        return new DownloadOptions(
                maxConnections,
                limitBytesPerSecond,
                maxRetries,
                firstByteWithin,
                failInsteadOfWaiting,
                cacheOnly,
                lookAhead,
                bytes);
    }
}
