package dev.capstan.download.provider;

import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.spi.StoreException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Takes the calls that wait for the disk or for a run to end, and answers them by promises, from
 * threads {@code capstan-command-n}: many at once, so that the store commits them together.
 */
final class Desk {
    private static final System.Logger LOG = System.getLogger(Desk.class.getName());
    private static final int AT_ONCE = 16;

    /** What a call does. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws RefusedException, InterruptedException;
    }

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

    <T> Promise<T> later(Task<T> task) {
        var call = new Call<>(promises.deferred(), task);
        try {
            threads.execute(call);
        } catch (RejectedExecutionException e) {
            call.refuse();
        }
        return call.deferred.getPromise();
    }

    <T> Promise<List<T>> all(List<Promise<T>> calls) {
        return promises.all(calls);
    }

    /** Refuses what would read a store that is going. */
    void checkOpen() {
        if (closed) {
            throw new IllegalStateException(STOPPING);
        }
    }

    /** Refuses what waits, and waits for what runs. */
    void close() throws InterruptedException {
        closed = true;
        for (var waiting : threads.shutdownNow()) {
            ((Call<?>) waiting).refuse();
        }
        if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
            LOG.log(System.Logger.Level.WARNING, "A command does not end");
        }
    }

    private static final String STOPPING = "Downloads are stopping; ask again later.";

    private record Call<T>(Deferred<T> deferred, Task<T> task) implements Runnable {

        @Override
        public void run() {
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
