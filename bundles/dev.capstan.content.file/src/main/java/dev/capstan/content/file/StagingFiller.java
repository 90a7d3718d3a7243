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

/** The right to fill one staging. Checkpoints once a second until it is closed. */
final class StagingFiller implements Filler {
    private final Staging staging;
    private final Stage stage;
    private final Future<?> ticks;
    private final Queue<PartLane> lanes = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    StagingFiller(Staging staging, Stage stage) {
        this.staging = staging;
        this.stage = stage;
        ticks = stage.everySecond(this::tick);
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
        return lane;
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

    /** No reader limits the transfer: none was opened with a look-ahead. */
    @Override
    public long horizon() {
        return Long.MAX_VALUE;
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
        tick();
        staging.releaseFiller();
    }

    private void tick() {
        try {
            staging.part().checkpoint();
        } catch (DownloadException e) {
            // The lanes fail on the same disk, and tell the transfer.
            stage.log("Staging of " + staging.key() + " was not checkpointed", e);
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("The filler is closed");
        }
    }
}
