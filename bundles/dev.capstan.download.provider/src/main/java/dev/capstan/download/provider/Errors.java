package dev.capstan.download.provider;

import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Status;
import java.time.Instant;
import java.util.Objects;

/** How an error enters a download's history (Q13). */
final class Errors {
    private Errors() {}

    /** The sentence for the user. */
    static String sentence(DownloadException error) {
        return Objects.requireNonNullElse(error.getMessage(), error.errorClass().name());
    }

    /** A status with one more error. */
    static Status noted(Status status, DownloadException error, Instant now) {
        var last = status.error();
        if (error.errorClass() == ErrorClass.DISK_FULL
                && last != null
                && last.errorClass() == ErrorClass.DISK_FULL) {
            // Still the same full disk, seen again a few seconds later.
            return status;
        }
        return status.withError(
                new DownloadError(
                        now,
                        error.errorClass(),
                        error.detail(),
                        sentence(error),
                        status.retryCount()));
    }
}
