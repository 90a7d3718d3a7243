package dev.capstan.download.provider;

/** Unwinds a run that was asked to end. Not an error. */
final class Stopped extends Exception {
    private static final long serialVersionUID = 1L;

    private final Stop reason;

    Stopped(Stop reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Stop reason() {
        return reason;
    }
}
