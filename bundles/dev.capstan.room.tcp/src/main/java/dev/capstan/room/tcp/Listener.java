package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Acceptor;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the members of one room. Nobody has proven anything yet, so there is an end to how many
 * are let in: more than a room's 1,000 users and the 256 strangers that it keeps. It ends the
 * eldest of those itself; were places scarcer here, silent strangers would keep members out.
 *
 * <p>Called by the carriers, one at a time, and closed by any thread.
 */
final class Listener implements Closeable, CompletionHandler<AsynchronousSocketChannel, Void> {
    static final int MOST_CHANNELS = 1_300;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final Connections connections;
    private final AsynchronousServerSocketChannel server;
    private final Acceptor acceptor;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<RoomChannel> members = ConcurrentHashMap.newKeySet();
    private volatile Closeable announcement = () -> {};

    Listener(Connections connections, AsynchronousServerSocketChannel server, Acceptor acceptor) {
        this.connections = connections;
        this.server = server;
        this.acceptor = acceptor;
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Something that ends with it, also where it was closed just now. */
    void announcedBy(Closeable what) throws IOException {
        announcement = what;
        if (!server.isOpen()) {
            what.close();
        }
    }

    @SuppressWarnings("NullAway") // the attachment, which nobody reads
    void acceptNext() {
        if (server.isOpen()) {
            try {
                server.accept(null, this);
            } catch (RuntimeException e) {
                // It was closed in the meantime.
            }
        }
    }

    @Override
    public void completed(AsynchronousSocketChannel socket, @Nullable Void nothing) {
        try {
            if (count.incrementAndGet() > MOST_CHANNELS) {
                throw new IOException("There are " + MOST_CHANNELS + " connections already");
            }
            connections.attach(socket, this::welcome, count::decrementAndGet);
        } catch (IOException | RuntimeException e) {
            count.decrementAndGet();
            drop(socket);
        }
        acceptNext();
    }

    /** The channel ends with the listener, also where that was closed just now. */
    private Handler welcome(RoomChannel channel) {
        members.add(channel);
        if (!server.isOpen()) {
            channel.close();
        }
        var handler = acceptor.accept(channel);
        return new Handler() {
            @Override
            public void received(byte[] frame) {
                handler.received(frame);
            }

            @Override
            public void closed(String reason) {
                members.remove(channel);
                handler.closed(reason);
            }
        };
    }

    /** Such as too many open files: others may close theirs soon. */
    @Override
    public void failed(Throwable error, @Nullable Void nothing) {
        if (server.isOpen()) {
            connections.later(this::acceptNext, AFTER_FAILURE);
        }
    }

    private static void drop(AsynchronousSocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // What cannot be closed is gone.
        }
    }

    @Override
    public void close() throws IOException {
        connections.forget(this);
        announcement.close();
        server.close();
        members.forEach(RoomChannel::close);
    }
}
