package dev.capstan.admin.rest.events;

import java.time.Duration;

/** When something is to be told that may be told only so often. Used by one thread. */
final class Pace {
    private final long every;
    private boolean isDue;
    private long told;

    /**
     * Begins as if it had just been told.
     *
     * @param every the least time between two times
     * @param now on the clock that is asked with
     */
    Pace(Duration every, long now) {
        this.every = every.toNanos();
        told = now;
    }

    /** There is something to tell. */
    void due() {
        isDue = true;
    }

    /** How long nothing was told. */
    Duration silence(long now) {
        return Duration.ofNanos(now - told);
    }

    /** Whether to tell it now; then it is told. */
    boolean take(long now) {
        if (!isDue || now - told < every) {
            return false;
        }
        isDue = false;
        told = now;
        return true;
    }
}
