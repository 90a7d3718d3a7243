package dev.capstan.room;

import org.jspecify.annotations.Nullable;

/** A room could not be made, joined or read. */
public class RoomException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The file is malformed; the message names the JSON pointer (R2). */
        INVALID,
        /** A signature is missing or wrong, or the file has expired (R1). */
        NOT_SIGNED,
        /** There is no such room, user or identity. */
        NOT_FOUND,
        /** The room refused this user (R8). */
        REFUSED,
        /** No transport takes the address, or it cannot be reached. */
        UNREACHABLE,
        /** A piece failed for good, or the deadline passed (R11). */
        FAILED
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason why
     * @param message the sentence for the user
     * @param cause what led to it, or null
     */
    public RoomException(Reason reason, String message, @Nullable Throwable cause) {
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
