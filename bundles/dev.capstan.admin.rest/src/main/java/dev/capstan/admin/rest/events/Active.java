package dev.capstan.admin.rest.events;

import dev.capstan.admin.rest.events.Message.Item;
import dev.capstan.admin.rest.json.DownloadJson;
import dev.capstan.admin.rest.json.Fields;
import dev.capstan.download.Download;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The active downloads with their newest numbers, as events tell them. Progress is kept here and
 * nowhere else, so whoever is late gets fewer and newer values. Used by one thread.
 */
final class Active {

    private static final class Entry {
        private Download download;

        /** Whether it was read and not told: events from before may still come. */
        private boolean isRead;

        private long version;
        private @Nullable Item progress;

        Entry(Download download, boolean isRead) {
            this.download = download;
            this.isRead = isRead;
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long version;
    private @Nullable Message lastProgress;
    private long lastFrom;

    /** Begins anew with what is active now. */
    void read(Collection<Download> downloads) {
        entries.clear();
        downloads.forEach(each -> entries.put(each.id(), new Entry(each, true)));
    }

    /** Whether an event is older than what was read of the same download. */
    boolean isOutdated(Download download) {
        var entry = entries.get(download.id());
        return entry != null
                && entry.isRead
                && download.updated().isBefore(entry.download.updated());
    }

    /** Takes a transition. */
    void moved(Download download) {
        lastProgress = null;
        if (!download.state().isActive()) {
            entries.remove(download.id());
            return;
        }
        var entry = entries.computeIfAbsent(download.id(), id -> new Entry(download, false));
        entry.download = download;
        entry.isRead = false;
        entry.progress = null;
    }

    void removed(Download download) {
        lastProgress = null;
        entries.remove(download.id());
    }

    /** Takes new numbers. Those of a download that has ended meanwhile come too late. */
    void progressed(Collection<Download> downloads) {
        version++;
        lastProgress = null;
        for (var each : downloads) {
            var entry = entries.get(each.id());
            if (entry != null) {
                entry.download = entry.download.copy().metrics(each.metrics()).build();
                entry.version = version;
                entry.progress = null;
            }
        }
    }

    /** Rises with each time new numbers came. */
    long version() {
        return version;
    }

    /**
     * The newest numbers of what moved after a version.
     *
     * @param ids the downloads that are wanted, null for all
     * @return null where nothing did
     */
    @Nullable Message progress(long after, long rev, @Nullable Set<String> ids) {
        var last = lastProgress;
        if (ids == null && last != null && last.rev() == rev && lastFrom == after) {
            return last;
        }
        var items = new ArrayList<Item>();
        for (var entry : entries.values()) {
            if (entry.version > after && (ids == null || ids.contains(entry.download.id()))) {
                items.add(progress(entry));
            }
        }
        if (items.isEmpty()) {
            return null;
        }
        var message = Message.ofDownloads("download.progress", rev, items, new Fields().object());
        if (ids == null) {
            lastProgress = message;
            lastFrom = after;
        }
        return message;
    }

    private static Item progress(Entry entry) {
        var item = entry.progress;
        if (item == null) {
            item = Item.of(entry.download.id(), DownloadJson.progress(entry.download));
            entry.progress = item;
        }
        return item;
    }

    /** Everything that is active, whole. */
    List<Item> items(@Nullable Set<String> ids) {
        return entries.values().stream()
                .map(entry -> entry.download)
                .filter(each -> ids == null || ids.contains(each.id()))
                .map(each -> Item.of(each.id(), DownloadJson.of(each)))
                .toList();
    }
}
