package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest.Await;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the handles, the readers and the filler of one source share while any of them is open: the
 * part that is being fetched, and beside it an older version until this one is whole.
 *
 * <p><b>Locks</b>: {@code this} guards counts and references, never I/O.
 */
final class Staging {
    private static final long LONGEST_WAIT = Duration.ofDays(3650).toNanos();

    /** An older version that may prove to be the right one. */
    private record Kept(int number, Identity identity) {}

    private final Stage stage;
    private final String key;
    private final SourceKey source;
    private final @Nullable CipherSpec cipher;
    private final Waiters waiters;
    private final Part.Surroundings around;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile Part part;
    private volatile @Nullable DownloadException failure;
    private volatile @Nullable Content published;
    private volatile @Nullable Runnable demandListener;

    private int handles;
    private int uninterested;
    private int readers;
    private @Nullable StagingFiller filler;
    private boolean committing;
    private boolean closing;
    private boolean drop;
    private RangeSet demanded = RangeSet.EMPTY;
    private @Nullable Kept kept;

    private Staging(
            Stage stage, String key, Part part, @Nullable Kept kept, Part.Surroundings around) {
        this.stage = stage;
        this.key = key;
        this.part = part;
        this.kept = kept;
        this.around = around;
        source = part.source();
        cipher = part.cipher();
        waiters = around.waiters();
    }

    /**
     * Opens what is in a folder.
     *
     * @param request what to begin if nothing is there; null for nothing
     * @return null if nothing is there and nothing was to begin
     */
    static @Nullable Staging open(
            Stage stage, String key, @Nullable IngestRequest request, Executor hashers, Steps steps)
            throws IOException {
        var folder = stage.layout().staged(key);
        var around = new Part.Surroundings(new Waiters(), hashers, steps);
        Part current = null;
        Kept kept = null;
        for (var number : numbers(folder)) {
            var loaded = kept == null ? Part.load(folder, number, request, around) : null;
            if (loaded == null) {
                Part.delete(folder, number);
            } else if (current == null) {
                current = loaded;
            } else {
                kept = new Kept(number, loaded.identity());
                loaded.close();
            }
        }
        if (current == null) {
            if (request == null) {
                return null;
            }
            Files.createDirectories(folder);
            current =
                    Part.create(
                            folder,
                            1,
                            request.source(),
                            Identity.UNKNOWN,
                            request.cipher(),
                            around);
        }
        current.hash();
        return new Staging(stage, key, current, kept, around);
    }

    /** The versions in a folder, newest first. */
    static List<Integer> numbers(Path folder) throws IOException {
        return Disk.list(folder).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.matches("[1-9][0-9]{0,8}\\.(part|ranges)"))
                .map(name -> Integer.valueOf(name.substring(0, name.indexOf('.'))))
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    String key() {
        return key;
    }

    SourceKey source() {
        return source;
    }

    @Nullable CipherSpec cipher() {
        return cipher;
    }

    Part part() {
        return part;
    }

    Waiters waiters() {
        return waiters;
    }

    /** What the bytes became, or null. */
    @Nullable Content published() {
        return published;
    }

    @Nullable DownloadException failure() {
        return failure;
    }

    // --- who has it open ---

    /** Joins; false if it is being closed. */
    synchronized boolean acquire(boolean asReader) {
        if (closing) {
            return false;
        }
        drop = false;
        if (asReader) {
            readers++;
        } else {
            handles++;
        }
        return true;
    }

    void releaseReader() {
        synchronized (this) {
            readers--;
        }
        closeIfLast();
    }

    void releaseHandle(boolean discarded) {
        synchronized (this) {
            handles--;
            if (discarded) {
                uninterested--;
            }
        }
        closeIfLast();
    }

    /** Q3: one handle gives up its interest; with the last one the bytes are dropped. */
    synchronized void discard() {
        uninterested++;
        drop = uninterested == handles && readers == 0;
    }

    Optional<StagingFiller> fill() {
        StagingFiller created;
        synchronized (this) {
            if (filler != null || committing || closing || stage.isGone()) {
                return Optional.empty();
            }
            created = new StagingFiller(this, stage);
            filler = created;
        }
        failure = null;
        part.mend();
        return Optional.of(created);
    }

    synchronized boolean isFilling() {
        return filler != null;
    }

    void releaseFiller() {
        synchronized (this) {
            filler = null;
            demandListener = null;
        }
        waiters.wakeAll();
        closeIfLast();
    }

    private void closeIfLast() {
        synchronized (this) {
            if (closing || handles > 0 || readers > 0 || filler != null) {
                return;
            }
            closing = true;
        }
        stage.close(this);
        closed.complete(null);
    }

    void awaitClosed() {
        closed.join();
    }

    /** Whether the bytes are to be removed at the end: nobody wants them, or there are none. */
    synchronized boolean isDropped() {
        return published == null && (drop || (kept == null && part.downloaded() == 0));
    }

    // --- reading ---

    Await await(Range range, Duration most) throws DownloadException, InterruptedException {
        long nanos;
        try {
            nanos = Math.min(LONGEST_WAIT, most.toNanos());
        } catch (ArithmeticException e) {
            nanos = LONGEST_WAIT;
        }
        var result = waiters.await(nanos, waiter -> look(range, waiter));
        return result == null ? Await.TIMEOUT : result;
    }

