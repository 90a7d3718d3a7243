package dev.capstan.transfer.http.move;

import java.util.function.LongSupplier;

/**
 * A token bucket that goes into debt: bytes are read first and paid for afterwards, in the order in
 * which they were counted, so that no connection starves beside the others. It holds a tenth of a
 * second, and is smooth within one. The rate may change at any time. Safe for any number of
 * threads; it waits for nothing itself.
 */
final class Limiter {
    private static final int LEAST_BLOCK = 512;
    private static final double SECONDS_HELD = 0.1;

    private final LongSupplier clock;
    private long rate;
    private long counted;
    private double paid;
    private long filledAt;

    Limiter() {
        this(System::nanoTime);
    }

    /** A limiter in a test's own time. */
    Limiter(LongSupplier clock) {
        this.clock = clock;
        filledAt = clock.getAsLong();
    }

    /**
     * Sets the rate.
     *
     * @param bytesPerSecond most, 0 for no limit
     */
    synchronized void rate(long bytesPerSecond) {
        fill();
        // A debt is one of time: what takes a second to pay takes one at the new rate too.
        var debt = rate == 0 ? 0 : (counted - paid) * ((double) bytesPerSecond / rate);
        paid = counted - debt;
        rate = bytesPerSecond;
    }

    /** How much may be read at once without being felt as a jerk. */
    synchronized int block(int most) {
        return rate == 0 ? most : (int) Math.max(LEAST_BLOCK, Math.min(most, rate / 64));
    }

    /** Counts bytes; gives the mark up to which must be paid before their reader may go on. */
    synchronized long count(int bytes) {
        fill();
        counted += bytes;
        return counted;
    }

    /** Nanoseconds until all is paid up to a mark. */
    synchronized long until(long mark) {
        fill();
        return rate == 0 || paid >= mark ? 0 : (long) ((mark - paid) * 1e9 / rate) + 1;
    }

    private void fill() {
        var now = clock.getAsLong();
        paid =
                rate == 0
                        ? counted
                        : Math.min(
                                counted + rate * SECONDS_HELD,
                                paid + (now - filledAt) * (rate / 1e9));
        filledAt = now;
    }
}
