package dev.capstan.content.file;

import java.time.Duration;

/**
 * What the store may use (P6). Zero means no limit, but for {@code maxBytes}.
 *
 * @param maxBytes bytes unpinned items may use; 0 for {@code maxPercent}
 * @param maxPercent the same as a part of the volume
 * @param maxItems unpinned items
 * @param maxAge how long an unpinned item is kept unused
 * @param minFreeBytes bytes of the volume that stay free
 * @param stagingMaxAge how long an unfinished transfer is kept untouched
 * @param verifyEvery how often each item is hashed again (P7)
 */
record Limits(
        long maxBytes,
        int maxPercent,
        long maxItems,
        Duration maxAge,
        long minFreeBytes,
        Duration stagingMaxAge,
        Duration verifyEvery) {

    /** Bytes unpinned items may use on a volume of a size. */
    long bytesOf(long volume) {
        return maxBytes > 0 ? maxBytes : volume / 100 * maxPercent;
    }
}
