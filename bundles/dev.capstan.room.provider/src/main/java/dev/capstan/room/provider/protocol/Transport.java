package dev.capstan.room.provider.protocol;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Acceptor;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls one transport and survives whatever it does (S8): each call has a thread of its own, {@code
 * capstan-room-SCHEME-n}, and a deadline. A call that ignores its interrupt is abandoned; with two
 * of them hanging, no more are made. Safe for any number of threads.
 */
public final class Transport implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Transport.class.getName());

    /** Longer than the 10 s within which a transport connects or gives up. */
    private static final Duration CALL = Duration.ofSeconds(15);

    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int ABANDONED_MOST = 2;
    private static final int CLOSERS = 2;
    private static final int CLOSES_WAITING = 1_024;

    private final Supplier<@Nullable RoomTransport> service;
    private final String name;
    private final Duration limit;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();
    private final ThreadPoolExecutor closers;
    private volatile boolean closed;

    /**
     * Wraps a transport.
     *
     * @param service gives the plug-in; asked on a thread of its own, since that may do anything
     * @param name what its threads are called after
     */
    public Transport(Supplier<@Nullable RoomTransport> service, String name) {
        this(service, name, CALL);
    }

    Transport(Supplier<@Nullable RoomTransport> service, String name, Duration limit) {
        this.service = service;
        this.name = name;
        this.limit = limit;
        closers =
                new ThreadPoolExecutor(
                        CLOSERS,
                        CLOSERS,
                        1,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(CLOSES_WAITING),
                        this::thread,
                        // A transport that closes nothing has used up its patience.
                        new ThreadPoolExecutor.DiscardPolicy());
        closers.allowCoreThreadTimeOut(true);
    }

    /** It did what no transport may do. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }
    }

    /** Opens a room; the caller closes it with {@link #close(Closeable)}. */
    Closeable open(URI address, Acceptor acceptor) throws IOException, Fault, InterruptedException {
        return call("open", () -> plugin().open(address, acceptor));
    }

    /** Connects; the caller closes it with {@link #close(Closeable)}. */
    RoomChannel connect(URI address, Handler handler)
            throws IOException, Fault, InterruptedException {
        return call("connect", () -> plugin().connect(address, handler));
    }

    /** Closes something of the transport, some time soon. */
    void close(Closeable closeable) {
        closers.execute(() -> closeQuietly(closeable));
    }

    /** Closes something of the transport and waits for that, but not for long. */
    void closeNow(Closeable closeable) throws InterruptedException {
        var thread = thread(() -> closeQuietly(closeable));
        thread.start();
        thread.join(CLOSE.toMillis());
    }

    boolean isClosed() {
        return closed;
    }

    /** The service went. No calls are made any more, but what is open can still be closed. */
    @Override
    public void close() {
        closed = true;
    }

    private RoomTransport plugin() throws IOException {
        var plugin = service.get();
        if (plugin == null) {
            throw new IOException("The transport " + name + " is not here any more.");
        }
        return plugin;
    }

    private <T extends Closeable> T call(String what, Callable<T> body)
            throws IOException, Fault, InterruptedException {
        if (closed) {
            throw new IOException("The transport " + name + " is not here any more.");
        }
        if (hanging.get() >= ABANDONED_MOST) {
            throw new Fault(
                    "The transport "
                            + name
                            + " hangs in "
                            + ABANDONED_MOST
                            + " calls that cannot be stopped. Restart its bundle.");
        }
        var call = new Call<>(body);
        var thread = thread(call);
        thread.start();
        try {
            if (!call.done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                call.giveUp(thread);
                throw new Fault(
                        "The transport "
                                + name
                                + " did not "
                                + what
                                + " within "
                                + limit.toSeconds()
                                + " s.");
            }
        } catch (InterruptedException e) {
            call.giveUp(thread);
            throw e;
        }
        return call.answer(what);
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (Throwable e) {
            // It is not used any more; a transport that cannot close it harms itself only.
            LOG.log(Level.DEBUG, "A transport could not close: {0}", Faults.of(e));
        }
    }

    private Thread thread(Runnable task) {
        var thread = new Thread(task, "capstan-room-" + name + "-" + calls.incrementAndGet());
        // One that cannot be stopped must not keep the process.
        thread.setDaemon(true);
        return thread;
    }

    /** One call. Its state is decided once: answered, or given up. */
    private final class Call<T extends Closeable> implements Runnable {
        private final Callable<T> body;
        private final CountDownLatch done = new CountDownLatch(1);
        private final AtomicReference<@Nullable Outcome<T>> outcome = new AtomicReference<>();

        Call(Callable<T> body) {
            this.body = body;
        }

        @Override
        public void run() {
            Outcome<T> mine;
            try {
                mine = new Outcome<>(body.call(), null);
            } catch (Throwable e) {
                mine = new Outcome<>(null, e);
            }
            if (outcome.compareAndSet(null, mine)) {
                done.countDown();
                return;
            }
            hanging.decrementAndGet();
            var late = mine.value;
            if (late != null) {
                closeQuietly(late);
            }
        }

        void giveUp(Thread thread) {
            if (outcome.compareAndSet(null, new Outcome<>(null, null))) {
                hanging.incrementAndGet();
                thread.interrupt();
            } else {
                // It answered in the last moment, and nobody wants it any more.
                var late = outcome.get();
                if (late != null && late.value != null) {
                    close(late.value);
                }
            }
        }

        T answer(String what) throws IOException, Fault, InterruptedException {
            var mine = outcome.get();
            if (mine != null && mine.value != null) {
                return mine.value;
            }
            var thrown = mine == null ? null : mine.thrown;
            if (thrown instanceof IOException) {
                // A copy: an object of the plug-in's would keep its class loader.
                throw new IOException(Faults.of(thrown));
            }
            if (thrown instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw new Fault(
                    "The transport "
                            + name
                            + " could not "
                            + what
                            + ": "
                            + (thrown == null ? "it gave nothing" : Faults.of(thrown))
                            + ".");
        }
    }

    private record Outcome<T>(@Nullable T value, @Nullable Throwable thrown) {}
}
