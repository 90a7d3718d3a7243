package dev.capstan.download.provider;

import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.StoreException;
import dev.capstan.name.Ulid;
import dev.capstan.net.spi.OutboundHttp;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all runs share. */
record Workshop(
        DownloadStore store,
        ContentStore contents,
        Ledger ledger,
        Intake intake,
        Engines engines,
        Ciphers ciphers,
        Flights flights,
        Names names,
        Playing playing,
        DiskWatch disk,
        Supplier<Settings> settings,
        Supplier<@Nullable OutboundHttp> outbound,
        Ulid ulids,
        Clock clock,
        CountDownLatch closing) {
    private static final System.Logger LOG = System.getLogger(Workshop.class.getName());

    /** States in which a download still wants the bytes in staging. */
    private static final Set<DownloadState> WANTING =
            EnumSet.of(
                    DownloadState.QUEUED,
                    DownloadState.STARTING,
                    DownloadState.DOWNLOADING,
                    DownloadState.PAUSED);

    /** States in which a download fetches the bytes of its source, or will by itself. */
    private static final Set<DownloadState> FETCHING =
            EnumSet.of(DownloadState.QUEUED, DownloadState.STARTING, DownloadState.DOWNLOADING);

    Instant now() {
        return clock.instant();
    }

    /** P1: tells whoever reads a source along that it ends here, unless another one fetches it. */
    void endReaders(@Nullable SourceKey source, DownloadException error) {
        try {
            if (source != null && store.find(source, FETCHING).isEmpty()) {
                contents.failStaged(source, error);
            }
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.DEBUG, "Readers were not told", e);
        }
    }

    /** The same, for a download that was paused or cancelled. */
    void endReaders(Download stopped) {
        if (!FETCHING.contains(stopped.state())) {
            endReaders(
                    stopped.source().key(),
                    new DownloadException(
                            ErrorClass.UNAVAILABLE,
                            stopped.state() == DownloadState.PAUSED
                                    ? "The download was paused; resume it to go on."
                                    : "The download was cancelled."));
        }
    }

    /** Q3: drops what is in staging of a source, unless another download wants it. */
    void dropStaged(@Nullable SourceKey source) {
        try {
            if (source != null && store.find(source, WANTING).isEmpty()) {
                contents.discardStaged(source);
            }
        } catch (StoreException e) {
            // The bytes stay, and are of use if the source is asked for again.
            LOG.log(System.Logger.Level.DEBUG, "Staging was not looked through", e);
        }
    }
}
