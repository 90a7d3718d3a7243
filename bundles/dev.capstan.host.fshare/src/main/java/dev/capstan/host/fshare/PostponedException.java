package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.time.Duration;

/**
 * Nothing is wrong with the download, and nothing can be had now: {@code Later} where that can be
 * said, else RATE_LIMITED with the time.
 */
final class PostponedException extends DownloadException {
    private static final long serialVersionUID = 1L;

    private final Duration delay;
    private final boolean isDailyLimit;

    PostponedException(Duration delay, String reason) {
        this(delay, reason, false);
    }

    PostponedException(Duration delay, String reason, boolean isDailyLimit) {
        super(ErrorClass.RATE_LIMITED, reason, Detail.NONE, delay, null);
        this.delay = delay;
        this.isDailyLimit = isDailyLimit;
    }

    Duration delay() {
        return delay;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    /** Whether the account has nothing left for today. */
    boolean isDailyLimit() {
        return isDailyLimit;
    }
}
