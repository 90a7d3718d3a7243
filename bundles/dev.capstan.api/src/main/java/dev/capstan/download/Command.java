package dev.capstan.download;

import static dev.capstan.download.DownloadState.CANCELLED;
import static dev.capstan.download.DownloadState.COMPLETED;
import static dev.capstan.download.DownloadState.DOWNLOADING;
import static dev.capstan.download.DownloadState.FAILED;
import static dev.capstan.download.DownloadState.PAUSED;
import static dev.capstan.download.DownloadState.QUEUED;
import static dev.capstan.download.DownloadState.STARTING;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a user may ask of a download or a batch. */
public enum Command {
    /** To PAUSED; staging bytes are kept, {@code retry_count} is not touched (Q3). */
    PAUSE(PAUSED, QUEUED, STARTING, DOWNLOADING),
    /** From PAUSED to QUEUED. */
    RESUME(QUEUED, PAUSED),
    /** To CANCELLED; staging bytes are dropped unless somebody else holds them (Q3). */
    CANCEL(CANCELLED, QUEUED, STARTING, DOWNLOADING, PAUSED),
    /** From FAILED, CANCELLED or COMPLETED to QUEUED. */
    RETRY(QUEUED, FAILED, CANCELLED, COMPLETED);

    private final DownloadState goal;
    private final Set<DownloadState> from;

    Command(DownloadState goal, DownloadState first, DownloadState... others) {
        this.goal = goal;
        from = Collections.unmodifiableSet(EnumSet.of(first, others));
    }

    /**
     * Tells where it leads.
     *
     * @return the state of the download afterwards
     */
    public DownloadState goal() {
        return goal;
    }

    /**
     * Tells where it may be given; in any other state it is refused.
     *
     * @return an unmodifiable set
     */
    public Set<DownloadState> from() {
        return from;
    }
}
