package dev.capstan.tck.host;

import dev.capstan.host.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Time that passes when a test says so, or at once when somebody sleeps; it tells how long was
 * slept. Safe for any thread.
 */
public final class ManualTime implements Time {
    /** When it begins. */
    public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final List<Duration> slept = new ArrayList<>();
    private Instant now = START;

    /** Makes a clock that stands. */
    public ManualTime() {}

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        slept.add(time);
        now = now.plus(time);
    }

    /**
     * Lets time pass, or sets the clock back.
     *
     * @param time how long; negative for backwards
     */
    public synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    /**
     * All sleeps so far.
     *
     * @return a copy, in order
     */
    public synchronized List<Duration> slept() {
        return List.copyOf(slept);
    }
}
