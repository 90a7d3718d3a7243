package dev.capstan.download.provider;

import dev.capstan.download.ErrorClass;
import java.util.EnumSet;
import java.util.Set;

/** What happened so far in one run: what may be tried only so often. Used by the run's thread. */
final class Tally {
    private final Set<ErrorClass> repeated = EnumSet.noneOf(ErrorClass.class);
    private int linksExpired;
    private boolean progressed;
    private boolean sessionRefreshed;

    /** Bytes arrived. */
    void progress() {
        progressed = true;
        linksExpired = 0;
    }

    boolean progressed() {
        return progressed;
    }

    /** Counts an expired link. */
    int linkExpired() {
        return ++linksExpired;
    }

    /** Tells whether the one repetition for this class is still to be had, and takes it. */
    boolean mayRepeat(ErrorClass errorClass) {
        return repeated.add(errorClass);
    }

    boolean wasRepeatedFor(ErrorClass errorClass) {
        return repeated.contains(errorClass);
    }

    void refreshSession() {
        sessionRefreshed = true;
    }

    boolean sessionRefreshed() {
        return sessionRefreshed;
    }
}
