package dev.capstan.record.provider;

import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Names for records that sort by age: 48 bits of time and 80 bits of chance. For any thread. */
final class Ulid {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final Pattern FORM = Pattern.compile("[0-7][" + ALPHABET + "]{25}");
    private static final int TIME = 10;
    private static final int CHANCE = 16;

    private final InstantSource clock;
    private long last;

    Ulid(InstantSource clock) {
        this.clock = clock;
    }

    static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    /** A later one than all before. */
    synchronized String next() {
        last = Math.max(last + 1, clock.millis());
        var text = new StringBuilder();
        for (var place = TIME - 1; place >= 0; place--) {
            text.append(ALPHABET.charAt((int) (last >>> 5 * place) & 31));
        }
        for (var place = 0; place < CHANCE; place++) {
            text.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
