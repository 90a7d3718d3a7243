package dev.capstan.download.spi;

import org.jspecify.annotations.Nullable;

/** The store could not read or write; nothing of the call has taken effect. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The volume is full; try again when there is space. */
        DISK_FULL,
        /** The volume cannot be written or read. */
        IO,
        /** The store is being closed. */
        CLOSED
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason why
     * @param message a sentence for the operator
     * @param cause what led to it, or null
     */
    public StoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why it failed.
     *
     * @return never null
     */
    public Reason reason() {
        return reason;
    }
}
