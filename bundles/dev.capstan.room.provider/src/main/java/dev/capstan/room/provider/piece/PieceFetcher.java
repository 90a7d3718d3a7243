package dev.capstan.room.provider.piece;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.name.Ulid;
import dev.capstan.room.provider.document.MatchLock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventHandler;
import org.osgi.service.event.propertytypes.EventTopics;

/**
 * Brings pieces to their folders: from the engine's folder, from the store, or through the queue
 * (R4–R6).
 *
 * <p><b>Threads</b>: one, {@code capstan-pieces}, decides everything, calls listeners and never
 * waits; so what it alone uses needs no lock. A few more, {@code capstan-pieces-disk-N}, read,
 * hash, unpack and place; {@code capstan-pieces-take-N} wait for what members give, and {@code
 * capstan-pieces-give-1} reads what they ask for. Whoever calls, or posts an event, only hands
 * over.
 */
@Component(service = {Pieces.class, EventHandler.class})
@EventTopics({Topics.DOWNLOAD_STATE, Topics.DOWNLOAD_PROGRESS, Topics.DOWNLOAD_REMOVED})
public final class PieceFetcher implements Pieces, EventHandler, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PieceFetcher.class.getName());
    private static final int DISK_THREADS = 3;
    private static final int MEMBER_THREADS = 2;
    private static final byte[] NOTHING = {};
    private static final long IDLE_SECONDS = 30;
    private static final long STOP_MILLIS = 1_500;

    /** Bytes of a volume that unpacking leaves free. */
    private static final long SPARE = 64 << 20;

    /** How long a link may bring nothing before the next one is tried. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration TICK = Duration.ofSeconds(1);

    private final ScheduledExecutorService desk =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "capstan-pieces"));
    private final ThreadPoolExecutor disks = pool(DISK_THREADS, "capstan-pieces-disk-");
    private final ThreadPoolExecutor takers = pool(MEMBER_THREADS, "capstan-pieces-take-");
    private final ThreadPoolExecutor givers = pool(1, "capstan-pieces-give-");

    private final Ulid ulids = new Ulid(InstantSource.system());
    private final ContentStore contents;
    private final Rows rows;
    private final PieceDisk disk;

    /** What follows each other at one place of the disk. Used at the desk. */
    private final Map<Path, CompletableFuture<?>> turns = new HashMap<>();

    /** Creates it in a framework. */
    @Activate
    public PieceFetcher(@Reference Downloads downloads, @Reference ContentStore contents) {
        this(downloads, contents, PATIENCE);
    }

    /**
     * Creates one.
     *
     * @param patience how long a link may bring nothing
     */
    PieceFetcher(Downloads downloads, ContentStore contents, Duration patience) {
        this.contents = contents;
        rows = new Rows(downloads, this::soon, patience);
        disk = new PieceDisk(contents, new Unpacker(SPARE));
        desk.scheduleWithFixedDelay(
                guarded(rows::look), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public PieceWork start(
            String name,
            MatchLock.Engine engine,
            List<MatchLock.Piece> pieces,
            Path folder,
            Trust trust,
            @Nullable MemberSource members,
            PieceListener listener) {
        var work =
                new Delivery(
                        new Delivery.Order(
                                new BatchRef(ulids.next(), name),
                                engine,
                                folder.toAbsolutePath().normalize(),
                                trust,
                                members),
                        pieces,
                        this,
                        listener);
        soon(work::begin);
        return work;
    }

    @Override
    public void handleEvent(Event event) {
        var isRemoved = Topics.DOWNLOAD_REMOVED.equals(event.getTopic());
        if (event.getProperty(Topics.DOWNLOADS) instanceof List<?> downloads) {
            for (var one : downloads) {
                if (one instanceof Download download && rows.isHeld(download.id())) {
                    soon(() -> rows.heard(download, isRemoved));
                }
            }
        }
    }

    /** Ends within two seconds. What the queue fetches goes on there; what is half placed goes. */
    @Deactivate
    @Override
    public void close() {
        desk.shutdownNow();
        disks.shutdownNow();
        takers.shutdownNow();
        givers.shutdownNow();
        try {
            if (!disks.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "A piece is still being placed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Rows rows() {
        return rows;
    }

    PieceDisk disk() {
        return disk;
    }

    /** Tidies what a process that was killed has left in a folder. Called at the desk. */
    void sweep(Path folder) {
        onDisk(
                folder,
                () -> PiecePlace.left(folder),
                (left, error) -> {
                    if (left == null) {
                        LOG.log(Level.DEBUG, () -> folder + " cannot be looked through", error);
                    } else {
                        left.forEach(this::tidyInTurn);
                    }
                });
    }

    private void tidyInTurn(Path leftover, Path place) {
        onDisk(
                place,
                () -> {
                    PiecePlace.tidy(leftover);
                    return leftover;
                },
                (tidied, error) -> {
                    if (error != null) {
                        LOG.log(Level.WARNING, () -> leftover + " cannot be removed", error);
                    }
                });
    }

    /** Does something at the desk, after what is to be done there already. */
    void soon(Runnable task) {
        try {
            desk.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "Too late, pieces are fetched no more");
        }
    }

    /**
     * Does something on the disk, one after another at one place. Called at the desk.
     *
     * @param then is told the result or the error, at the desk, unless it was cancelled
     * @return to cancel it
     */
    <T> Future<?> onDisk(
            Path place, Callable<T> work, BiConsumer<@Nullable T, @Nullable Throwable> then) {
        var task =
                new FutureTask<@Nullable Void>(
                        () -> {
                            T result = null;
                            Throwable error = null;
                            try {
                                result = work.call();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                                return null;
                            } catch (Exception | Error e) {
                                // Whoever waits must hear of it, whatever a library threw.
                                error = e;
                            }
                            var told = result;
                            var failed = error;
                            soon(() -> then.accept(told, failed));
                            return null;
                        });
        var before = turns.getOrDefault(place, CompletableFuture.completedFuture(null));
        var turn = before.handleAsync((done, failed) -> run(task), disks);
        turns.put(place, turn);
        turn.whenComplete((done, failed) -> soon(() -> turns.remove(place, turn)));
        return task;
    }

    /**
     * R13: fetches a piece from a member. Called at the desk.
     *
     * @param then is told what is in the store now, or the error, at the desk
     * @return to cancel it
     */
    Future<?> take(
            MemberSource source,
            String sha256,
            MemberSource.Holder holder,
            LongConsumer progress,
            BiConsumer<@Nullable Digest, @Nullable Throwable> then) {
        return takers.submit(
                () -> {
                    try {
                        var digest =
                                new MemberFetch(contents, source)
                                        .fetch(
                                                sha256,
                                                holder,
                                                ulids.next(),
                                                now -> soon(() -> progress.accept(now)));
                        soon(() -> then.accept(digest, null));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (Exception | Error e) {
                        // Whoever waits must hear of it, whatever a store threw.
                        soon(() -> then.accept(null, e));
                    }
                });
    }

    @Override
    public void read(PieceRange range, Consumer<byte[]> answer) {
        try {
            givers.execute(() -> answer.accept(bytes(range)));
        } catch (RejectedExecutionException e) {
            answer.accept(NOTHING);
        }
    }

    private byte[] bytes(PieceRange range) {
        try (var open = contents.open(Digest.sha256(range.sha256())).orElse(null)) {
            if (open == null || range.from() > open.length().orElse(-1) - range.length()) {
                return NOTHING;
            }
            var bytes = ByteBuffer.allocate(range.length());
            while (bytes.hasRemaining()) {
                if (open.read(range.from() + bytes.position(), bytes) < 0) {
                    return NOTHING;
                }
            }
            return bytes.array();
        } catch (IOException | DownloadException e) {
            LOG.log(Level.DEBUG, () -> "A member wanted what cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return NOTHING;
    }

    private static ThreadPoolExecutor pool(int threads, String prefix) {
        var pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        numbered(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static boolean run(Runnable task) {
        task.run();
        return true;
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "Work on pieces failed", e);
            }
        };
    }

    private static ThreadFactory numbered(String prefix) {
        var count = new AtomicInteger();
        return task -> daemon(task, prefix + count.incrementAndGet());
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
