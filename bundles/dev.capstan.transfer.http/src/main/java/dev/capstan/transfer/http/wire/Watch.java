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
    private volatile long waited;
    private volatile long received;
    private volatile @Nullable Overdue overdue;

    // The watchdog's own
    private long windowStart;
    private long receivedThen;

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
        waited += System.nanoTime() - waitingSince;
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
        var total = waited + (since == NONE ? 0 : now - since);
        if (total - windowStart <= limits.leastSpeedWindow().toNanos()) {
            return null;
        }
        var least = limits.leastSpeed() * (total - windowStart) / 1e9;
        var slow = received - receivedThen < least;
        windowStart = total;
        receivedThen = received;
        return slow ? Overdue.SLOW : null;
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
