package dev.capstan.record;

import org.jspecify.annotations.Nullable;

/** A record could not be etched, played or read; nothing was stored (E1, E11). */
public class RecordException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, split by what a user does next. */
    public enum Reason {
        /** Name or link is malformed, or the slot is etched already. */
        INVALID,
        /** No host takes the link. */
        UNKNOWN_HOST,
        /** There is no such record, or nothing behind the link. */
        NOT_FOUND,
        /** Larger than allowed. */
        TOO_BIG,
        /** Not of an allowed media type. */
        NOT_MEDIA,
        /** The bytes behind the link are no longer the record's; etch it anew. */
        CHANGED,
        /** The bytes cannot be fetched now. */
        NETWORK,
        /** This host cannot do it now: its disk, its store, its player. */
        UNAVAILABLE
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason why
     * @param message the sentence for the user
     */
    public RecordException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param reason why
     * @param message the sentence for the user
     * @param cause what led to it, or null
     */
    public RecordException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return never null
     */
    public Reason reason() {
        return reason;
    }
}
