package dev.capstan.download;

/** What a user may ask of a download or a batch. */
public enum Command {
    /** To PAUSED; staging bytes are kept, {@code retry_count} is not touched (Q3). */
    PAUSE,
    /** From PAUSED to QUEUED. */
    RESUME,
    /** To CANCELLED; staging bytes are dropped unless somebody else holds them (Q3). */
    CANCEL,
    /** From FAILED, CANCELLED or COMPLETED to QUEUED. */
    RETRY
}
