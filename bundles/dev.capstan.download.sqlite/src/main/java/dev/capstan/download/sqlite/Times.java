package dev.capstan.download.sqlite;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Times as the database keeps them: nanoseconds since 1970, which reach from 1677 to 2262. What
 * lies beyond becomes the end of all time, and stays in order.
 */
final class Times {
    private static final long SECOND = 1_000_000_000L;

    private Times() {}

    static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
        } catch (ArithmeticException beyond) {
            return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    static @Nullable Long nanosOrNull(@Nullable Instant time) {
        return time == null ? null : nanos(time);
    }

    static Instant instant(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return Instant.MAX;
        }
        if (nanos == Long.MIN_VALUE) {
            return Instant.MIN;
        }
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }

    static @Nullable Instant instantOrNull(@Nullable Long nanos) {
        return nanos == null ? null : instant(nanos);
    }
}
