package dev.capstan.transfer.http.wire;

import org.jspecify.annotations.Nullable;

/**
 * Tells the watchdog how one connection does. The connection's thread marks when it waits for bytes
 * and what came; the watchdog alone decides that it is too late. Time that the reader spends
 * elsewhere (a full disk cache, a rate limit, a slow player) does not count against the peer.
 */
final class Watch {
    private static final long NONE = 0;

    private volatile long allBy = NONE;
    private volatile long headBy = NONE;
    private volatile long waitingSince = NONE;
    private volatile long received;
    private volatile @Nullable Overdue overdue;

    // The watchdog's own
    private long windowWaited;
    private long windowStart;
    private long lastTick;

    /** Bytes so far; written by the connection's thread only. */
    long received() {
        return received;
    }

    /** The limit that was passed, after the watchdog has closed the connection; else null. */
    @Nullable Overdue overdue() {
        return overdue;
    }

    /** Bounds the whole exchange; 0 for no bound. */
    void expectAll(long nanos) {
        allBy = nanos == 0 ? NONE : nonZero(System.nanoTime() + nanos);
    }

    void expectHead(long nanos) {
        headBy = nonZero(System.nanoTime() + nanos);
    }

    void headArrived() {
        headBy = NONE;
    }

    void waiting() {
        waitingSince = nonZero(System.nanoTime());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void arrived(int bytes) {
        waitingSince = NONE;
        if (bytes > 0) {
            received += bytes;
        }
    }

    /** Looks at the clock; true if the connection is to be closed. */
    boolean isOverdue(long now, Settings limits) {
        overdue = check(now, limits);
        return overdue != null;
    }

    private @Nullable Overdue check(long now, Settings limits) {
        if (allBy != NONE && now - allBy > 0) {
            return Overdue.ALL;
        }
        var head = headBy;
        if (head != NONE) {
            return now - head > 0 ? Overdue.HEAD : null;
        }
        var since = waitingSince;
        if (since != NONE && now - since > limits.idle().toNanos()) {
            return Overdue.IDLE;
        }
        if (since != NONE && lastTick != 0) {
            windowWaited += Math.min(now - lastTick, now - since);
        }
        lastTick = now;
        if (windowWaited > limits.leastSpeedWindow().toNanos()) {
            var least = limits.leastSpeed() * limits.leastSpeedWindow().toMillis() / 1000;
            var slow = received - windowStart < least;
            windowStart = received;
            windowWaited = 0;
            return slow ? Overdue.SLOW : null;
        }
        return null;
    }

    /** Which limit was passed. */
    enum Overdue {
        ALL,
        HEAD,
        IDLE,
        SLOW
    }

    private static long nonZero(long nanos) {
        return nanos == NONE ? 1 : nanos;
    }
}
