package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The files of finished items. None is served that does not look as it looked when it was last
 * hashed; it is hashed again then, and set aside if it is damaged (P6, P7).
 */
final class Vault {
    private static final System.Logger LOG = System.getLogger(Vault.class.getName());

    private final Layout layout;
    private final Index index;
    private final Leases leases;
    private final Announcer announcer;
    private final InstantSource clock;
    private final Steps steps;
    private final AtomicLong quarantined = new AtomicLong();

    Vault(
            Layout layout,
            Index index,
            Leases leases,
            Announcer announcer,
            InstantSource clock,
            Steps steps)
            throws IOException {
        this.layout = layout;
        this.index = index;
        this.leases = leases;
        this.announcer = announcer;
        this.clock = clock;
        this.steps = steps;
        quarantined.set(Disk.list(layout.quarantine()).size());
    }

    long quarantined() {
        return quarantined.get();
    }

    Content content(Item item, @Nullable SourceKey asked) {
        return item.content(layout.item(item.hex()), asked);
    }

    /** Opens an item to be read. */
    Optional<StoredReader> open(String hex) throws IOException {
        try {
            var held = hold(hex);
            if (held.isEmpty()) {
                return Optional.empty();
            }
            index.touch(hex, clock.instant());
            return Optional.of(read(hex, held.get()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while an item was hashed again");
        }
    }

    private StoredReader read(String hex, Item item) throws IOException {
        try {
            var file = DiskFile.read(layout.item(hex));
            return new StoredReader(
                    file, item.size(), content(item, null), () -> leases.release(hex));
        } catch (IOException e) {
            leases.release(hex);
            throw e;
        }
    }

    /** P13: opens a file that is the operator's own and no item. */
    static StoredReader openLocal(Path file) throws DownloadException {
        if (!Files.isRegularFile(file)) {
            throw new DownloadException(ErrorClass.NOT_FOUND, file + " is not a file here.");
        }
        try {
            // The operator's own links may be followed; the store's own files are opened without.
            var opened = DiskFile.read(file.toRealPath());
            return new StoredReader(opened, opened.size(), null, () -> {});
        } catch (IOException e) {
            throw Disk.error(e, file, file + " cannot be read");
        }
    }

    /**
     * Keeps an item from eviction if its file is what the index says.
     *
     * @return the item, to be released by {@link #release}; empty if it is not here (any more)
     */
    Optional<Item> hold(String hex) throws IOException, InterruptedException {
        leases.hold(hex);
        Optional<Item> good = Optional.empty();
        try {
            good = check(hex);
            return good;
        } finally {
            if (good.isEmpty()) {
                leases.release(hex);
            }
        }
    }

    void release(String hex) {
        leases.release(hex);
    }

    private Optional<Item> check(String hex) throws IOException, InterruptedException {
        var item = index.get(hex);
        if (item == null) {
            return Optional.empty();
        }
        var path = layout.item(hex);
        try {
            var seen = FileState.of(path);
            if (seen.equals(item.file())) {
                return Optional.of(item);
            }
            return isRight(hex, item.size())
                    ? Optional.ofNullable(index.get(hex))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            LOG.log(Level.WARNING, "Content {0} is in the index and not in its folder", hex);
            index.change(hex, false, gone -> null);
            return Optional.empty();
        }
    }

    /**
     * P7: hashes an item again.
     *
     * @return whether its bytes are right; if not it was set aside
     */
    boolean verify(String hex) throws DownloadException, InterruptedException {
        leases.hold(hex);
        try {
            var item = index.get(hex);
            if (item == null) {
                throw notHere(hex);
            }
            return isRight(hex, item.size());
        } catch (NoSuchFileException e) {
            index.change(hex, false, gone -> null);
            throw notHere(hex);
        } catch (IOException e) {
            throw Disk.error(e, layout.content(), "Content " + hex + " cannot be read");
        } finally {
            leases.release(hex);
        }
    }

    /** An item's digest by any algorithm, read for it where that is not known. */
    Digest digest(String hex, String algorithm) throws DownloadException, InterruptedException {
        try {
            var item = hold(hex).orElseThrow(() -> notHere(hex));
            try {
                var known =
                        item.digests().stream()
                                .filter(digest -> digest.algorithm().equals(algorithm))
                                .findFirst();
                if (known.isPresent()) {
                    return known.get();
                }
                var computed = Digests.of(layout.item(hex), Set.of(algorithm));
                index.update(hex, false, there -> there.withDigests(computed));
                return computed.iterator().next();
            } finally {
                leases.release(hex);
            }
        } catch (IOException e) {
            throw Disk.error(e, layout.content(), "Content " + hex + " cannot be read");
        }
    }

    static DownloadException notHere(String hex) {
        return new DownloadException(
                ErrorClass.NOT_FOUND, "Content " + hex + " is not here any more.");
    }

    private boolean isRight(String hex, long size) throws IOException, InterruptedException {
        var path = layout.item(hex);
        var before = FileState.of(path);
        var right = before.size() == size && Digests.sha256(path).hex().equals(hex);
        if (right) {
            var now = clock.instant();
            var after = FileState.of(path);
            // A hard link made meanwhile changes the ctime only. What was written meanwhile does
            // not
            // fit the state before, so that the next to open it hashes it again.
            var seen = after.sameBytesAs(before) ? after : before;
            index.update(hex, false, item -> item.withFile(seen, now));
        } else {
            quarantine(hex, before);
        }
        return right;
    }

    /** Takes a damaged item's name away; other names of the same file are the user's. */
    private void quarantine(String hex, FileState damaged) throws IOException {
        var path = layout.item(hex);
        leases.name(hex);
        try {
            if (!FileState.of(path).sameBytesAs(damaged)) {
                return;
            }
            index.change(hex, true, gone -> null);
            steps.reached(Steps.Step.FORGOTTEN);
            var aside = layout.quarantine().resolve(hex + "-" + clock.millis());
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
            steps.reached(Steps.Step.REMOVED);
            Disk.syncFolder(layout.quarantine());
        } finally {
            leases.named(hex);
        }
        quarantined.incrementAndGet();
        var reason = "Its bytes are no longer what they were when it was stored.";
        LOG.log(Level.WARNING, "Content {0} was set aside. {1}", hex, reason);
        announcer.quarantined(hex, reason);
    }

    /** Adds a pin to an item; false if it is not here. */
    boolean pin(String hex, String owner) {
        return index.update(
                        hex,
                        true,
                        item -> {
                            var pins = new HashSet<>(item.pins());
                            return pins.add(owner) ? item.withPins(pins) : item;
                        })
                .isPresent();
    }

    void unpin(String hex, String owner) {
        index.update(
                hex,
                true,
                item -> {
                    var pins = new HashSet<>(item.pins());
                    return pins.remove(owner) ? item.withPins(pins) : item;
                });
    }

    /** Removes an item that is not read, pinned, or placed with shared blocks. */
    boolean evict(String hex) {
        if (!leases.tryNameAlone(hex)) {
            return false;
        }
        Item item;
        try {
            item = index.get(hex);
            if (item == null || isShared(item) || !forget(hex)) {
                return false;
            }
            steps.reached(Steps.Step.FORGOTTEN);
            Files.deleteIfExists(layout.item(hex));
            steps.reached(Steps.Step.REMOVED);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Content {0} was not removed: {1}", hex, e);
            return false;
        } finally {
            leases.named(hex);
        }
        announcer.evicted(hex, item.size());
        return true;
    }

    /** In one step with the look at the pins, so that nobody pins what is about to go. */
    private boolean forget(String hex) {
        return index.change(hex, false, item -> item == null || item.pins().isEmpty() ? null : item)
                .isEmpty();
    }

    /** Whether the file has other names; the index learns it on the way. */
    boolean isShared(Item item) throws IOException {
        boolean shared;
        try {
            shared = FileState.links(layout.item(item.hex())) > 1;
        } catch (NoSuchFileException e) {
            shared = false;
        }
        if (shared != item.placed()) {
            var now = shared;
            index.update(item.hex(), false, known -> known.withPlaced(now));
        }
        return shared;
    }

    /** An item was given another name by hard link, which changes how its file looks. */
    void placed(Item item) throws IOException {
        var state = FileState.of(layout.item(item.hex()));
        // Not durably: what the file looks like can be found out again.
        index.update(
                item.hex(),
                false,
                known ->
                        known.file().sameBytesAs(state)
                                ? known.withFile(state, known.verified()).withPlaced(true)
                                : known.withPlaced(true));
    }

    Path path(String hex) {
        return layout.item(hex);
    }
}
