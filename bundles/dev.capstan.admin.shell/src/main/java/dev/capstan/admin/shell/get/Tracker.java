package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Follows downloads until each has ended. A link that lists files brings its files along.
 *
 * <p>It lives on the host's events and reads the queue only for what is active, and again in full
 * where the queue went and came back. Used by one thread.
 */
final class Tracker implements AutoCloseable {
    private static final int UNKNOWN = -1;
    private static final long ROUND_MILLIS = 200;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(15);

    private final Services services;
    private final Follower follower;
    private final Map<String, Item> open = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<Ended> ended = new ArrayList<>();
    private int arrivals = UNKNOWN;
    private long nextFullRead;
    private long nextRead;

    /**
     * Begins to listen.
     *
     * @param waits whether somebody waits for the end of what is followed
     */
    Tracker(Services services, Feed feed, boolean waits) {
        this.services = services;
        this.follower = new Follower(feed, waits);
    }

    /**
     * A download that needs to be followed no more.
     *
     * @param download its last snapshot
     * @param outcome how it ended
     * @param took since it was followed
     * @param fetched bytes that came since then
     */
    record Ended(Download download, Outcome outcome, Duration took, long fetched) {}

    private static final class Item {
        private final long since = System.nanoTime();
        private final long bytesBefore;
        private Download download;
        private long stuckSince;

        Item(Download download) {
            this.download = download;
            bytesBefore = download.metrics().downloaded();
        }
    }

    /** Follows a download; following it twice is harmless. */
    void follow(Download download) {
        if (open.putIfAbsent(download.id(), new Item(download)) != null) {
            return;
        }
        seen.add(download.id());
        follower.follow(download.id());
        take(download);
        // What happened between the snapshot and now is told by no event.
        var downloads = services.downloadsNow();
        if (downloads != null && open.containsKey(download.id())) {
            read(downloads, List.of(download.id()));
        }
    }

    /** Whether all that was followed has ended and was told. */
    boolean isIdle() {
        return open.isEmpty() && ended.isEmpty();
    }

    /** The newest snapshots of all that have not ended. */
    Collection<Download> open() {
        var downloads = new ArrayList<Download>(open.size());
        for (var item : open.values()) {
            downloads.add(item.download);
        }
        return downloads;
    }

    /** Waits for a moment or until something happens, and returns what has ended meanwhile. */
    List<Ended> round() throws InterruptedException {
        var changes = follower.await(ended.isEmpty() ? ROUND_MILLIS : 0);
        changes.changed().forEach(this::take);
        changes.removed().forEach(id -> end(id, Outcome.REMOVED));
        var arrived = services.arrivals();
        var downloads = services.downloadsNow();
        if (downloads != null) {
            var now = System.nanoTime();
            if (arrived != arrivals || now - nextFullRead > 0) {
                arrivals = arrived;
                // Events are lost only where their bundle is exchanged: look now and then.
                nextFullRead = now + TimeUnit.MILLISECONDS.toNanos(5_000 + 50L * open.size());
                read(downloads, List.copyOf(open.keySet()));
            } else if (now - nextRead > 0) {
                // Only how far they are is told by no event, and nobody looks at that more often.
                nextRead = now + TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS);
                read(downloads, active());
            }
        }
        var told = List.copyOf(ended);
        ended.clear();
        return told;
    }

    @Override
    public void close() {
        follower.close();
    }

    private List<String> active() {
        var ids = new ArrayList<String>();
        for (var item : open.values()) {
            if (item.download.state().isActive()) {
                ids.add(item.download.id());
            }
        }
        return ids;
    }

    private void read(Downloads downloads, List<String> ids) {
        try {
            for (var id : ids) {
                downloads.get(id).ifPresentOrElse(this::take, () -> end(id, Outcome.REMOVED));
            }
        } catch (IllegalStateException e) {
            arrivals = UNKNOWN; // the service is going; what comes next is read again
        }
    }

    /** Takes note of a snapshot, which may be older than the one that is known. */
    private void take(Download download) {
        var item = open.get(download.id());
        if (item == null) {
            if (!seen.contains(download.id())) {
                follow(download); // a member of a list that is followed
            }
            return;
        }
        if (download.updated().isBefore(item.download.updated())) {
            return;
        }
        item.download = download;
        if (download.kind() == Download.Kind.LISTING && !tookMembers(download)) {
            return;
        }
        var rests = download.state().isEnded() || download.state() == DownloadState.PAUSED;
        if (rests || isStuck(item)) {
            end(download.id(), Outcome.of(download));
        }
    }

    /** An update of its bundle is no reason to give up. */
    private static boolean isStuck(Item item) {
        if (!Outcome.isStuck(item.download)) {
            item.stuckSince = 0;
            return false;
        }
        var now = System.nanoTime();
        item.stuckSince = item.stuckSince == 0 ? now : item.stuckSince;
        return now - item.stuckSince > PATIENCE;
    }

    private void end(String id, Outcome outcome) {
        var item = open.remove(id);
        if (item != null) {
            follower.forget(id);
            var took = Duration.ofNanos(System.nanoTime() - item.since);
            var fetched = item.download.metrics().downloaded() - item.bytesBefore;
            ended.add(new Ended(item.download, outcome, took, Math.max(0, fetched)));
        }
    }

    /** Follows what a list has brought so far; says whether the queue could be read. */
    private boolean tookMembers(Download listing) {
        var batch = listing.batch();
        var downloads = services.downloadsNow();
        if (batch == null) {
            return true;
        }
        if (downloads == null) {
            return false;
        }
        var isNew = follower.followBatch(batch.id());
        if (!isNew && listing.state() != DownloadState.COMPLETED) {
            return true; // events tell of each member that comes
        }
        try {
            var query = DownloadQuery.ALL.withBatch(batch.id()).withLimit(DownloadQuery.MAX_LIMIT);
            var page = downloads.list(query);
            page.items().forEach(this::takeMember);
            while (page.next() != null) {
                page = downloads.list(query.from(page.next()));
                page.items().forEach(this::takeMember);
            }
            return true;
        } catch (IllegalStateException e) {
            arrivals = UNKNOWN;
            return false;
        }
    }

    private void takeMember(Download member) {
        if (!seen.contains(member.id())) {
            follow(member);
        }
    }
}
