package dev.capstan.download.provider;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.download.DownloadException;
import dev.capstan.host.spi.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * The run's handle on the bytes of its source that are in staging: opened when they are first
 * needed, and kept until the run leaves, so that whoever reads along is told how it ended (P1).
 * Used by the run's thread.
 */
final class Hold implements AutoCloseable {
    private final ContentStore contents;
    private @Nullable Ingest ingest;

    Hold(ContentStore contents) {
        this.contents = contents;
    }

    /** The bytes of a file's source. */
    Ingest open(RemoteFile file) throws DownloadException {
        var held = ingest;
        if (held != null && held.source().equals(file.key())) {
            return held;
        }
        close();
        var opened = contents.ingest(new IngestRequest(file.key(), file.cipher()));
        ingest = opened;
        return opened;
    }

    /** Tells whoever waits for bytes that they will not come. */
    void fail(DownloadException error) {
        if (ingest != null) {
            ingest.fail(error);
        }
    }

    /** Drops what is there, unless somebody else wants it. */
    void discard() {
        if (ingest != null) {
            ingest.discard();
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
