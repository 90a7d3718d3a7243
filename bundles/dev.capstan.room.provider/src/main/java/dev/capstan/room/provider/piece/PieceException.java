package dev.capstan.room.provider.piece;

import org.jspecify.annotations.Nullable;

/** A piece cannot be put into its folder. The message is for a person. */
final class PieceException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where the fault lies, and so what comes next. */
    enum Reason {
        /** In the bytes: another link may have better ones. */
        CONTENT,
        /** Nowhere: what was found is gone again. */
        GONE,
        /** In this machine, or in what lies in the folder already: no link helps. */
        PLACE
    }

    private final Reason reason;

    PieceException(Reason reason, String message) {
        this(reason, message, null);
    }

    PieceException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
