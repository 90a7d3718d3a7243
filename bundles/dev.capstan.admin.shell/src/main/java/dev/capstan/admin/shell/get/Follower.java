package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.host.Feed;
import dev.capstan.download.Download;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Follows some downloads by the host's events: the newest snapshot of each that changed, and those
 * that were removed.
 *
 * <p>Filled by the thread of the events, emptied by the one that follows; the lock is held for map
 * operations only.
 */
final class Follower implements Feed.Listener, AutoCloseable {
    private final Feed feed;
    private final boolean waits;
    private final Object lock = new Object();
    private final Set<String> ids = new HashSet<>();
    private final Set<String> batches = new HashSet<>();
    private final Map<String, Download> changed = new LinkedHashMap<>();
    private final Set<String> removed = new HashSet<>();

    /**
     * Begins to listen.
     *
     * @param waits whether somebody waits for the end of what is followed
     */
    Follower(Feed feed, boolean waits) {
        this.feed = feed;
        this.waits = waits;
        feed.add(this);
    }

    /** What happened since the last look. */
    record Changes(Collection<Download> changed, Set<String> removed) {}

    void follow(String id) {
        synchronized (lock) {
            ids.add(id);
        }
    }

    void forget(String id) {
        synchronized (lock) {
            ids.remove(id);
        }
    }

    /** Follows what is or will be a member of a batch; says whether that is new. */
    boolean followBatch(String id) {
        synchronized (lock) {
            return batches.add(id);
        }
    }

    /** Waits until something happened, for a time at most. */
    Changes await(long millis) throws InterruptedException {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (lock) {
            while (changed.isEmpty() && removed.isEmpty()) {
                var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                lock.wait(left);
            }
            var changes = new Changes(new ArrayList<>(changed.values()), new HashSet<>(removed));
            changed.clear();
            removed.clear();
            return changes;
        }
    }

    @Override
    public void changed(List<Download> downloads) {
        synchronized (lock) {
            for (var download : downloads) {
                if (isFollowed(download)) {
                    changed.put(download.id(), download);
                }
            }
            lock.notifyAll();
        }
    }

    @Override
    public void removed(List<Download> downloads) {
        synchronized (lock) {
            for (var download : downloads) {
                if (isFollowed(download)) {
                    removed.add(download.id());
                }
            }
            lock.notifyAll();
        }
    }

    private boolean isFollowed(Download download) {
        var batch = download.batch();
        return ids.contains(download.id()) || (batch != null && batches.contains(batch.id()));
    }

    @Override
    public boolean awaits(String id) {
        synchronized (lock) {
            return waits && ids.contains(id);
        }
    }

    @Override
    public void close() {
        feed.remove(this);
    }
}
