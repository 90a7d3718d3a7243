package dev.capstan.record.provider;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.osgi.util.promise.PromiseFactory;

/** The threads of records, and the promises that are kept on them. */
final class Threads implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Threads.class.getName());
    private static final int WORKERS = 4;
    private static final int WAITERS = 4;
    private static final long IDLE_SECONDS = 30;
    private static final long STOP_SECONDS = 3;

    private final ThreadPoolExecutor workers = pool(WORKERS, "capstan-records-");
    private final ThreadPoolExecutor waiters = pool(WAITERS, "capstan-records-waiting-");
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(named("capstan-records-clock-"));
    private final PromiseFactory promises = new PromiseFactory(workers, timer);

    /** Work that may fail. */
    interface Work {
        void run() throws InterruptedException;
    }

    PromiseFactory promises() {
        return promises;
    }

    /** Runs one thing after another. */
    Executor teller() {
        return task -> {
            if (!timer.isShutdown()) {
                timer.execute(task);
            }
        };
    }

    void run(Work work) {
        workers.execute(() -> attempt(work));
    }

    /**
     * Runs what waits for bytes from elsewhere, which may take as long as a source likes; nothing
     * else ever waits behind it.
     */
    void runWaiting(Work work) {
        if (!waiters.isShutdown()) {
            waiters.execute(() -> attempt(work));
        }
    }

    /**
     * Does something again and again.
     *
     * @param pause between an end and the next beginning, asked each time
     */
    void every(Supplier<Duration> pause, Work work) {
        try {
            timer.schedule(
                    () -> {
                        attempt(work);
                        every(pause, work);
                    },
                    pause.get().toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // Records have ended.
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        waiters.shutdownNow();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static void attempt(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Work for records failed", e);
        }
    }

    private static ThreadPoolExecutor pool(int most, String prefix) {
        var pool =
                new ThreadPoolExecutor(
                        most,
                        most,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        named(prefix));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String prefix) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
