package dev.capstan.download.provider;

import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.spi.StoreException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Takes the calls that wait for the disk or for a run to end, and answers them by promises, from
 * threads {@code capstan-command-n}: many at once, so that the store commits them together, and
 * those for one download one after another, in the order in which they came.
 */
final class Desk {
    private static final System.Logger LOG = System.getLogger(Desk.class.getName());
    private static final int AT_ONCE = 16;
    private static final String STOPPING = "Downloads are stopping; ask again later.";

    /** What a call does. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws RefusedException, InterruptedException;
    }

    /** What waits behind a call for the same download; an entry for each that has one running. */
    private final Map<String, Queue<Call<?>>> lines = new HashMap<>();

    private final PromiseFactory promises = new PromiseFactory(PromiseFactory.inlineExecutor());
    private final ThreadPoolExecutor threads;
    private volatile boolean closed;

    Desk() {
        var count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        AT_ONCE,
                        AT_ONCE,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            var name = "capstan-command-" + count.incrementAndGet();
                            var thread = new Thread(task, name);
                            thread.setDaemon(true);
                            return thread;
                        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Does something that concerns no single download. */
    <T> Promise<T> later(Task<T> task) {
        var call = new Call<>(promises.deferred(), task);
        execute(call, call);
        return call.deferred.getPromise();
    }

    /** Does something with one download, after what was asked of it before. */
    <T> Promise<T> later(String download, Task<T> task) {
        var call = new Call<>(promises.deferred(), task);
        synchronized (lines) {
            var line = lines.get(download);
            if (line == null) {
                lines.put(download, new ArrayDeque<>());
            } else {
                line.add(call);
                return call.deferred.getPromise();
            }
        }
        execute(() -> work(download, call), call);
        return call.deferred.getPromise();
    }

    private void work(String download, Call<?> first) {
        for (Call<?> call = first; call != null; call = next(download)) {
            call.run();
        }
    }

    private @Nullable Call<?> next(String download) {
        synchronized (lines) {
            var line = lines.get(download);
            var next = line == null ? null : line.poll();
            if (next == null) {
                lines.remove(download);
            }
            return next;
        }
    }

    private void execute(Runnable work, Call<?> call) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            call.refuse();
        }
    }

    /** A promise that is kept elsewhere. */
    <T> Deferred<T> deferred() {
        return promises.deferred();
    }

    <T> Promise<List<T>> all(List<Promise<T>> calls) {
        return promises.all(calls);
    }

    /** Reads what is quickly read, on the caller's own thread. */
    <T> T read(Supplier<T> view) {
        if (closed) {
            throw new IllegalStateException(STOPPING);
        }
        try {
            return view.get();
        } catch (StoreException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Refuses what waits, and waits for what runs. */
    void close() throws InterruptedException {
        closed = true;
        threads.shutdown();
        if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }

    private final class Call<T> implements Runnable {
        private final Deferred<T> deferred;
        private final Task<T> task;

        Call(Deferred<T> deferred, Task<T> task) {
            this.deferred = deferred;
            this.task = task;
        }

        @Override
        public void run() {
            if (closed) {
                refuse();
                return;
            }
            T answer;
            try {
                answer = task.run();
            } catch (RefusedException e) {
                deferred.fail(e);
                return;
            } catch (InterruptedException e) {
                refuse();
                return;
            } catch (StoreException e) {
                deferred.fail(
                        new RefusedException(Reason.UNAVAILABLE, String.valueOf(e.getMessage())));
                return;
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "A command broke off", e);
                deferred.fail(
                        new RefusedException(
                                Reason.UNAVAILABLE,
                                "An internal error ended the call (" + e + ")."));
                return;
            }
            deferred.resolve(answer);
        }

        void refuse() {
            deferred.fail(new RefusedException(Reason.UNAVAILABLE, STOPPING));
        }
    }
}
