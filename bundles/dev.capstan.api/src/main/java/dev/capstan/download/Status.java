package dev.capstan.download;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a download and what led to it.
 *
 * @param state one of the seven states
 * @param phase what happens inside it
 * @param note what it waits for or does, in words ("waiting for host fshare"), or null
 * @param retryCount retries made since the last progress
 * @param waitUntil not claimed before this time, or null
 * @param error the last error, or null
 * @param errorHistory the last three errors, oldest first
 */
public record Status(
        DownloadState state,
        Phase phase,
        @Nullable String note,
        int retryCount,
        @Nullable Instant waitUntil,
        @Nullable DownloadError error,
        List<DownloadError> errorHistory) {

    /** How many errors are kept. */
    public static final int HISTORY = 3;

    /** Waiting for a worker, with no past. */
    public static final Status NEW =
            new Status(DownloadState.QUEUED, Phase.NONE, null, 0, null, null, List.of());

    /** Creates a status; the history is copied. */
    public Status {
        errorHistory = List.copyOf(errorHistory);
    }

    /**
     * The same past in another state.
     *
     * @param newState the state
     * @param newPhase what happens inside it
     * @param newNote what it waits for, in words, or null
     * @return a copy that waits for no time
     */
    public Status with(DownloadState newState, Phase newPhase, @Nullable String newNote) {
        return new Status(newState, newPhase, newNote, retryCount, null, error, errorHistory);
    }

    /**
     * The same status that waits for a time.
     *
     * @param until not claimed before this time, or null
     * @return a copy
     */
    public Status withWaitUntil(@Nullable Instant until) {
        return new Status(state, phase, note, retryCount, until, error, errorHistory);
    }

    /**
     * The same status with another count of retries.
     *
     * @param count retries made since the last progress
     * @return a copy
     */
    public Status withRetryCount(int count) {
        return new Status(state, phase, note, count, waitUntil, error, errorHistory);
    }

    /**
     * The same status with one more error; the oldest beyond {@link #HISTORY} is dropped.
     *
     * @param newError what happened
     * @return a copy
     */
    public Status withError(DownloadError newError) {
        var history = new java.util.ArrayList<>(errorHistory);
        history.add(newError);
        var kept = history.subList(Math.max(0, history.size() - HISTORY), history.size());
        return new Status(state, phase, note, retryCount, waitUntil, newError, kept);
    }

    /**
     * The same state with a clean past, as a user's retry gives it.
     *
     * @return a copy without error and retries; the history stays
     */
    public Status forgiven() {
        return new Status(state, phase, note, 0, null, null, errorHistory);
    }
}
