package dev.capstan.room.provider.protocol;

/** A frame says nothing that can be understood. It is dropped and counted (R9). */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        // Nobody looks at where it was thrown, and strangers decide how often it is.
        super(message, null, false, false);
    }
}
