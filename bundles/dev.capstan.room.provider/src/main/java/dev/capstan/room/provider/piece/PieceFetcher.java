package dev.capstan.room.provider.piece;

import dev.capstan.content.spi.ContentStore;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.event.Topics;
import dev.capstan.name.Ulid;
import dev.capstan.room.provider.document.MatchLock;
import java.lang.System.Logger.Level;
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
 * hash, unpack and place. Whoever calls, or posts an event, only hands over.
 */
@Component(service = {Pieces.class, EventHandler.class})
@EventTopics({Topics.DOWNLOAD_STATE, Topics.DOWNLOAD_PROGRESS, Topics.DOWNLOAD_REMOVED})
public final class PieceFetcher implements Pieces, EventHandler, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PieceFetcher.class.getName());
    private static final int DISK_THREADS = 3;
    private static final long IDLE_SECONDS = 30;
    private static final long STOP_MILLIS = 1_500;

    /** Bytes of a volume that unpacking leaves free. */
    private static final long SPARE = 64 << 20;

    /** How long a link may bring nothing before the next one is tried. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration TICK = Duration.ofSeconds(1);

    private final ScheduledExecutorService desk =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "capstan-pieces"));
    private final ThreadPoolExecutor disks =
            new ThreadPoolExecutor(
                    DISK_THREADS,
                    DISK_THREADS,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    numbered("capstan-pieces-disk-"));

    private final Ulid ulids = new Ulid(InstantSource.system());
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
        disks.allowCoreThreadTimeOut(true);
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
            PieceListener listener) {
        var work =
                new Delivery(
                        new Delivery.Order(
                                new BatchRef(ulids.next(), name),
                                engine,
                                folder.toAbsolutePath().normalize(),
                                trust),
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

    /** Removes what a process that was killed has left in a folder. Called at the desk. */
    void sweep(Path folder) {
        onDisk(
                folder,
                () -> PiecePlace.left(folder),
                (left, error) -> {
                    if (left == null) {
                        LOG.log(Level.DEBUG, () -> folder + " cannot be looked through", error);
                    } else {
                        left.forEach(this::removeInTurn);
                    }
                });
    }

    private void removeInTurn(Path leftover, Path place) {
        onDisk(
                place,
                () -> {
                    Durable.remove(leftover);
                    return leftover;
                },
                (removed, error) -> {
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
