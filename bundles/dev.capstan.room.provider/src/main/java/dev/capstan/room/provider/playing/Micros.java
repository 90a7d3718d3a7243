package dev.capstan.room.provider.playing;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times as rooms tell them: microseconds since 1970. */
final class Micros {
    private static final long MOST = 1L << 53;

    private Micros() {}

    static long of(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /**
     * Reads a time.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Instant instant(@Nullable String text) {
        var micros = Long.parseLong(text == null ? "" : text);
        if (micros < 0 || micros > MOST) {
            throw new IllegalArgumentException("No time");
        }
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
