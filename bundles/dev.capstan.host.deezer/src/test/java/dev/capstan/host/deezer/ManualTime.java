package dev.capstan.host.deezer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that sleeping moves on at once; it tells how long was slept. */
final class ManualTime implements Time {
    private Instant now = Instant.now();
    private final List<Duration> slept = new ArrayList<>();

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration most) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        slept.add(most);
        now = now.plus(most);
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    synchronized List<Duration> slept() {
        return List.copyOf(slept);
    }
}
