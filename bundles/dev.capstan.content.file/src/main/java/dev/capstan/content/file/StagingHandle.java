package dev.capstan.content.file;

import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One caller's handle on a staging. */
final class StagingHandle implements Ingest {
    private final Staging staging;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean discarded = new AtomicBoolean();

    StagingHandle(Staging staging) {
        this.staging = staging;
    }

    Staging staging() {
        return staging;
    }

    @Override
    public SourceKey source() {
        return staging.source();
    }

    @Override
    public Identity identity() {
        return staging.part().identity();
    }

    @Override
    public RangeSet present() {
        return staging.part().present();
    }

    @Override
    public long downloaded() {
        return staging.part().downloaded();
    }

    @Override
    public int read(long position, ByteBuffer target) throws DownloadException {
        var part = staging.part();
        try {
            return part.read(position, target);
        } catch (IOException e) {
            throw part.failed(e);
        }
    }

    @Override
    public Await await(Range range, Duration most) throws DownloadException, InterruptedException {
        return staging.await(range, most);
    }

    @Override
    public void demand(Range range) {
        staging.demands().add(range);
    }

    @Override
    public Optional<Filler> fill() {
        return staging.fill().map(Filler.class::cast);
    }

    @Override
    public void fail(DownloadException error) {
        staging.fail(error);
    }

    @Override
    public void discard() {
        if (!closed.get() && discarded.compareAndSet(false, true)) {
            staging.discard();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            staging.releaseHandle(discarded.get());
        }
    }
}
