package dev.capstan.content.file;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The right to fill one staging. Checkpoints once a second until it is closed. */
final class StagingFiller implements Filler {
    private final Staging staging;
    private final Stage stage;
    private final Future<?> ticks;
    private final Queue<PartLane> lanes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Opening opening;

    StagingFiller(Staging staging, Stage stage) {
        this.staging = staging;
        this.stage = stage;
        ticks = stage.everySecond(staging::checkpoint);
    }

    /** D19: looks at the first plain bytes; what begins wrongly is fetched anew. */
    StagingFiller watch(Opening first) {
        if (first.isRefuted()) {
            try {
                staging.part().forget(new Range(0, Long.MAX_VALUE));
            } catch (DownloadException e) {
                // The lanes fail on the same disk, and tell the transfer.
                stage.log("Wrong bytes of " + staging.key() + " were not forgotten", e);
            }
        }
        opening = first;
        return this;
    }

    @Override
    public void identify(Identity identity) throws DownloadException {
        requireOpen();
        staging.identify(identity);
    }

    @Override
    public void restart(Identity identity) throws DownloadException {
        requireOpen();
        staging.restart(identity);
    }

    @Override
    public Lane lane(long position) {
        requireOpen();
        var lane = staging.part().lane(position);
        lanes.removeIf(PartLane::isClosed);
        lanes.add(lane);
        var watching = opening;
        return watching == null ? lane : watching.watch(lane);
    }

    @Override
    public void forget(Range range) throws DownloadException {
        requireOpen();
        staging.part().forget(range);
    }

    @Override
    public void checkpoint() throws DownloadException {
        staging.part().checkpoint();
    }

    @Override
    public RangeSet demands() {
        return staging.demands().open(staging.part());
    }

    @Override
    public RangeSet upcoming() {
        return Demands.missing(staging.audience().upcoming(), staging.part());
    }

    @Override
    public long horizon() {
        return staging.audience().horizon();
    }

    @Override
    public void onDemand(Runnable listener) {
        staging.demands().onChange(listener);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        ticks.cancel(false);
        lanes.forEach(PartLane::stop);
        // What is whole is synced by its commit, or when the last who could commit it goes.
        if (!(staging.part().isWhole() && staging.mayBeCommitted())) {
            staging.checkpoint();
        }
        staging.releaseFiller();
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("The filler is closed");
        }
    }
}
