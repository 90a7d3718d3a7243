package dev.capstan.name;

import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Makes ULIDs, the ids of downloads, batches and records: 48 bits of milliseconds and 80 bits of
 * chance, in 26 characters of Crockford's base 32. Those of one maker ascend, also within a
 * millisecond and when the clock is set back, so that sorting by id is sorting by age.
 *
 * <p>Ids are no secrets: somebody who has seen one can guess the next of the same millisecond.
 *
 * <p>Safe for any thread; it never blocks.
 *
 * @see <a href="https://github.com/ulid/spec">The form</a>
 */
public final class Ulid {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 26;
    private static final Pattern FORM =
            Pattern.compile("[0-7][" + ALPHABET + "]{" + (LENGTH - 1) + "}");

    private final InstantSource clock;
    private final SplittableRandom random = new SplittableRandom();
    private long millis = -1;
    private long high;
    private long low;

    /**
     * Creates a maker.
     *
     * @param clock gives the time that ids begin with
     */
    public Ulid(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Whether a text has the form of a ULID, in capitals.
     *
     * @param text any text
     * @return whether it could have been made here
     */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Makes an id.
     *
     * @return one that sorts behind all this maker gave before
     */
    public synchronized String next() {
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
