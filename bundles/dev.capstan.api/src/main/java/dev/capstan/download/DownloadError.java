package dev.capstan.download;

import java.time.Instant;

/**
 * One error as it is stored and shown (Q13).
 *
 * @param at when it happened
 * @param errorClass what it means for the download
 * @param detail a closer cause, for faces that report the class more finely
 * @param message one sentence a user can act on; never contains a secret
 * @param retryCount how many retries had been made when it happened
 */
public record DownloadError(
        Instant at,
        ErrorClass errorClass,
        DownloadException.Detail detail,
        String message,
        int retryCount) {

    /**
     * Creates an error without a closer cause.
     *
     * @param at when it happened
     * @param errorClass what it means for the download
     * @param message one sentence a user can act on; never contains a secret
     * @param retryCount how many retries had been made when it happened
     */
    public DownloadError(Instant at, ErrorClass errorClass, String message, int retryCount) {
        this(at, errorClass, DownloadException.Detail.NONE, message, retryCount);
    }
}
