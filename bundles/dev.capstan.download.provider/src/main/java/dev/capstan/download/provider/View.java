package dev.capstan.download.provider;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.Arrival;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadPage;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Segment;
import dev.capstan.download.Source;
import dev.capstan.download.Statistics;
import dev.capstan.download.Statistics.Totals;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.transfer.spi.Transfer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Downloads as they are shown: what is stored, with the live numbers of what runs, and with the
 * reasons that queued ones wait for and that no row is written for. Reads one indexed page at most.
 */
final class View {
    private final DownloadStore store;
    private final ContentStore contents;
    private final Workers workers;
    private final Obstacles obstacles;
    private final Ledger ledger;
    private final Today today;
    private final Clock clock;

    View(
            DownloadStore store,
            ContentStore contents,
            Workers workers,
            Obstacles obstacles,
            Ledger ledger,
            Today today,
            Clock clock) {
        this.store = store;
        this.contents = contents;
        this.workers = workers;
        this.obstacles = obstacles;
        this.ledger = ledger;
        this.today = today;
        this.clock = clock;
    }

    /**
     * A stored row as it is to be shown. The end of a run is in the store a moment before the run
     * knows it; nobody who saw it there may see it undone.
     */
    Download of(Download row) {
        var run = workers.find(row.id());
        if (run == null) {
            return atRest(row);
        }
        var live = run.snapshot();
        var hasEnded = !row.state().isActive() && row.updated().isAfter(live.updated());
        return hasEnded ? atRest(row) : live;
    }

    /** A row as it was just written, even if a worker has it already. */
    Download atRest(Download row) {
        return obstacles.over(row, clock.instant());
    }

    Optional<Download> get(String id) {
        var run = workers.find(id);
        return run != null ? Optional.of(run.snapshot()) : store.get(id).map(this::of);
    }

    List<Download> match(String prefix, int limit) {
        return store.match(prefix, limit).stream().map(this::of).toList();
    }

    /** The downloads of a source, by its host and canonical link. */
    List<Download> withLink(Source source) {
        return store.withLink(source.host(), source.canonical()).stream().map(this::of).toList();
    }

    DownloadPage list(DownloadQuery query) {
        var page = store.list(query);
        return new DownloadPage(
                page.items().stream().map(this::of).toList(),
                page.next(),
                page.total(),
                page.counts());
    }

    List<Segment> segments(String id) {
        var run = workers.find(id);
        var transfer = run == null ? null : run.transfer();
        return transfer == null ? List.of() : transfer.segments();
    }

    Arrival arrival(String id) {
        var run = workers.find(id);
        var arriving = run == null ? null : run.arrival();
        if (arriving != null) {
            return arriving;
        }
        return store.get(id)
                .map(row -> new Arrival(Gauge.parts(present(row)), List.of()))
                .orElse(Arrival.NONE);
    }

    /** What is here of a download that nobody works on. */
    private RangeSet present(Download row) {
        var size = row.metrics().size();
        if (row.state() == DownloadState.COMPLETED) {
            return RangeSet.of(0, Math.max(0, size));
        }
        var key = row.source().key();
        return key == null ? RangeSet.EMPTY : contents.staged(key);
    }

    Optional<Batch> batch(String id) {
        return store.batch(id).map(this::live);
    }

    List<Batch> batches(@Nullable Instant before, int limit) {
        return store.batches(before, limit).stream().map(this::live).toList();
    }

    Statistics statistics() {
        var hosts = store.totals();
        // Downloads that share a transfer show its speed; it is counted once.
        var counted = new HashSet<@Nullable Transfer>();
        counted.add(null);
        var speed =
                workers.runs()
                        .filter(run -> counted.add(run.transfer()))
                        .mapToLong(run -> run.snapshot().metrics().bytesPerSecond())
                        .sum();
        var allTime = hosts.values().stream().reduce(Totals.NONE, Totals::plus);
        return new Statistics(
                store.counts(), speed, ledger.sinceStart(), today.of(allTime), allTime, hosts);
    }

    /** Counts from midnight on, also where nobody asks for a while. */
    void turnDay() {
        if (today.isOver()) {
            statistics();
        }
    }

    /** A batch with the bytes that arrived since its members' rows were written. */
    private Batch live(Batch batch) {
        var size = batch.size();
        var downloaded = batch.downloaded();
        for (var run : workers.runs().toList()) {
            var now = run.snapshot();
            var ref = now.batch();
            if (ref != null && ref.id().equals(batch.id())) {
                var stored = run.stored().metrics();
                size += Math.max(0, now.metrics().size()) - Math.max(0, stored.size());
                downloaded += now.metrics().downloaded() - stored.downloaded();
            }
        }
        return new Batch(
                batch.id(), batch.name(), batch.created(), batch.counts(), size, downloaded);
    }
}
