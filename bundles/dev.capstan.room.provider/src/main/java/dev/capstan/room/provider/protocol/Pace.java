package dev.capstan.room.provider.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Sees whether what arrives is slower than somebody wants (R11). For one thread. */
final class Pace {
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private final long minimum;
    private Instant since;
    private long before;
    private Optional<String> warning = Optional.empty();

    /**
     * Creates it.
     *
     * @param minimum bytes a second, 0 for any
     */
    Pace(long minimum, Instant now) {
        this.minimum = minimum;
        since = now;
    }

    /**
     * Looks at it now and then.
     *
     * @param bytes all that arrived so far
     * @param isMoving whether anything is on its way
     * @return a sentence while it is too slow
     */
    Optional<String> look(Instant now, long bytes, boolean isMoving) {
        var past = Duration.between(since, now);
        if (minimum > 0 && past.compareTo(WINDOW) >= 0) {
            var speed = Math.max(0, bytes - before) * 1_000 / past.toMillis();
            warning =
                    isMoving && speed < minimum
                            ? Optional.of(
                                    "Pieces arrive with "
                                            + speed
                                            + " bytes a second, less than "
                                            + minimum
                                            + ".")
                            : Optional.empty();
            since = now;
            before = bytes;
        }
        return warning;
    }
}
