package dev.capstan.download.provider;

import dev.capstan.content.ContentReader;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.IngestRequest.LookAhead;
import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.RemoteFile;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The run's handle on the bytes of its source that are in staging: opened when they are first
 * needed, and kept until the run leaves, so that whoever reads along is told how it ended (P1).
 * Used by the run's thread; readers are opened on any.
 */
final class Hold implements AutoCloseable {
    private final ContentStore contents;
    private final Supplier<@Nullable LookAhead> lookAhead;
    private volatile @Nullable Ingest ingest;

    /**
     * Holds nothing yet.
     *
     * @param lookAhead how far ahead of its readers the run wants the bytes
     */
    Hold(ContentStore contents, Supplier<@Nullable LookAhead> lookAhead) {
        this.contents = contents;
        this.lookAhead = lookAhead;
    }

    /** The bytes of a file's source. */
    Ingest open(RemoteFile file) throws DownloadException {
        var held = ingest;
        if (held != null && held.source().equals(file.key())) {
            return held;
        }
        close();
        var opened = contents.ingest(new IngestRequest(file.key(), file.cipher(), lookAhead.get()));
        ingest = opened;
        return opened;
    }

    /**
     * Opens a reader of what is there, for any thread.
     *
     * @param answered whether the source is known to have answered
     * @return a reader; null while it is not known which bytes these will be
     */
    @Nullable ContentReader read(boolean answered) throws DownloadException {
        var held = ingest;
        if (held == null || (!answered && held.identity().equals(Identity.UNKNOWN))) {
            return null;
        }
        try {
            return held.open();
        } catch (IllegalStateException e) {
            // The run has left in this moment.
            return null;
        }
    }

    /** Drops what is there, unless somebody else wants it. */
    void discard() {
        var held = ingest;
        if (held != null) {
            held.discard();
        }
    }

    @Override
    public void close() {
        var held = ingest;
        ingest = null;
        if (held != null) {
            held.close();
        }
    }
}
