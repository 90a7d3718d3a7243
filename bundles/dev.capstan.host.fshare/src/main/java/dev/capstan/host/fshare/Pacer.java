package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.Time;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps the starts of calls apart (F16), over all threads. Whoever comes takes the next free place
 * in time and waits for it; the lock is held for the taking only.
 */
final class Pacer {
    /** No queue is as long as that: the clock was set back. */
    private static final int PLACES_MOST = 1_000;

    private final Time time;
    private final Duration spacing;
    private Instant next = Instant.MIN;

    Pacer(Time time, Duration spacing) {
        this.time = time;
        this.spacing = spacing;
    }

    /**
     * Waits until a call may start.
     *
     * @throws DownloadException with TIMEOUT if that would be after the deadline; nothing was
     *     waited for then, and no place taken
     */
    void await(Instant deadline) throws DownloadException, InterruptedException {
        Duration wait;
        synchronized (this) {
            var now = time.instant();
            var isBehind = next.isAfter(now.plus(spacing.multipliedBy(PLACES_MOST)));
            var start = next.isBefore(now) || isBehind ? now : next;
            if (start.isAfter(deadline)) {
                throw new DownloadException(
                        ErrorClass.TIMEOUT,
                        "Too many calls to Fshare wait for their turn; this one comes again later.");
            }
            wait = Duration.between(now, start);
            next = start.plus(spacing);
        }
        if (!wait.isZero()) {
            time.sleep(wait);
        }
    }
}
