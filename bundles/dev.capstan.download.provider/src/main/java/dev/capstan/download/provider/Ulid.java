package dev.capstan.download.provider;

import java.time.Clock;
import java.util.SplittableRandom;

/**
 * Makes ULIDs: 48 bits of milliseconds and 80 bits of chance in 26 characters. They ascend within
 * one process, also within a millisecond and when the clock is set back. Safe for any thread.
 */
final class Ulid {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;

    private final Clock clock;
    private final SplittableRandom random = new SplittableRandom();
    private long millis = -1;
    private long high;
    private long low;

    Ulid(Clock clock) {
        this.clock = clock;
    }

    synchronized String next() {
        var now = clock.millis();
        if (now > millis) {
            millis = now;
            // Half of the range, so that counting up from it never overflows.
            high = random.nextInt(1 << 15);
            low = random.nextLong();
        } else if (++low == 0) {
            high++;
        }
        return text(millis << 16 | high, low);
    }

    private static String text(long upper, long lower) {
        var text = new char[LENGTH];
        for (var i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) lower & 31);
            lower = lower >>> 5 | upper << 59;
            upper >>>= 5;
        }
        return new String(text);
    }
}
