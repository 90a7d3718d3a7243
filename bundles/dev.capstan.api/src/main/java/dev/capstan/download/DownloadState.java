package dev.capstan.download;

import java.util.EnumSet;
import java.util.Set;

/**
 * The seven states of a download. What happens inside a state is told by its {@link Phase}.
 *
 * <p>Only the orchestrator moves a download; {@link #canMoveTo} is the complete table of moves it
 * makes. Everything else is refused with the current state (Q1).
 */
public enum DownloadState {
    /** Waits for a worker, a time, a host, an engine, an account or disk space. */
    QUEUED,
    /** Claimed by a worker: its link is being resolved or its listing expanded. */
    STARTING,
    /** Its bytes are being transferred, verified or placed. */
    DOWNLOADING,
    /** Stopped by a user; the bytes that are there are kept. */
    PAUSED,
    /** Verified and placed. */
    COMPLETED,
    /** Ended with an error; a user may retry it. */
    FAILED,
    /** Ended by a user. */
    CANCELLED;

    /**
     * Tells whether the table of moves has an arrow from this state to {@code next}.
     *
     * @param next the state to move to
     * @return whether that move is legal
     */
    public boolean canMoveTo(DownloadState next) {
        return targets().contains(next);
    }

    /**
     * Tells whether a worker holds the download in this state.
     *
     * @return true for {@link #STARTING} and {@link #DOWNLOADING}
     */
    public boolean isActive() {
        return this == STARTING || this == DOWNLOADING;
    }

    /**
     * Tells whether nothing more happens without a user.
     *
     * @return true for {@link #COMPLETED}, {@link #FAILED} and {@link #CANCELLED}
     */
    public boolean isEnded() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    private Set<DownloadState> targets() {
        return switch (this) {
            case QUEUED -> EnumSet.of(STARTING, PAUSED, CANCELLED);
            case STARTING -> EnumSet.of(DOWNLOADING, QUEUED, PAUSED, FAILED, CANCELLED, COMPLETED);
            case DOWNLOADING -> EnumSet.of(COMPLETED, QUEUED, PAUSED, FAILED, CANCELLED);
            case PAUSED -> EnumSet.of(QUEUED, CANCELLED);
            case FAILED, CANCELLED, COMPLETED -> EnumSet.of(QUEUED);
        };
    }
}
