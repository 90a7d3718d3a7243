package dev.capstan.host.deezer;

import java.time.Duration;
import java.time.Instant;

/** The clock that calls are paced by. It never runs backwards. Safe for any thread. */
interface Time {
    /** The machine's own. */
    Time SYSTEM =
            new Time() {
                private final Instant begin = Instant.now();
                private final long beginNanos = System.nanoTime();

                @Override
                public Instant now() {
                    return begin.plusNanos(System.nanoTime() - beginNanos);
                }

                @Override
                public void sleep(Duration most) throws InterruptedException {
                    Thread.sleep(most.toMillis() + 1);
                }
            };

    Instant now();

    void sleep(Duration most) throws InterruptedException;
}
