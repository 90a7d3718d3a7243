package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a queued download is not taken although its row says nothing of it. It is laid over the row
 * when somebody looks, and never written: a host may come and go under a hundred thousand rows.
 *
 * @param phase the waiting reason
 * @param note what is waited for, in words
 * @param until when it ends by itself, or null
 * @param since when it began, or null if it is to be taken as it is at once
 * @param errorClass what a download that must not wait fails with
 */
record Obstacle(
        Phase phase,
        String note,
        @Nullable Instant until,
        @Nullable Instant since,
        ErrorClass errorClass) {

    /** Lays it over a row. */
    Download over(Download row) {
        var status = row.status();
        return row.copy()
                .status(status.with(status.state(), phase, note).withWaitUntil(until))
                .build();
    }
}
