package dev.capstan.download;

import java.time.Instant;
import java.util.Map;

/**
 * A group of downloads: an album, a season, a folder, a room's pieces.
 *
 * @param id a ULID
 * @param name what a person calls it
 * @param created when its first member was added
 * @param counts members for each state
 * @param size bytes of all members whose size is known
 * @param downloaded bytes of those that are there
 */
public record Batch(
        String id,
        String name,
        Instant created,
        Map<DownloadState, Long> counts,
        long size,
        long downloaded) {

    /** Creates a batch; the counts are copied. */
    public Batch {
        counts = Map.copyOf(counts);
    }

    /**
     * The state of the whole: DOWNLOADING if any member is active, else FAILED if any failed and
     * none waits, else PAUSED, QUEUED or COMPLETED. A batch of which all members were cancelled is
     * CANCELLED.
     *
     * @return one of the seven
     */
    public DownloadState state() {
        if (count(DownloadState.STARTING) + count(DownloadState.DOWNLOADING) > 0) {
            return DownloadState.DOWNLOADING;
        }
        var waits = count(DownloadState.QUEUED) > 0;
        if (count(DownloadState.FAILED) > 0 && !waits) {
            return DownloadState.FAILED;
        }
        if (count(DownloadState.PAUSED) > 0 && !waits) {
            return DownloadState.PAUSED;
        }
        if (waits) {
            return DownloadState.QUEUED;
        }
        var cancelledOnly =
                count(DownloadState.CANCELLED) > 0 && count(DownloadState.COMPLETED) == 0;
        return cancelledOnly ? DownloadState.CANCELLED : DownloadState.COMPLETED;
    }

    private long count(DownloadState state) {
        return counts.getOrDefault(state, 0L);
    }
}
