package dev.capstan.download.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. */
final class ManualClock extends Clock {
    static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    private Instant now = START;
    private Runnable onAdvance = () -> {};

    /** Sets what is told when the time was moved. */
    void onAdvance(Runnable told) {
        onAdvance = told;
    }

    void advance(Duration by) {
        synchronized (this) {
            now = now.plus(by);
        }
        onAdvance.run();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
