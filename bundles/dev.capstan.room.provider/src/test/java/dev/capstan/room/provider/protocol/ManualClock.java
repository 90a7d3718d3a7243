package dev.capstan.room.provider.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that goes on only when a test moves it. */
final class ManualClock implements InstantSource {
    private Instant now = Instant.parse("2025-01-01T00:00:00Z");

    synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }
}
