package dev.capstan.transfer.http.move;

import dev.capstan.transfer.http.wire.Cancellation;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket that goes into debt: bytes are read first and paid for afterwards. Holds a tenth
 * of a second, so that it is smooth within one. The rate may change at any time. Safe for any
 * number of threads; its lock is not held while waiting.
 */
public final class Limiter {
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int LEAST_BLOCK = 512;

    private long rate;
    private double tokens;
    private long filledAt = System.nanoTime();

    /**
     * Sets the rate.
     *
     * @param bytesPerSecond most, 0 for no limit
     */
    public synchronized void rate(long bytesPerSecond) {
        fill();
        rate = bytesPerSecond;
        tokens = Math.min(tokens, rate / 10.0);
    }

    /** How much may be read at once without being felt as a jerk. */
    synchronized int block(int most) {
        return rate == 0 ? most : (int) Math.max(LEAST_BLOCK, Math.min(most, rate / 64));
    }

    /** Pays for bytes that were read, and waits until the debt is gone or the wait cancelled. */
    void pay(int bytes, Cancellation cancellation) throws InterruptedException {
        for (var wait = charge(bytes); wait > 0; wait = charge(0)) {
            // In short pieces, because the rate may be raised meanwhile.
            if (!cancellation.sleep(Math.min(wait, LONGEST_WAIT))) {
                return;
            }
        }
    }

    private synchronized long charge(int bytes) {
        if (rate == 0) {
            tokens = 0;
            return 0;
        }
        fill();
        tokens -= bytes;
        return tokens >= 0 ? 0 : (long) (-tokens * 1e9 / rate) + 1;
    }

    private void fill() {
        var now = System.nanoTime();
        tokens = Math.min(rate / 10.0, tokens + (now - filledAt) * (rate / 1e9));
        filledAt = now;
    }
}
