package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Acceptor;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one transport, and their threads: one reader for each channel, two that carry
 * bytes to the system, and one that watches. There is none before the first connection.
 *
 * <p>Safe for any number of threads; its monitor guards the group and the end of it all.
 */
final class Connections implements Closeable {
    private static final int CARRIERS = 2;

    /** So many may come at once: whom the system finds no place for tries again after a second. */
    private static final int BACKLOG = 1_024;

    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofMillis(800);

    private final String name;
    private final LongSupplier clock;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final Set<FramedChannel> channels = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor watch;
    private @Nullable AsynchronousChannelGroup group;
    private boolean isClosed;

    /**
     * Makes it, without a thread.
     *
     * @param name what its threads are called
     * @param clock counts nanoseconds
     */
    Connections(String name, LongSupplier clock) {
        this.name = name;
        this.clock = clock;
        watch = new ScheduledThreadPoolExecutor(1, task -> thread(task, "watch"));
        watch.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    private Thread thread(Runnable task, String role) {
        var thread = new Thread(task, name + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private synchronized AsynchronousChannelGroup group() throws IOException {
        if (isClosed) {
            throw new IOException("The transport was stopped");
        }
        var present = group;
        if (present == null) {
            present =
                    AsynchronousChannelGroup.withFixedThreadPool(
                            CARRIERS, task -> thread(task, "carrier"));
            group = present;
            watch.scheduleWithFixedDelay(
                    this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        return present;
    }

    /** Looks which channels are still heard. */
    void look() {
        channels.forEach(FramedChannel::look);
    }

    /** Listens; the listener's own close ends it and all its channels. */
    Listener listen(SocketAddress address, Acceptor acceptor) throws IOException {
        var server = AsynchronousServerSocketChannel.open(group());
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address, BACKLOG);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        var listener = new Listener(this, server, acceptor);
        open.add(listener);
        listener.acceptNext();
        return listener;
    }

    /** Connects to one address. */
    RoomChannel connect(InetSocketAddress address, Handler handler, Duration within)
            throws IOException, InterruptedException {
        var socket = AsynchronousSocketChannel.open(group());
        try {
            socket.connect(address).get(within.toMillis(), TimeUnit.MILLISECONDS);
            return attach(socket, channel -> handler, () -> {});
        } catch (IOException | InterruptedException | RuntimeException e) {
            socket.close();
            throw e;
        } catch (TimeoutException e) {
            socket.close();
            throw new ConnectException("no answer within " + within.toMillis() + " ms");
        } catch (ExecutionException e) {
            socket.close();
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    /** Gives a connection its channel, and the channel its thread. */
    RoomChannel attach(
            AsynchronousSocketChannel socket,
            Function<RoomChannel, Handler> handler,
            Runnable whenOver)
            throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var peer = words(socket.getRemoteAddress());
        var channel = new FramedChannel(socket, peer, task -> later(task, GRACE), clock);
        channels.add(channel);
        var reader =
                thread(
                        () -> {
                            try {
                                channel.read(handler.apply(channel));
                            } finally {
                                channel.abort();
                                channels.remove(channel);
                                whenOver.run();
                            }
                        },
                        String.valueOf(count.incrementAndGet()));
        reader.start();
        return channel;
    }

    void forget(Closeable listener) {
        open.remove(listener);
    }

    /** Does it a little later, unless all has ended by then. */
    void later(Runnable task, Duration delay) {
        watch.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String words(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? new TcpAddress(internet.getAddress().getHostAddress(), internet.getPort())
                        .toString()
                : address.toString();
    }

    /** Ends all listeners and channels at once. */
    @Override
    public void close() throws IOException {
        AsynchronousChannelGroup present;
        synchronized (this) {
            isClosed = true;
            present = group;
        }
        for (var listener : open) {
            listener.close();
        }
        watch.shutdownNow();
        channels.forEach(channel -> channel.end("The transport was stopped"));
        if (present != null) {
            present.shutdownNow();
        }
    }
}
