package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.WebConfig;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The streams that run, each on a thread of its own, since it waits most of the time; and the one
 * thread that looks now and then whether their clients are still there.
 *
 * <p>Safe for any number of threads.
 */
@Component(service = Streams.class, configurationPid = WebConfig.PID)
public final class Streams {
    private static final long LOOK_SECONDS = 1;

    // Longer than until the watch has missed the clients that have gone.
    private static final int TRIES = 8;
    private static final long BETWEEN_TRIES_MILLIS = 250;

    private final Set<Stream> running = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService watch;

    /** Creates it; threads begin when they are needed. */
    @Activate
    public Streams(WebConfig config) {
        var number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        0,
                        config.maxStreams(),
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        named(() -> "capstan-stream-" + number.incrementAndGet()));
        watch = Executors.newSingleThreadScheduledExecutor(named(() -> "capstan-stream-watch"));
        watch.scheduleWithFixedDelay(
                () -> running.forEach(Stream::endIfAlone),
                LOOK_SECONDS,
                LOOK_SECONDS,
                TimeUnit.SECONDS);
    }

    /**
     * Runs a stream. Where as many run as may, it waits for a moment, since some of their clients
     * may have gone without being missed yet, and is refused after that.
     */
    void start(Stream stream) {
        start(stream, TRIES);
    }

    private void start(Stream stream, int tries) {
        if (begin(stream)) {
            return;
        }
        try {
            if (tries > 0) {
                watch.schedule(
                        () -> start(stream, tries - 1),
                        BETWEEN_TRIES_MILLIS,
                        TimeUnit.MILLISECONDS);
                return;
            }
        } catch (RejectedExecutionException e) {
            // It is being closed, so there is nothing to wait for.
        }
        stream.refuse();
    }

    private boolean begin(Stream stream) {
        try {
            threads.execute(
                    () -> {
                        running.add(stream);
                        try {
                            stream.run();
                        } finally {
                            running.remove(stream);
                        }
                    });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Deactivate
    void close() {
        watch.shutdownNow();
        threads.shutdownNow();
    }

    private static ThreadFactory named(java.util.function.Supplier<String> name) {
        return work -> {
            var thread = new Thread(work, name.get());
            thread.setDaemon(true);
            return thread;
        };
    }
}
