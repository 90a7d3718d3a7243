package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls one host's plug-in and survives whatever it does (S8). Calls run on threads of their own,
 * {@code capstan-host-ID-n}, a few at once, each with a deadline at which it is interrupted. A call
 * that ignores that is abandoned; with two of them hanging, no more are made. However it ends for
 * its caller, a call keeps its place until the plug-in's code has ended: so a plug-in's service
 * costs at most {@value #AT_ONCE} threads, even if all its calls hang at once.
 *
 * <p>Closed when the plug-in's service goes: running calls are interrupted and none is made after
 * (H3). The service that comes after it begins with places of its own. Safe for any thread.
 */
final class HostCalls implements AutoCloseable {
    static final int AT_ONCE = 8;
    static final int ABANDONED_MOST = 2;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_MESSAGE = 500;

    private final String host;
    private final String bundle;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads;
    private volatile boolean closed;

    HostCalls(String host, String bundle) {
        this.host = host;
        this.bundle = bundle;
        var count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        // Bounded by the places; a thread that has just answered is still busy.
                        0,
                        Integer.MAX_VALUE,
                        5,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        task -> {
                            var name = "capstan-host-" + host + "-" + count.incrementAndGet();
                            var thread = new Thread(task, name);
                            // One that cannot be stopped must not keep the process.
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /**
     * Makes a call.
     *
     * @throws DownloadException what the plug-in threw, or of class HOST if it threw something
     *     else, gave nothing, or gave nothing in time
     * @throws Stopped if the plug-in went
     * @throws InterruptedException if the caller was interrupted; so was the call then
     */
    <T> T call(Callable<T> plugin, Duration limit)
            throws DownloadException, InterruptedException, Stopped {
        var end = System.nanoTime() + limit.toNanos();
        var call = begin(plugin, limit);
        try {
            var answer = call.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                throw failure("gave no answer");
            }
            return answer;
        } catch (TimeoutException e) {
            call.stop();
            throw late(limit);
        } catch (InterruptedException e) {
            call.stop();
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof DownloadException error ? error : failure("failed");
        } catch (CancellationException e) {
            throw new Stopped(Stop.HOST_GONE);
        }
    }

    /** Waits for a place, and has the call run. */
    private <T> Call<T> begin(Callable<T> plugin, Duration limit)
            throws DownloadException, InterruptedException, Stopped {
        refuseIfHanging();
        if (!places.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            refuseIfHanging();
            throw late(limit);
        }
        var call = new Call<>(() -> guarded(plugin));
        calls.add(call);
        var runs = false;
        try {
            // What held the place until now may hang elsewhere.
            refuseIfHanging();
            threads.execute(call);
            runs = true;
            return call;
        } catch (RejectedExecutionException e) {
            throw new Stopped(Stop.HOST_GONE);
        } finally {
            if (!runs) {
                call.over();
            }
        }
    }

    /** How many calls were told to stop and have not. */
    int abandoned() {
        var now = System.nanoTime();
        return (int) calls.stream().filter(call -> call.isAbandoned(now)).count();
    }

    boolean areNone() {
        return calls.isEmpty();
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdown();
        calls.forEach(Call::stop);
    }

    private void refuseIfHanging() throws DownloadException, Stopped {
        if (closed) {
            throw new Stopped(Stop.HOST_GONE);
        }
        var hanging = abandoned();
        if (hanging >= ABANDONED_MOST) {
            throw failure(
                    "hangs in "
                            + hanging
                            + " calls that cannot be stopped. Restart its bundle "
                            + bundle);
        }
    }

    private DownloadException late(Duration limit) {
        return failure("did not answer within " + limit.toSeconds() + " s");
    }

    private DownloadException failure(String what) {
        return new DownloadException(ErrorClass.HOST, "Host " + host + " " + what + ".");
    }

    /** Runs on the plug-in's thread; whatever it throws goes no further as it is. */
    private <T> T guarded(Callable<T> plugin) throws DownloadException {
        try {
            return plugin.call();
        } catch (Throwable e) {
            throw translated(e);
        }
    }

    /**
     * Copies what the plug-in threw: an object of one of its own classes would keep the bundle's
     * class loader alive, and may itself throw when it is asked.
     */
    private DownloadException translated(Throwable thrown) {
        try {
            if (thrown instanceof DownloadException error && error.getMessage() != null) {
                return new DownloadException(
                        Objects.requireNonNull(error.errorClass()),
                        sentence(error.getMessage()),
                        Objects.requireNonNull(error.detail()),
                        error.retryAfter().orElse(null),
                        null);
            }
            return failure("failed: " + sentence(thrown.toString()));
        } catch (RuntimeException | Error e) {
            return failure("failed: " + thrown.getClass().getName());
        }
    }

    private static String sentence(String foreign) {
        var text = foreign.replaceAll("\\p{Cntrl}+", " ").strip();
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
    }

    /** One call and its place; knows whether its body has really ended. */
    private final class Call<T> extends FutureTask<T> {
        private volatile long stoppedAt;

        Call(Callable<T> body) {
            super(body);
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                over();
            }
        }

        private void over() {
            calls.remove(this);
            places.release();
        }

        void stop() {
            // Never 0, which stands for a call that was not stopped.
            stoppedAt = System.nanoTime() | 1;
            cancel(true);
        }

        boolean isAbandoned(long now) {
            return stoppedAt != 0 && now - stoppedAt > GRACE_NANOS;
        }
    }
}
