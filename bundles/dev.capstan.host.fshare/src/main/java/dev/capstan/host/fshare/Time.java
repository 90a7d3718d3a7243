package dev.capstan.host.fshare;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time as this host knows it. A test drives its own. */
interface Time {

    /** The time of the machine. */
    Time SYSTEM =
            new Time() {
                @Override
                public Instant now() {
                    return Clock.systemUTC().instant();
                }

                @Override
                public void sleep(Duration time) throws InterruptedException {
                    Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000);
                }
            };

    Instant now();

    void sleep(Duration time) throws InterruptedException;
}
