package dev.capstan.download;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends one run of one download: thrown by hosts, transfer engines, decryptors and the content
 * store, and answered by the orchestrator by the {@link ErrorClass} alone.
 *
 * <p>The message is shown to the user as it is: one sentence that says what happened, to what, and
 * what to do. It must not contain a secret, a direct link's query, or user information.
 */
public class DownloadException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A closer cause that changes how a face reports the class, not what happens next. */
    public enum Detail {
        /** Nothing closer. */
        NONE,
        /** The name could not be resolved (with {@link ErrorClass#NETWORK}). */
        NAME_NOT_RESOLVED,
        /** Slower than the configured least speed (with {@link ErrorClass#TIMEOUT}). */
        TOO_SLOW,
        /** A folder could not be made or written (with {@link ErrorClass#IO}). */
        FOLDER,
        /** Larger than {@link DownloadOptions#maxBytes} (with {@link ErrorClass#BLOCKED}). */
        TOO_BIG,
        /** The answer was 401 (with {@link ErrorClass#ACCOUNT} or {@link ErrorClass#AUTH}). */
        UNAUTHORIZED,
        /** No decryptor claims the cipher now (with {@link ErrorClass#DECRYPT}). */
        NO_DECRYPTOR
    }

    private final ErrorClass errorClass;
    private final Detail detail;
    private final @Nullable Duration retryAfter;

    /**
     * Creates an exception.
     *
     * @param errorClass what happens next
     * @param message the sentence for the user
     */
    public DownloadException(ErrorClass errorClass, String message) {
        this(errorClass, message, Detail.NONE, null, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param errorClass what happens next
     * @param message the sentence for the user
     * @param cause what led to it
     */
    public DownloadException(ErrorClass errorClass, String message, @Nullable Throwable cause) {
        this(errorClass, message, Detail.NONE, null, cause);
    }

    /**
     * Creates an exception with everything it can carry.
     *
     * @param errorClass what happens next
     * @param message the sentence for the user
     * @param detail a closer cause
     * @param retryAfter how long the other side asked to wait, or null
     * @param cause what led to it, or null
     */
    public DownloadException(
            ErrorClass errorClass,
            String message,
            Detail detail,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.errorClass = errorClass;
        this.detail = detail;
        this.retryAfter = retryAfter;
    }

    /**
     * The class of the error.
     *
     * @return never null
     */
    public ErrorClass errorClass() {
        return errorClass;
    }

    /**
     * The closer cause.
     *
     * @return {@link Detail#NONE} where there is none
     */
    public Detail detail() {
        return detail;
    }

    /**
     * How long the other side asked to wait before the next attempt.
     *
     * @return empty where it did not say
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
