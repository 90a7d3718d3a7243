package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.Reading;
import dev.capstan.download.Statistics;
import dev.capstan.download.spi.StoreException;
import dev.capstan.event.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens once a second, on the thread {@code capstan-meter}: speeds are sampled and told in
 * one event (Q4), what was learned of them is stored, changed batches are told, a full disk is
 * looked at, leases are renewed, and once an hour leftovers are swept.
 */
final class Meters implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Meters.class.getName());
    private static final int LEASE_TICKS = 20;
    private static final int DISK_TICKS = 2;
    private static final int LEFTOVER_TICKS = 3600;

    private final Workers workers;
    private final View view;
    private final Ledger ledger;
    private final Events events;
    private final DiskWatch disk;
    private final LocalState state;
    private final Leftovers leftovers;
    private final ScheduledThreadPoolExecutor clockwork;
    private Map<String, Reading> readings = Map.of();
    private @Nullable Statistics told;
    private long ticks;

    Meters(
            Workers workers,
            View view,
            Ledger ledger,
            Events events,
            DiskWatch disk,
            LocalState state,
            Leftovers leftovers) {
        this.workers = workers;
        this.view = view;
        this.ledger = ledger;
        this.events = events;
        this.disk = disk;
        this.state = state;
        this.leftovers = leftovers;
        clockwork =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            var thread = new Thread(task, "capstan-meter");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    void start() {
        var unused = clockwork.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            ticks++;
            view.turnDay();
            tell(sample());
            events.post(Topics.DOWNLOAD_READING, Topics.READINGS, readings());
            workers.endUnheard();
            workers.runs().forEach(Run::keep);
            if (ticks % DISK_TICKS == 0 && disk.recovered()) {
                workers.signal();
            }
            if (ticks % LEASE_TICKS == 0) {
                workers.renewLeases();
            }
            if (ticks % LEFTOVER_TICKS == 1) {
                leftovers.sweep();
            }
            state.flush();
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.DEBUG, "The store was not asked", e);
        } catch (RuntimeException e) {
            // It would end all ticks to come.
            LOG.log(System.Logger.Level.ERROR, "A tick failed", e);
        }
    }

    private List<Download> sample() {
        var nanos = System.nanoTime();
        var moved = new ArrayList<Download>();
        workers.runs().filter(run -> run.sample(nanos)).map(Run::snapshot).forEach(moved::add);
        return moved;
    }

    /** What has changed in who reads along. */
    private List<Reading> readings() {
        var now = new HashMap<String, Reading>();
        workers.runs()
                .forEach(
                        run -> {
                            var readers = run.readers();
                            if (readers != null && readers.count() > 0) {
                                var id = run.row().id();
                                now.put(id, new Reading(id, readers.count(), readers.furthest()));
                            }
                        });
        var changed = new ArrayList<>(now.values());
        changed.removeIf(reading -> reading.equals(readings.get(reading.id())));
        readings.keySet().stream()
                .filter(id -> !now.containsKey(id))
                .forEach(id -> changed.add(new Reading(id, 0, 0)));
        readings = now;
        return changed;
    }

    private void tell(List<Download> moved) {
        events.post(Topics.DOWNLOAD_PROGRESS, Topics.DOWNLOADS, moved);
        var batches = new TreeSet<>(ledger.drainBatches());
        moved.stream()
                .flatMap(download -> Stream.ofNullable(download.batch()))
                .forEach(batch -> batches.add(batch.id()));
        var changed = batches.stream().map(view::batch).flatMap(Optional::stream).toList();
        events.post(Topics.BATCH_CHANGED, Topics.BATCHES, changed);
        tellStatistics();
    }

    /** A host at rest asks its store nothing. */
    private void tellStatistics() {
        var hasChanged = ledger.drainChanged();
        if (hasChanged || workers.runs().findAny().isPresent()) {
            var statistics = view.statistics();
            if (!statistics.equals(told)) {
                told = statistics;
                events.postStatistics(statistics);
            }
        }
    }

    /** Ticks no more; waits for one that is under way. */
    @Override
    public void close() {
        clockwork.shutdownNow();
        try {
            if (!clockwork.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "A tick does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
