package dev.capstan.content.file;

import dev.capstan.content.SourceKey;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All unfinished transfers. Each source has one {@link Staging} while anybody has it open, however
 * many begin it at once (P8).
 */
final class Stage implements Closeable {
    private static final System.Logger LOG = System.getLogger(Stage.class.getName());

    private final Layout layout;
    private final Space space;
    private final Workers workers;
    private final Blocks blocks = new Blocks();
    private final Steps steps;
    private final ConcurrentMap<String, CompletableFuture<Optional<Staging>>> open =
            new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Long> idleBytes = new ConcurrentHashMap<>();
    private volatile boolean gone;

    Stage(Layout layout, Space space, Workers workers, Steps steps) {
        this.layout = layout;
        this.space = space;
        this.workers = workers;
        this.steps = steps;
    }

    Layout layout() {
        return layout;
    }

    boolean isGone() {
        return gone;
    }

    /** P8: begins, goes on, or joins. */
    Staging open(IngestRequest request) throws DownloadException {
        return find(request.source(), request, false).orElseThrow();
    }

    /** Opens what there is of a source, for a reader. */
    Optional<Staging> openForReading(SourceKey source) throws DownloadException {
        return find(source, null, true);
    }

    /** Whether anybody has a source open now. */
    boolean isOpen(SourceKey source) {
        return open.containsKey(Layout.key(source));
    }

    private Optional<Staging> find(
            SourceKey source, @Nullable IngestRequest request, boolean asReader)
            throws DownloadException {
        var key = Layout.key(source);
        while (!gone) {
            var mine = new CompletableFuture<Optional<Staging>>();
            var other = open.putIfAbsent(key, mine);
            if (other == null) {
                return load(key, request, asReader, mine);
            }
            var staging = other.join();
            if (staging.isPresent()) {
                if (staging.get().acquire(asReader)) {
                    return staging;
                }
                staging.get().awaitClosed();
            }
        }
        throw Disk.gone();
    }

    private Optional<Staging> load(
            String key,
            @Nullable IngestRequest request,
            boolean asReader,
            CompletableFuture<Optional<Staging>> promise)
            throws DownloadException {
        Optional<Staging> staging = Optional.empty();
        try {
            staging =
                    Optional.ofNullable(
                            Staging.open(this, key, request, workers.hashers(), blocks, steps));
            staging.ifPresent(opened -> opened.acquire(asReader));
            if (staging.isPresent()) {
                idleBytes.remove(key);
            }
            return staging;
        } catch (IOException e) {
            throw Disk.error(
                    e, layout.staging(), "Nothing can be downloaded into " + layout.staging());
        } finally {
            if (staging.isEmpty()) {
                open.remove(key);
            }
            promise.complete(staging);
            if (gone) {
                // It came too late for close() to see it.
                staging.ifPresent(Staging::shutDown);
            }
        }
    }

    /** Nobody has it open any more. */
    void close(Staging staging) {
        var part = staging.part();
        var bytes = part.downloaded();
        try {
            part.close();
            if (staging.isDropped() && !gone) {
                Disk.removeFolder(layout.staged(staging.key()));
            } else if (staging.published() == null) {
                idleBytes.put(staging.key(), bytes);
            }
        } catch (IOException e) {
            log("Staging of " + staging.key() + " was not closed well", e);
        }
        open.remove(staging.key());
    }

    /** Which bytes are there, whether or not somebody has them open. */
    RangeSet present(String key) {
        var future = open.get(key);
        if (future != null) {
            // Where it is only being opened or dropped, its files are somebody else's.
            return future.getNow(Optional.empty())
                    .map(staging -> staging.part().present())
                    .orElse(RangeSet.EMPTY);
        }
        try {
            return PartFiles.claimed(layout.staged(key));
        } catch (IOException e) {
            log("Staging of " + key + " cannot be looked at", e);
            return RangeSet.EMPTY;
        }
    }

    /** Q3: drops what is there, unless somebody has it open. */
    void discard(String key) {
        var mine = new CompletableFuture<Optional<Staging>>();
        if (gone || open.putIfAbsent(key, mine) != null) {
            return;
        }
        try {
            Disk.removeFolder(layout.staged(key));
            idleBytes.remove(key);
        } catch (IOException e) {
            log("Staging of " + key + " was not dropped", e);
        } finally {
            open.remove(key);
            mine.complete(Optional.empty());
        }
    }

    /** P1: wakes whoever waits for bytes that nobody fetches any more. */
    void fail(String key, DownloadException error) {
        var future = open.get(key);
        if (future != null) {
            future.getNow(Optional.empty()).ifPresent(staging -> staging.failUnlessFilling(error));
        }
    }

    /** Counts what an earlier run left, and drops what nobody has touched since an instant. */
    void sweep(Instant untouchedSince) throws IOException {
        for (var folder : Disk.list(layout.staging())) {
            var key = folder.getFileName().toString();
            if (!Layout.isHex(key) || open.containsKey(key)) {
                continue;
            }
            if (lastTouched(folder).isBefore(untouchedSince)) {
                discard(key);
            } else if (!idleBytes.containsKey(key)) {
                idleBytes.put(key, PartFiles.claimedBytes(folder));
                if (open.containsKey(key)) {
                    idleBytes.remove(key);
                }
            }
        }
    }

    private static Instant lastTouched(Path folder) throws IOException {
        var touched = Instant.EPOCH;
        for (var file : Disk.list(folder)) {
            var modified = Files.getLastModifiedTime(file).toInstant();
            touched = modified.isAfter(touched) ? modified : touched;
        }
        return touched;
    }

    /** Bytes of all that is unfinished. */
    long bytes() {
        return idleBytes.values().stream().mapToLong(Long::longValue).sum()
                + opened().mapToLong(staging -> staging.part().downloaded()).sum();
    }

    /**
     * P4: whether there is room for the rest of this one and of all that are being filled. One that
     * claims more than the whole volume will not be kept, and must not cost the others their room.
     */
    void requireRoom(Staging staging, long length) throws DownloadException {
        var most = space.most();
        var others =
                opened().filter(other -> other != staging && other.isFilling())
                        .mapToLong(other -> missing(other, other.part().identity().length()))
                        .filter(claim -> claim <= most)
                        .sum();
        var missing = missing(staging, length);
        var plainCopy = staging.cipher() != null ? Math.max(0, length) : 0;
        if (length < 0 || missing + plainCopy > 0) {
            space.require(missing, plainCopy, others);
        }
    }

    private static long missing(Staging staging, long length) {
        return Math.max(0, length - staging.part().downloaded());
    }

    private Stream<Staging> opened() {
        return open.values().stream()
                .map(future -> future.getNow(Optional.empty()))
                .filter(Objects::nonNull)
                .flatMap(Optional::stream);
    }

    Future<?> everySecond(Runnable task) {
        return workers.checkpoints().scheduleWithFixedDelay(task, 1, 1, TimeUnit.SECONDS);
    }

    void log(String message, Exception cause) {
        LOG.log(gone ? Level.DEBUG : Level.WARNING, message, cause);
    }

    /** H2a: checkpoints and closes everything, whoever has it open. */
    @Override
    public void close() {
        gone = true;
        opened().forEach(Staging::shutDown);
    }
}
