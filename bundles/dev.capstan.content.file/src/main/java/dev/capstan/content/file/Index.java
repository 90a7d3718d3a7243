package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all items: in memory, and in an append-only log that is read at the start and
 * written anew when most of it is out of date.
 *
 * <p>A change is made in memory first and then appended; its number decides which line counts, not
 * its place. Several log files are read as one, so the log can be written anew while it is appended
 * to, and be cut short at any instant. A change that could not be written, as on a full disk, is
 * written by a later {@link #tidy}.
 *
 * <p><b>Locks</b>: {@code this} guards the maps, never I/O; lookups take none.
 */
final class Index implements Closeable {
    private static final System.Logger LOG = System.getLogger(Index.class.getName());
    private static final int SMALL = 1000;

    private final Path folder;
    private final ConcurrentMap<String, Item> items;
    private final ConcurrentMap<SourceKey, String> bySource;
    private final ConcurrentMap<Digest, String> byDigest = new ConcurrentHashMap<>();
    private final Set<String> unwritten = ConcurrentHashMap.newKeySet();
    private final Set<String> touched = ConcurrentHashMap.newKeySet();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();
    private volatile IndexLog log;
    private volatile long number;
    private volatile boolean closed;
    private volatile boolean failing;
    private volatile Totals totals = new Totals(0, 0, 0, 0);

    /**
     * What all items come to.
     *
     * @param items their number
     * @param bytes their bytes
     * @param heldItems those that are pinned or placed
     * @param heldBytes their bytes
     */
    record Totals(long items, long bytes, long heldItems, long heldBytes) {
        private Totals plus(@Nullable Item item, int sign) {
            if (item == null) {
                return this;
            }
            var held = item.isHeld() ? sign : 0;
            return new Totals(
                    items + sign,
                    bytes + sign * item.size(),
                    heldItems + held,
                    heldBytes + held * item.size());
        }
    }

    private Index(Path folder, IndexLog log, long number, int expected) {
        this.folder = folder;
        items = new ConcurrentHashMap<>(expected);
        bySource = new ConcurrentHashMap<>(expected);
        this.log = log;
        this.number = number;
    }

    /** Reads the index of a folder; an empty one if there is none. */
    static Index open(Path folder) throws IOException {
        var numbers = IndexLog.numbers(folder);
        var newest = numbers.isEmpty() ? 1 : numbers.get(numbers.size() - 1);
        var known = new HashMap<String, ItemLine>();
        var lines = 0L;
        for (var number : numbers) {
            lines +=
                    IndexLog.read(
                            IndexLog.path(folder, number),
                            line -> known.merge(line.hex(), line, Index::newer));
        }
        var index = new Index(folder, IndexLog.open(folder, newest), newest, known.size());
        index.lines.set(lines);
        for (var line : known.values()) {
            index.changes.accumulateAndGet(line.number(), Math::max);
            if (line.item() != null) {
                index.replace(line.hex(), line.item());
            }
        }
        if (numbers.size() > 1 || index.isStale()) {
            index.rewrite();
        }
        return index;
    }

    private static ItemLine newer(ItemLine one, ItemLine other) {
        return one.number() > other.number() ? one : other;
    }

    @Nullable Item get(String hex) {
        return items.get(hex);
    }

    @Nullable Item get(Digest digest) {
        if (digest.algorithm().equals(Digest.SHA_256)) {
            return items.get(digest.hex());
        }
        var hex = byDigest.get(digest);
        return hex == null ? null : items.get(hex);
    }

    @Nullable Item get(SourceKey source) {
        var hex = bySource.get(source);
        return hex == null ? null : items.get(hex);
    }

    /** All items, in no order; may change under the reader. */
    Collection<Item> all() {
        return items.values();
    }

    /** The next items in the order of their digests. */
    List<Item> after(@Nullable String hex, int limit) {
        return items.values().stream()
                .filter(item -> hex == null || item.hex().compareTo(hex) > 0)
                .sorted(Comparator.comparing(Item::hex))
                .limit(limit)
                .toList();
    }

    Totals totals() {
        return totals;
    }

    /**
     * Changes an item in memory and appends the change.
     *
     * @param durably whether it is to be on the disk on return
     * @param change gets the item, or null if there is none; gives null to remove it; gives what it
     *     got to change nothing
     * @return the item as it is now, empty if there is none
     */
    Optional<Item> change(String hex, boolean durably, Change change) {
        ItemLine line;
        synchronized (this) {
            var before = items.get(hex);
            var after = change.apply(before);
            if (Objects.equals(after, before)) {
                return Optional.ofNullable(after);
            }
            replace(hex, after);
            line = line(hex);
        }
        write(line, durably);
        return Optional.ofNullable(line.item());
    }

    /** A change of an item that is there. */
    Optional<Item> update(String hex, boolean durably, UnaryOperator<Item> change) {
        return change(hex, durably, item -> item == null ? null : change.apply(item));
    }

    /** Makes a new item of an old one; pure and quick. */
    @FunctionalInterface
    interface Change {
        @Nullable Item apply(@Nullable Item item);
    }

    /** Notes that an item is used. That is written with {@link #tidy} only. */
    void touch(String hex, Instant now) {
        synchronized (this) {
            var item = items.get(hex);
            if (item != null) {
                items.put(hex, item.withUsed(now));
                touched.add(hex);
            }
        }
    }

    /** Whether all changes of an item were written, but that it is used. */
    boolean isWritten(String hex) {
        return !unwritten.contains(hex);
    }

    /** Writes what was put off or failed, and all anew if most of the log is out of date. */
    void tidy() throws IOException {
        flush(unwritten);
        flush(touched);
        if (isStale()) {
            rewrite();
        }
    }

    @Override
    public void close() throws IOException {
        flush(unwritten);
        flush(touched);
        closed = true;
        log.close();
    }

    private void flush(Set<String> late) {
        for (var hex : List.copyOf(late)) {
            late.remove(hex);
            write(line(hex), false);
        }
    }

    private synchronized ItemLine line(String hex) {
        return new ItemLine(changes.incrementAndGet(), hex, items.get(hex));
    }

    private boolean isStale() {
        return lines.get() > 2L * totals.items() + SMALL;
    }

    /** Must be called by one thread at a time. */
    private void rewrite() throws IOException {
        var old = log;
        var next = number + 1;
        // From here on changes go to the new file; what they changed before is in memory already.
        log = IndexLog.open(folder, next);
        number = next;
        lines.set(0);
        for (var hex : items.keySet()) {
            log.append(line(hex));
            lines.incrementAndGet();
        }
        log.sync();
        Disk.syncFolder(folder);
        old.close();
        for (var outdated : IndexLog.numbers(folder)) {
            if (outdated < next) {
                Files.deleteIfExists(IndexLog.path(folder, outdated));
            }
        }
    }

    private void write(ItemLine line, boolean durably) {
        var current = log;
        try {
            current.append(line);
            lines.incrementAndGet();
            if (durably) {
                current.sync();
            }
            failing = false;
        } catch (IOException e) {
            if (current != log) {
                // It was being replaced, and closed in between.
                write(line, durably);
                return;
            }
            unwritten.add(line.hex());
            // Told once, and not at all of a closed index: the next start learns it from the files.
            if (!failing && !closed) {
                failing = true;
                LOG.log(Level.WARNING, "The index in {0} cannot be written: {1}", folder, e);
            }
        }
    }

    private void replace(String hex, @Nullable Item after) {
        var before = after == null ? items.remove(hex) : items.put(hex, after);
        totals = totals.plus(before, -1).plus(after, 1);
        if (before != null) {
            before.digests().forEach(digest -> byDigest.remove(digest, hex));
            if (after == null) {
                before.origins().forEach(origin -> bySource.remove(origin.source(), hex));
            }
        }
        if (after != null) {
            after.digests().forEach(digest -> byDigest.put(digest, hex));
            after.origins().forEach(origin -> bySource.put(origin.source(), newest(origin, hex)));
        }
    }

    /** Of two items that came from one source, the one it was last known to have. */
    private String newest(Item.Origin origin, String hex) {
        var other = get(origin.source());
        if (other == null || other.hex().equals(hex)) {
            return hex;
        }
        var later =
                other.origins().stream()
                        .filter(o -> o.source().equals(origin.source()))
                        .anyMatch(o -> o.seen().isAfter(origin.seen()));
        return later ? other.hex() : hex;
    }
}
