package dev.capstan.room.provider.piece;

import java.io.IOException;

/** Bytes are no archive, or one that must not be unpacked (S4). The message is for a person. */
final class BadArchiveException extends IOException {
    private static final long serialVersionUID = 1L;

    BadArchiveException(String message) {
        super(message);
    }

    BadArchiveException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a library says of bytes it cannot read; what was said here lies beneath. */
    static BadArchiveException damaged(Exception cause) {
        for (Throwable one = cause; one != null; one = one.getCause()) {
            if (one instanceof BadArchiveException known) {
                return known;
            }
        }
        return new BadArchiveException("It is damaged (" + cause.getMessage() + ").", cause);
    }
}
