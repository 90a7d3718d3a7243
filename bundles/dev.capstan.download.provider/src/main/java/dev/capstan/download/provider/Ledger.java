package dev.capstan.download.provider;

import dev.capstan.download.Added;
import dev.capstan.download.Added.Outcome;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Statistics.Totals;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.event.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place where stored downloads change: it checks the table of moves, writes, and only then
 * announces (Q1). What is counted as things happen is counted here.
 *
 * <p>Safe for any thread. Blocks as long as the store does; throws the store's {@link
 * dev.capstan.download.spi.StoreException}, and nothing has changed then.
 */
final class Ledger {
    private final DownloadStore store;
    private final Events events;
    private final Set<String> changedBatches = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> impatient = new ConcurrentHashMap<>();
    private final Object counting = new Object();
    private Totals sinceStart = Totals.NONE;
    private final AtomicBoolean hasChanged = new AtomicBoolean(true);
    private volatile Consumer<String> listener = id -> {};

    Ledger(DownloadStore store, Events events) {
        this.store = store;
        this.events = events;
    }

    /** Sets what hears of each row that changed, by its id; must return at once. */
    void onChange(Consumer<String> hearing) {
        listener = hearing;
    }

    /**
     * Replaces a row, if it is still in the state the caller saw.
     *
     * @return whether it was
     * @throws IllegalStateException if the table of moves has no such move
     */
    boolean write(Download seen, Download next, Durability durability) {
        var from = seen.state();
        var to = next.state();
        if (from != to && !from.canMoveTo(to)) {
            throw new IllegalStateException("There is no move from " + from + " to " + to);
        }
        var place = events.reserve(Topics.DOWNLOAD_STATE);
        var written = false;
        try {
            written = store.update(seen, next, durability);
        } finally {
            if (written) {
                noted(next);
                if (from != to) {
                    counted(next);
                }
                place.fill(List.of(next));
            } else {
                place.giveUp();
            }
        }
        return written;
    }

    /** A worker took a row; the store has written it. */
    void claimed(Download row) {
        noted(row);
        announce(row);
    }

    /** Tells of a phase, which is not stored. */
    void announce(Download snapshot) {
        events.reserve(Topics.DOWNLOAD_STATE).fill(List.of(snapshot));
    }

    /**
     * Adds rows, or finds and revives those that stand for the same links (Q9). Durable.
     *
     * @param alongside a row to be updated with them, or null
     * @return what became of each
     */
    List<Added> add(List<Download> wanted, Merge merge, @Nullable Download alongside) {
        var added = events.reserve(Topics.DOWNLOAD_ADDED);
        var changed = events.reserve(Topics.DOWNLOAD_STATE);
        var results = new ArrayList<Added>(wanted.size());
        try {
            var rows = store.add(wanted, merge, alongside);
            for (var i = 0; i < rows.size(); i++) {
                results.add(Added.of(merge.outcomeOf(wanted.get(i)), rows.get(i)));
            }
        } finally {
            added.fill(rows(results, Outcome.CREATED));
            var others = new ArrayList<>(rows(results, Outcome.REVIVED));
            if (alongside != null && results.size() == wanted.size()) {
                others.add(alongside);
            }
            changed.fill(others);
        }
        results.forEach(result -> noted(result.download()));
        return results;
    }

    Optional<Download> remove(String id) {
        var place = events.reserve(Topics.DOWNLOAD_REMOVED);
        Optional<Download> removed = Optional.empty();
        try {
            removed = store.remove(id);
        } finally {
            place.fill(removed.map(List::of).orElse(List.of()));
        }
        removed.ifPresent(
                row -> {
                    noted(row);
                    patient(row);
                });
        return removed;
    }

    /** The batches that changed since the last call. */
    Set<String> drainBatches() {
        var drained = Set.copyOf(changedBatches);
        changedBatches.removeAll(drained);
        return drained;
    }

    /** Whether any row changed since the last call; also at the first one. */
    boolean drainChanged() {
        return hasChanged.getAndSet(false);
    }

    /** Hosts of queued downloads that must not wait. */
    Set<String> impatientHosts() {
        return Set.copyOf(impatient.keySet());
    }

    /** A host's queued downloads that must not wait. */
    Set<String> impatientOf(String host) {
        return Set.copyOf(impatient.getOrDefault(host, Set.of()));
    }

    /** What ended since the start. */
    Totals sinceStart() {
        synchronized (counting) {
            return sinceStart;
        }
    }

    private void noted(@Nullable Download row) {
        if (row == null) {
            return;
        }
        hasChanged.set(true);
        listener.accept(row.id());
        var batch = row.batch();
        if (batch != null) {
            changedBatches.add(batch.id());
        }
        if (row.state() == DownloadState.QUEUED && row.options().failInsteadOfWaiting()) {
            impatient.compute(
                    row.source().host(),
                    (host, ids) -> {
                        var more = ids == null ? ConcurrentHashMap.<String>newKeySet() : ids;
                        more.add(row.id());
                        return more;
                    });
        } else {
            patient(row);
        }
    }

    private void patient(Download row) {
        impatient.computeIfPresent(
                row.source().host(),
                (host, ids) -> {
                    ids.remove(row.id());
                    return ids.isEmpty() ? null : ids;
                });
    }

    private void counted(Download row) {
        if (row.state() == DownloadState.COMPLETED) {
            var bytes = Math.max(row.metrics().size(), row.metrics().downloaded());
            count(new Totals(1, 0, bytes));
        } else if (row.state() == DownloadState.FAILED) {
            count(new Totals(0, 1, 0));
        }
    }

    private void count(Totals more) {
        synchronized (counting) {
            sinceStart = sinceStart.plus(more);
        }
    }

    private static List<Download> rows(List<Added> results, Outcome outcome) {
        var rows = new ArrayList<Download>();
        for (var result : results) {
            var row = result.download();
            if (row != null && result.outcome() == outcome) {
                rows.add(row);
            }
        }
        return rows;
    }
}
