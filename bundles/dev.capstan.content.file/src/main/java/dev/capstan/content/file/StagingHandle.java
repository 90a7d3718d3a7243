package dev.capstan.content.file;

import dev.capstan.content.ContentReader;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.IngestRequest.LookAhead;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One caller's handle on a staging. */
final class StagingHandle implements Ingest {
    private final Staging staging;
    private final Store store;
    private final Runnable withdraw;
    private final @Nullable Opening opening;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean discarded = new AtomicBoolean();

    /**
     * Creates a handle.
     *
     * @param staging acquired for it; released by its closing
     * @param lookAhead how far ahead of its readers it wants the bytes, or null for the whole
     * @param transform undoes the cipher, or null
     */
    StagingHandle(
            Staging staging,
            Store store,
            @Nullable LookAhead lookAhead,
            Decryptor.@Nullable Transform transform) {
        this.staging = staging;
        this.store = store;
        withdraw = staging.audience().wish(lookAhead);
        opening = transform == null ? null : new Opening(staging, transform);
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
    public ContentReader open() throws DownloadException {
        if (closed.get() || !staging.acquire(true)) {
            throw new IllegalStateException("The handle is closed");
        }
        return store.reader(staging);
    }

    @Override
    public Readers readers() {
        return staging.audience().readers();
    }

    @Override
    public Await await(Range range, Duration most) throws DownloadException, InterruptedException {
        return staging.await(range, most);
    }

    @Override
    public RangeSet demands() {
        return staging.demands().open(staging.part());
    }

    @Override
    public void demand(Range range) {
        staging.demands().add(range);
    }

    @Override
    public Optional<Filler> fill() {
        var first = opening;
        return staging.fill().map(filler -> first == null ? filler : filler.watch(first));
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
            withdraw.run();
            staging.releaseHandle(discarded.get());
        }
    }
}
