package dev.capstan.record.provider;

import dev.capstan.content.Content;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.RecordException;
import dev.capstan.record.provider.Fetcher.Fetch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Fetches what somebody has picked up and will likely play (E6), behind everything else, until it
 * is put back.
 *
 * <p>Safe for any number of threads.
 */
final class Prefetcher {
    private final Playing playing;
    private final Shelf shelf;
    private final IntSupplier ahead;
    private final PromiseFactory promises;
    private final Map<String, List<Promise<Fetch>>> pickedUp = new HashMap<>();

    /**
     * Creates it.
     *
     * @param ahead how many tracks are fetched, as configured
     */
    Prefetcher(Playing playing, Shelf shelf, IntSupplier ahead, PromiseFactory promises) {
        this.playing = playing;
        this.shelf = shelf;
        this.ahead = ahead;
        this.promises = promises;
    }

    /** Fetches a track and those that follow it in an order. */
    Promise<EtchedRecord> prefetch(String id, int first, PlayOrder order) {
        var fetches = new ArrayList<Promise<Fetch>>();
        var landings = new ArrayList<Promise<Content>>();
        try {
            var entry = shelf.require(id);
            for (var track : next(entry.record().tracks().size(), first, order)) {
                var fetch = playing.ahead(entry, track);
                if (fetch != null) {
                    fetches.add(fetch);
                    landings.add(fetch.flatMap(there -> playing.proven(entry, track, there)));
                }
            }
        } catch (RecordException e) {
            letGo(fetches);
            return promises.failed(e);
        }
        synchronized (pickedUp) {
            pickedUp.computeIfAbsent(id, any -> new ArrayList<>()).addAll(fetches);
        }
        return promises.all(landings)
                .map(all -> shelf.require(id).record())
                .onResolve(() -> ended(id, fetches));
    }

    /** It was put back. */
    void putBack(String id) {
        List<Promise<Fetch>> fetches;
        synchronized (pickedUp) {
            fetches = pickedUp.remove(id);
        }
        if (fetches != null) {
            letGo(fetches);
        }
    }

    private List<Integer> next(int tracks, int first, PlayOrder order) {
        var next = new ArrayList<Integer>();
        var most = Math.min(tracks, Math.max(1, ahead.getAsInt()));
        for (var track = Math.min(first, tracks - 1); next.size() < most; ) {
            next.add(track);
            var after = order.after(track, tracks);
            if (after.isEmpty() || next.contains(after.getAsInt())) {
                break;
            }
            track = after.getAsInt();
        }
        return next;
    }

    private void ended(String id, List<Promise<Fetch>> fetches) {
        letGo(fetches);
        synchronized (pickedUp) {
            var left = pickedUp.get(id);
            if (left != null) {
                left.removeAll(fetches);
                if (left.isEmpty()) {
                    pickedUp.remove(id);
                }
            }
        }
    }

    private static void letGo(List<Promise<Fetch>> fetches) {
        fetches.forEach(fetch -> fetch.onSuccess(Fetch::close));
    }
}
