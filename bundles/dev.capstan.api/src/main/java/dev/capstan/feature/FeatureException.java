package dev.capstan.feature;

import org.jspecify.annotations.Nullable;

/** A change of the installation was refused or rolled back; what ran before runs on. */
public class FeatureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Not a bundle, not a feature file, or damaged. */
        INVALID,
        /** There is no such feature or bundle. */
        NOT_FOUND,
        /** Something it needs is missing, or of another version (H6). */
        UNRESOLVED,
        /** It came with the host and cannot be removed, or is needed by what does the change. */
        PROTECTED,
        /** It could not be read, fetched or written. */
        IO
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason why
     * @param message a sentence for the operator
     * @param cause what led to it, or null
     */
    public FeatureException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why it was refused.
     *
     * @return never null
     */
    public Reason reason() {
        return reason;
    }
}
