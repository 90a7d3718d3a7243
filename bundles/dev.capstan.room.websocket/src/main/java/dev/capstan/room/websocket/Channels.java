package dev.capstan.room.websocket;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * All channels of the transport, and their threads: one for each, which tells its handler, and one
 * that watches them all. Safe for any number of threads.
 */
final class Channels {
    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofMillis(800);

    private final Set<SocketChannel> channels = ConcurrentHashMap.newKeySet();
    private final LongSupplier clock;
    private final AtomicInteger count = new AtomicInteger();
    private final ScheduledThreadPoolExecutor watch =
            new ScheduledThreadPoolExecutor(1, task -> thread(task, "watch"));

    Channels(LongSupplier clock) {
        this.clock = clock;
        watch.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    static Thread thread(Runnable task, String role) {
        var thread = new Thread(task, "capstan-room-ws-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /** Looks which channels are still heard. */
    void look() {
        channels.forEach(SocketChannel::look);
    }

    /** A channel of a WebSocket, which begins with {@link #start}. */
    SocketChannel channel(Wire wire, String peer) {
        return new SocketChannel(wire, peer, this::later, clock);
    }

    /** Begins to tell what a channel hears. */
    void start(SocketChannel channel, Function<RoomChannel, Handler> handler, Runnable whenOver) {
        channels.add(channel);
        // The first one starts the watch; later ones find it there.
        if (count.incrementAndGet() == 1) {
            watch.scheduleWithFixedDelay(
                    this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        Runnable telling =
                () -> {
                    try {
                        channel.tell(handler.apply(channel));
                    } finally {
                        channel.end("The room failed");
                        channels.remove(channel);
                        whenOver.run();
                    }
                };
        thread(telling, String.valueOf(count.get())).start();
        if (watch.isShutdown()) {
            channel.end("The transport was stopped");
        }
    }

    /** Does it when the other side had time to answer a close. */
    void later(Runnable task) {
        watch.schedule(task, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends them all. */
    void close() {
        watch.shutdownNow();
        channels.forEach(channel -> channel.end("The transport was stopped"));
    }
}
