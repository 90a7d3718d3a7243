package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.Phase;
import java.time.Instant;

/** What an error means for a download. */
sealed interface Verdict {

    /** Once more, at once, in the same run. */
    record Again() implements Verdict {}

    /** Back into the queue until a time. */
    record Wait(Phase phase, Instant until, int retryCount) implements Verdict {}

    /** The host's account is in question: the downloads of that host wait for it. */
    record Hold() implements Verdict {}

    /** Final, with the error to show. */
    record Fail(DownloadException error) implements Verdict {}
}
