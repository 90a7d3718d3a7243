package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Q14: keeps downloads away from what is down. Five outages in a row open it for a minute; then one
 * download is let through to try, and its end decides. When the other side answers, its {@link
 * Host} drops the breaker.
 *
 * <p>Not safe for several threads; its {@link Host} guards it.
 */
final class Breaker {
    static final int OUTAGES = 5;
    static final Duration OPEN = Duration.ofSeconds(60);

    private static final Duration PROBE_WAIT = Duration.ofSeconds(5);

    private int inARow;
    private @Nullable Instant openUntil;
    private boolean probing;
    private String why = "";
    private ErrorClass errorClass = ErrorClass.UNAVAILABLE;

    /** Tells whether a download may go to the other side now. */
    boolean admits(Instant now) {
        return openUntil == null || (!now.isBefore(openUntil) && !probing);
    }

    /**
     * A download goes to the other side.
     *
     * @return whether it is the one that tries
     */
    boolean probe(Instant now) {
        if (openUntil == null || now.isBefore(openUntil)) {
            return false;
        }
        probing = true;
        return true;
    }

    /** The other side was not to be reached, or fell silent. */
    void outage(DownloadException error, Instant now) {
        inARow++;
        why = String.valueOf(error.getMessage());
        errorClass = error.errorClass();
        if (probing || inARow >= OUTAGES) {
            openUntil = now.plus(OPEN);
        }
        probing = false;
    }

    /** The download that tried ended for a reason that says nothing of the other side. */
    void unknown() {
        probing = false;
    }

    /** When to ask again, while it does not admit. */
    Instant nextTry(Instant now) {
        return openUntil != null && openUntil.isAfter(now) ? openUntil : now.plus(PROBE_WAIT);
    }

    /** What happened last, in words. */
    String why() {
        return why;
    }

    /** What happened last. */
    ErrorClass errorClass() {
        return errorClass;
    }
}
