package dev.capstan.transfer.http.move;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.transfer.http.wire.Settings;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The quick attempts inside a run (policy 7): short faults are tried again, sooner where the last
 * attempt brought something. Progress is what is faster than the least speed, so that an origin
 * that gives a byte and breaks off cannot keep a transfer for ever. Used by one thread.
 */
final class Attempts {
    // Longer waits belong into the queue, where they hold no worker.
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration AFTER_PROGRESS = Duration.ofMillis(100);

    private final Settings limits;
    private int failures;
    private long since;
    private long most;

    /**
     * Begins to count.
     *
     * @param now nanoseconds
     * @param downloaded bytes that are there
     */
    Attempts(Settings limits, long now, long downloaded) {
        this.limits = limits;
        since = now;
        most = downloaded;
    }

    /**
     * Counts a failure.
     *
     * @param now nanoseconds
     * @param downloaded bytes that are there
     * @param missing bytes that are not, and follow each other where the next attempt begins
     * @return nanoseconds to wait before the next attempt; −1 if there shall be none
     */
    long next(DownloadException fault, long now, long downloaded, long missing) {
        var progressed = hasProgressed(now, downloaded, missing);
        failures = progressed ? 0 : failures + 1;
        if (failures >= limits.attempts() || !isShort(fault)) {
            return -1;
        }
        var asked = fault.retryAfter();
        if (asked.isPresent()) {
            return asked.get().compareTo(LONGEST) > 0 ? -1 : asked.get().toNanos();
        }
        if (progressed) {
            return Math.min(AFTER_PROGRESS.toNanos(), limits.backoff().toNanos());
        }
        var wait = limits.backoff().toNanos() << Math.min(failures - 1, 10);
        return (long) (wait * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
    }

    private boolean hasProgressed(long now, long downloaded, long missing) {
        var gained = downloaded - most;
        var least = limits.leastSpeed() * (now - since) / 1e9;
        since = now;
        most = Math.max(most, downloaded);
        return gained > 0 && (gained >= least || gained >= missing / 2);
    }

    private static boolean isShort(DownloadException fault) {
        return switch (fault.errorClass()) {
            case NETWORK -> fault.detail() != Detail.NAME_NOT_RESOLVED;
            case TIMEOUT, UNAVAILABLE, RATE_LIMITED -> true;
            default -> false;
        };
    }
}
