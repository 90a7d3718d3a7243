package dev.capstan.room.provider.protocol;

import java.time.Instant;
import java.time.InstantSource;

/** The time, which never jumps, whatever becomes of the host's clock meanwhile. */
public final class MonotonicClock implements InstantSource {
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - startNanos);
    }
}