    private @Nullable Await look(Range range, Waiters.Waiter waiter) throws DownloadException {
        while (true) {
            var length = part.identity().length();
            if (length >= 0 && range.from() >= length) {
                return Await.END;
            }
            var to = length >= 0 ? Math.min(length, range.to()) : range.to();
            var end = part.endOfRunAt(range.from());
            if (end >= to) {
                return Await.PRESENT;
            }
            var error = failure;
            if (error != null) {
                throw Disk.again(error);
            }
            waiter.misses(end);
            if (part.endOfRunAt(end) == end) {
                return null;
            }
        }
    }

    /** Wakes all waiting readers with an error, until somebody fills again. */
    void fail(DownloadException error) {
        failure = error;
        waiters.wakeAll();
    }

    // --- demand ---

    void demand(Range range) {
        synchronized (this) {
            var grown = demanded.plus(range.from(), range.to());
            if (grown.equals(demanded)) {
                return;
            }
            demanded = grown;
        }
        var listener = demandListener;
        if (listener != null) {
            listener.run();
        }
    }

    /** What is wanted and not there. */
    synchronized RangeSet demands() {
        for (var range : part.present().ranges()) {
            demanded = demanded.minus(range.from(), range.to());
        }
        var length = part.identity().length();
        if (length >= 0) {
            demanded = demanded.minus(length, Long.MAX_VALUE);
        }
        return demanded;
    }

    void onDemand(Runnable listener) {
        demandListener = listener;
    }

    // --- changing what it is about ---

    /** P4: looks for room before the first byte, then keeps the identity. */
    void identify(Identity identity) throws DownloadException {
        var known = part.identity();
        var length = identity.length() >= 0 ? identity.length() : known.length();
        if (known.length() >= 0 && known.length() != length) {
            throw new IllegalArgumentException(
                    "The length was " + known.length() + " and cannot become " + length);
        }
        var present = part.present();
        if (length >= 0 && !present.minus(0, length).isEmpty()) {
            throw new IllegalArgumentException(
                    "There are bytes behind the length " + length + ": " + present);
        }
        stage.requireRoom(this, length);
        part.identify(identity.withLength(length));
    }

    /** The source changed: the older version stays until the newer is whole. */
    void restart(Identity identity) throws DownloadException {
        var old = part;
        if (old.hasLanes()) {
            throw new IllegalStateException("A lane is still open");
        }
        var folder = stage.layout().staged(key);
        try {
            if (!revive(folder, old, identity)) {
                supersede(folder, old, identity);
            }
        } catch (IOException e) {
            throw Disk.error(e, folder, "The download cannot begin again in " + folder);
        }
        published = null;
        waiters.wakeAll();
        stage.requireRoom(this, identity.length());
    }

    /** If the change was an error page, the older version is the right one again. */
    private boolean revive(Path folder, Part old, Identity identity) throws IOException {
        var candidate = keptVersion();
        if (candidate == null || !sameVersion(candidate.identity(), identity)) {
            return false;
        }
        var request = new IngestRequest(source, cipher);
        var revived = Part.load(folder, candidate.number(), request, around);
        setKept(null);
        if (revived == null) {
            return false;
        }
        part = revived;
        old.delete();
        revived.hash();
        return true;
    }

    private void supersede(Path folder, Part old, Identity identity)
            throws IOException, DownloadException {
        var worthKeeping = keptVersion() == null && published == null && old.downloaded() > 0;
        if (worthKeeping) {
            old.checkpoint();
        }
        Files.createDirectories(folder);
        part = Part.create(folder, old.number() + 1, source, identity, cipher, around);
        if (worthKeeping) {
            setKept(new Kept(old.number(), old.identity()));
            old.close();
        } else {
            old.delete();
        }
    }

    /** The bytes proved wrong: begins again with nothing. */
    void dropBytes() throws IOException {
        var folder = stage.layout().staged(key);
        var old = part;
        old.close();
        Disk.removeFolder(folder);
        setKept(null);
        Files.createDirectories(folder);
        part = Part.create(folder, 1, source, Identity.UNKNOWN, cipher, around);
        waiters.wakeAll();
    }

    private synchronized @Nullable Kept keptVersion() {
        return kept;
    }

    private synchronized void setKept(@Nullable Kept version) {
        kept = version;
    }

    private static boolean sameVersion(Identity one, Identity other) {
        if (one.length() != other.length()) {
            return false;
        }
        var a = one.validator();
        var b = other.validator();
        if (a.strongEtag() != null || b.strongEtag() != null) {
            return a.strongEtag() != null && a.strongEtag().equals(b.strongEtag());
        }
        return a.isStrong() && b.isStrong() && a.equals(b);
    }

    // --- commit ---

    /** Waits for another commit of the same bytes, then keeps fillers out. */
    void beginCommit() throws InterruptedException {
        synchronized (this) {
            while (committing) {
                wait();
            }
            if (filler != null) {
                throw new IllegalStateException("The filler must be closed before the commit");
            }
            committing = true;
        }
    }

    void endCommit() {
        synchronized (this) {
            committing = false;
            notifyAll();
        }
        waiters.wakeAll();
    }

    /**
     * The bytes are content now; readers go over to it.
     *
     * @param whenClosed ends the protection from eviction that the handles give it
     */
    void publish(Content content, Runnable whenClosed) {
        published = content;
        closed.thenRun(whenClosed);
        waiters.wakeAll();
    }

    /** H2a: checkpoints and closes under everybody's hands. */
    void shutDown() {
        fail(Disk.gone());
        try (var last = part) {
            if (published == null) {
                last.checkpoint();
            }
        } catch (IOException | DownloadException e) {
            stage.log("Staging of " + key + " was not checkpointed", e);
        }
        waiters.wakeAll();
    }
}
