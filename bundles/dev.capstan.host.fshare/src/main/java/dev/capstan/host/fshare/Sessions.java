package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one session all callers share. Whoever finds none logs in, and all others wait for that one
 * (F7); if its caller is interrupted, the next of them goes on in its place (F17). Failed log-ins
 * keep the next ones at a distance; after one that an operator must see to there is none (F9).
 *
 * <p>Safe for any thread; the lock is not held while the service is asked.
 */
final class Sessions {
    /** Seconds before a log-in after so many failures in a row. */
    private static final int[] WAITS = {0, 5, 10, 30, 60};

    private final Opening opening;
    private final Time time;
    private final Duration idleMost;

    private @Nullable Session session;
    private Instant lastUse = Instant.MIN;
    private boolean isOpening;
    private int failures;
    private Instant notBefore = Instant.MIN;
    private @Nullable AccountException refusal;
    private boolean closed;

    /** How a session is made. */
    interface Opening {

        Session open(Line line) throws DownloadException, InterruptedException;

        /** Learns what there is to learn of the account, while others still wait. */
        void opened(Line line, Session session) throws InterruptedException;
    }

    Sessions(Opening opening, Time time, Duration idleMost) {
        this.opening = opening;
        this.time = time;
        this.idleMost = idleMost;
    }

    /**
     * The session there is, or a new one.
     *
     * @throws PostponedException if a log-in failed a moment ago
     * @throws AccountException if an operator must see to the account
     */
    Session get(Line line) throws DownloadException, InterruptedException {
        synchronized (this) {
            while (isOpening && !closed) {
                wait();
            }
            if (closed) {
                throw new DownloadException(
                        ErrorClass.UNAVAILABLE, "The Fshare host is being stopped.");
            }
            if (refusal != null) {
                throw new AccountException(refusal.state(), String.valueOf(refusal.getMessage()));
            }
            var now = time.instant();
            if (session != null && now.isBefore(lastUse.plus(idleMost))) {
                lastUse = now;
                return session;
            }
            if (now.isBefore(notBefore)) {
                var wait = Duration.between(now, notBefore);
                throw new PostponedException(
                        wait,
                        "The last log-in at Fshare failed; the next one may be tried in %d s."
                                .formatted(wait.plusMillis(999).toSeconds()));
            }
            isOpening = true;
        }
        return open(line);
    }

    /** F8: a new session in place of one that is gone, or the one somebody else made meanwhile. */
    Session renew(Session gone, Line line) throws DownloadException, InterruptedException {
        synchronized (this) {
            if (gone.equals(session)) {
                session = null;
            }
        }
        return get(line);
    }

    private Session open(Line line) throws DownloadException, InterruptedException {
        try {
            var opened = opening.open(line);
            opened(opened);
            opening.opened(line, opened);
            return opened;
        } catch (DownloadException e) {
            failed(e);
            throw e;
        } finally {
            synchronized (this) {
                isOpening = false;
                notifyAll();
            }
        }
    }

    private synchronized void opened(Session opened) {
        session = opened;
        lastUse = time.instant();
        failures = 0;
        notBefore = Instant.MIN;
    }

    private synchronized void failed(DownloadException error) {
        session = null;
        failures = Math.min(failures + 1, WAITS.length - 1);
        var own = Duration.ofSeconds(WAITS[failures]);
        var told = error.retryAfter().orElse(Duration.ZERO);
        notBefore = time.instant().plus(own.compareTo(told) > 0 ? own : told);
        if (error instanceof AccountException account) {
            refusal = account;
        }
    }

    /** The service answered in it. */
    synchronized void used(Session answered) {
        if (answered.equals(session)) {
            lastUse = time.instant();
        }
    }

    /** F9: from now on nobody is let through. */
    synchronized void refuse(Session of, AccountException why) {
        // Of an older session it says nothing any more.
        if (of.equals(session)) {
            session = null;
            refusal = why;
        }
    }

    /** An operator asks for another try. */
    synchronized void forgive() {
        refusal = null;
    }

    /** Takes the session out, so that one caller ends it once. */
    synchronized Optional<Session> take() {
        var taken = Optional.ofNullable(session);
        session = null;
        return taken;
    }

    /** Whoever waits goes away. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
