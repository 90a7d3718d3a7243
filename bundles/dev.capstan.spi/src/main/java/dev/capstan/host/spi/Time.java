package dev.capstan.host.spi;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The clock a host goes by where it tells the age of something or has to wait, so that a test can
 * drive it. It is the one that {@link ResolveContext#deadline} is told by: a person or a time
 * server may set it, backwards too.
 *
 * <p>Safe for any thread. {@link #sleep} blocks and ends at once on interruption.
 */
@ConsumerType
public interface Time extends InstantSource {

    /** The time of the machine. */
    Time SYSTEM =
            new Time() {
                private final Clock clock = Clock.systemUTC();

                @Override
                public Instant instant() {
                    return clock.instant();
                }

                @Override
                public void sleep(Duration time) throws InterruptedException {
                    // Never less than was asked for: who paces calls counts on it.
                    Thread.sleep(time.plusNanos(999_999).toMillis());
                }
            };

    /**
     * Waits.
     *
     * @param time how long
     * @throws InterruptedException if the thread was interrupted, before or meanwhile
     */
    void sleep(Duration time) throws InterruptedException;
}
