package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import java.time.Duration;
import java.time.Instant;

/** The table of errors as a function (Q12). Pure but for the run's {@link Tally}. */
final class RetryPolicy {
    static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** Nobody waits longer for a word of the other side. */
    static final Duration LONGEST_REQUEST = Duration.ofDays(7);

    /** How long a download stands back from a full disk before it looks again. */
    static final Duration DISK_WAIT = Duration.ofSeconds(5);

    /** How often a run resolves anew without a byte between. */
    static final int LINKS_EXPIRED_MOST = 3;

    private RetryPolicy() {}

    static Verdict judge(
            DownloadException error,
            Tally tally,
            int retryCount,
            DownloadOptions options,
            int maxRetries,
            Instant now) {
        return switch (error.errorClass()) {
            case NETWORK, TIMEOUT, UNAVAILABLE, RATE_LIMITED, HOST ->
                    retry(error, tally.progressed() ? 0 : retryCount, options, maxRetries, now);
            case LINK_EXPIRED ->
                    tally.linkExpired() <= LINKS_EXPIRED_MOST
                            ? new Verdict.Again()
                            : new Verdict.Fail(expired(error));
            case CHANGED, CHECKSUM, PROTOCOL ->
                    tally.mayRepeat(error.errorClass())
                            ? new Verdict.Again()
                            : new Verdict.Fail(error);
            case AUTH -> new Verdict.Hold();
            case ACCOUNT -> {
                var told = error.retryAfter();
                yield told.isPresent() && !options.failInsteadOfWaiting()
                        ? new Verdict.Wait(
                                Phase.HOST_WAIT, now.plus(bounded(told.get())), retryCount)
                        : new Verdict.Fail(error);
            }
            case DISK_FULL ->
                    options.failInsteadOfWaiting()
                            ? new Verdict.Fail(error)
                            : new Verdict.Wait(Phase.DISK_FULL, now.plus(DISK_WAIT), retryCount);
            case NOT_FOUND, DECRYPT, IO, BLOCKED -> new Verdict.Fail(error);
        };
    }

    /** A wait another side asked for, made sane. */
    static Duration bounded(Duration told) {
        if (told.isNegative()) {
            return Duration.ZERO;
        }
        return told.compareTo(LONGEST_REQUEST) > 0 ? LONGEST_REQUEST : told;
    }

    private static Verdict retry(
            DownloadException error,
            int retryCount,
            DownloadOptions options,
            int configuredMost,
            Instant now) {
        var own = options.maxRetries();
        if (retryCount >= (own != null ? own : configuredMost)) {
            return new Verdict.Fail(error);
        }
        var count = retryCount + 1;
        var wait = backOff(count);
        var told = error.retryAfter().map(RetryPolicy::bounded).orElse(Duration.ZERO);
        return new Verdict.Wait(
                Phase.RETRY_WAIT, now.plus(told.compareTo(wait) > 0 ? told : wait), count);
    }

    /** 30 s × 2ⁿ, at most an hour. */
    static Duration backOff(int retryCount) {
        // 30 s × 2⁷ is more than an hour; a larger shift could only overflow.
        var wait = FIRST_WAIT.multipliedBy(1L << Math.min(retryCount, 7));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static DownloadException expired(DownloadException error) {
        return new DownloadException(
                ErrorClass.ACCOUNT,
                "The host's links are refused as soon as they are made. Check the account. ("
                        + error.getMessage()
                        + ")",
                error.detail(),
                null,
                error);
    }
}
