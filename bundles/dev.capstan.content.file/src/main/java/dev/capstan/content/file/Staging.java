package dev.capstan.content.file;

import dev.capstan.content.Content;
import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest.Await;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.Range;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the handles, the readers and the filler of one source share while any of them is open.
 *
 * <p><b>Locks</b>: {@code this} guards counts and flags, never I/O.
 */
final class Staging {
    private static final long LONGEST_WAIT = Duration.ofDays(3650).toNanos();

    private final Stage stage;
    private final String key;
    private final Versions versions;
    private final Waiters waiters;
    private final Demands demands = new Demands();
    private final Audience audience = new Audience(demands::changed);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable DownloadException failure;
    private volatile @Nullable Content published;

    private int handles;
    private int uninterested;
    private int readers;
    private boolean filling;
    private boolean committing;
    private boolean closing;
    private boolean discarded;

    private Staging(Stage stage, String key, Versions versions, Waiters waiters) {
        this.stage = stage;
        this.key = key;
        this.versions = versions;
        this.waiters = waiters;
    }

    /**
     * Opens what there is of a source.
     *
     * @param request what to begin if nothing is there; null for nothing
     * @return null if nothing is there and nothing was to begin
     */
    static @Nullable Staging open(
            Stage stage,
            String key,
            @Nullable IngestRequest request,
            Executor hashers,
            Blocks blocks,
            Steps steps)
            throws IOException {
        var waiters = new Waiters();
        var around = new Part.Surroundings(waiters, hashers, blocks, steps, BootId.CURRENT);
        var versions = Versions.open(stage.layout().staged(key), request, around);
        if (versions == null) {
            return null;
        }
        versions.current().hash();
        return new Staging(stage, key, versions, waiters);
    }

    String key() {
        return key;
    }

    SourceKey source() {
        return versions.request().source();
    }

    @Nullable CipherSpec cipher() {
        return versions.request().cipher();
    }

    Part part() {
        return versions.current();
    }

    Waiters waiters() {
        return waiters;
    }

    Demands demands() {
        return demands;
    }

    Audience audience() {
        return audience;
    }

    /** What the bytes became, or null. */
    @Nullable Content published() {
        return published;
    }

    @Nullable DownloadException failure() {
        return failure;
    }

    /** Whether a source has answered, or bytes are here. */
    boolean hasBegun() {
        return !part().identity().equals(Identity.UNKNOWN) || !versions.isEmpty();
    }

    // --- who has it open ---

    /** Joins; false if it is being closed. */
    synchronized boolean acquire(boolean asReader) {
        if (closing) {
            return false;
        }
        discarded = false;
        if (asReader) {
            readers++;
        } else {
            // Whoever comes for the bytes means to go on; what ended others is over.
            failure = null;
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

    void releaseHandle(boolean hadDiscarded) {
        synchronized (this) {
            handles--;
            if (hadDiscarded) {
                uninterested--;
            }
        }
        if (!mayBeCommitted() && published == null && !isDropped() && part().isWhole()) {
            checkpoint();
        }
        closeIfLast();
    }

    /** Whether anybody is here who can commit, which syncs what is whole once more. */
    synchronized boolean mayBeCommitted() {
        return handles > 0;
    }

    /** P2: syncs and claims what is there; where that fails the transfer hears of it otherwise. */
    void checkpoint() {
        try {
            part().checkpoint();
        } catch (DownloadException e) {
            // The lanes fail on the same disk, and tell the transfer.
            stage.log("Staging of " + key + " was not checkpointed", e);
        }
    }

    /** Q3: a handle gives up its interest; with the last interest the bytes are dropped. */
    synchronized void discard() {
        uninterested++;
        discarded = uninterested == handles && readers == 0;
    }

    Optional<StagingFiller> fill() {
        synchronized (this) {
            if (filling || committing || closing || stage.isGone()) {
                return Optional.empty();
            }
            filling = true;
        }
        failure = null;
        part().mend();
        return Optional.of(new StagingFiller(this, stage));
    }

    synchronized boolean isFilling() {
        return filling;
    }

    void releaseFiller() {
        demands.onChange(null);
        synchronized (this) {
            filling = false;
        }
        waiters.wakeAll();
        closeIfLast();
    }

    private void closeIfLast() {
        synchronized (this) {
            if (closing || handles > 0 || readers > 0 || filling) {
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

    /** Whether nothing is to be left: nobody wants the bytes, or there are none. */
    synchronized boolean isDropped() {
        return published == null && (discarded || versions.isEmpty());
    }

    // --- waiting ---

    Await await(Range range, Duration most) throws DownloadException, InterruptedException {
        var nanos = most.compareTo(Duration.ofDays(3650)) < 0 ? most.toNanos() : LONGEST_WAIT;
        var result = waiters.await(this, nanos, waiter -> look(range, waiter));
        return result == null ? Await.TIMEOUT : result;
    }

    private @Nullable Await look(Range range, Waiters.Waiter waiter) throws DownloadException {
        while (true) {
            var part = part();
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

    /** The same, where nobody is filling. */
    void failUnlessFilling(DownloadException error) {
        synchronized (this) {
            if (filling || committing || published != null) {
                return;
            }
            failure = error;
        }
        waiters.wakeAll();
    }

    // --- what it is about ---

    /** P4: looks for room before the first byte, then keeps the identity. */
    void identify(Identity identity) throws DownloadException {
        var known = part().identity().length();
        var length = identity.length() >= 0 ? identity.length() : known;
        if (known >= 0 && known != length) {
            throw new IllegalArgumentException(
                    "The length was " + known + " and cannot become " + length);
        }
        if (length >= 0 && !part().present().minus(0, length).isEmpty()) {
            throw new IllegalArgumentException("There are bytes behind the length " + length);
        }
        stage.requireRoom(this, length);
        part().identify(identity.withLength(length));
    }

    void restart(Identity identity) throws DownloadException {
        try {
            versions.restart(identity, published == null);
        } catch (IOException e) {
            throw Disk.error(e, stage.layout().staging(), "The download cannot begin again");
        }
        published = null;
        waiters.wakeAll();
        stage.requireRoom(this, identity.length());
    }

    /** The bytes proved wrong. */
    void dropBytes() throws IOException {
        versions.drop();
        waiters.wakeAll();
    }

    // --- commit ---

    /** Waits for another commit of the same bytes, then keeps fillers out. */
    synchronized void beginCommit() throws InterruptedException {
        while (committing) {
            wait();
        }
        if (filling) {
            throw new IllegalStateException("The filler must be closed before the commit");
        }
        committing = true;
    }

    synchronized void endCommit() {
        committing = false;
        notifyAll();
    }

    /**
     * The bytes are content now; readers go over to it.
     *
     * @param whenClosed ends the protection from eviction that the handles give it
     */
    void publish(Content content, Runnable whenClosed) {
        published = content;
        var unused = closed.thenRun(whenClosed);
        waiters.wakeAll();
    }

    /** H2a: checkpoints and closes under everybody's hands. */
    void shutDown() {
        fail(Disk.gone());
        try (var last = part()) {
            if (published == null) {
                last.checkpoint();
            }
        } catch (IOException | DownloadException e) {
            stage.log("Staging of " + key + " was not checkpointed", e);
        }
        waiters.wakeAll();
    }
}
