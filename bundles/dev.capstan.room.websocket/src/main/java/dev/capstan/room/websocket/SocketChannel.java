package dev.capstan.room.websocket;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames as binary messages of one WebSocket. A message is taken from the network only when the
 * handler is done with the one before (X3).
 *
 * <p>One thread tells the handler; any thread sends, one after another by the permit; {@link
 * #part}, {@link #heard} and {@link #ended} come on threads of the library, which never wait here;
 * {@link #look} comes on the thread that watches all channels.
 */
final class SocketChannel implements RoomChannel {
    /** How long the other side may be silent while somebody listens to it. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(60);

    /** A longer one goes in parts, so that a ping finds its way between two of them. */
    private static final int CHUNK = 64 << 10;

    private static final byte[] END = new byte[0];

    private final Wire wire;
    private final String peer;
    private final Executor later;
    private final LongSupplier clock;
    private final Semaphore permit = new Semaphore(1, true);
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();

    /** What there is of a message. Parts come one after another. */
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** Whether what still arrives is of no interest, since this side has closed. */
    private volatile boolean discards;

    /** Since when somebody listens and hears nothing; 0 while nobody listens. */
    private volatile long waitsSince;

    /**
     * Takes a WebSocket over.
     *
     * @param later does something when the other side had time to answer a close
     * @param clock counts nanoseconds
     */
    SocketChannel(Wire wire, String peer, Executor later, LongSupplier clock) {
        this.wire = wire;
        this.peer = peer;
        this.later = later;
        this.clock = clock;
    }

    /** Tells the handler all there is, and its end; returns when the connection is gone. */
    void tell(Handler handler) {
        try {
            for (var frame = next(); frame != END; frame = next()) {
                if (!discards) {
                    handler.received(frame);
                }
            }
        } catch (InterruptedException e) {
            end("Its reader was interrupted");
        } catch (RuntimeException e) {
            end("The room failed at a frame: " + e);
        }
        handler.closed(String.valueOf(end.get()));
    }

    private byte[] next() throws InterruptedException {
        heard();
        wire.demand();
        var frame = arrived.take();
        waitsSince = 0;
        return frame;
    }

    /** The other side gave a sign of life. */
    void heard() {
        waitsSince = clock.getAsLong() | 1;
    }

    /** A part of a message came; whether more is to be taken from the network. */
    boolean part(ByteBuffer part, boolean last) {
        if (message.size() + part.remaining() > RoomTransport.MAX_FRAME) {
            end("A frame has more than " + RoomTransport.MAX_FRAME + " bytes");
            return false;
        }
        var bytes = new byte[part.remaining()];
        part.get(bytes);
        message.writeBytes(bytes);
        heard();
        if (last) {
            arrived.add(message.toByteArray());
            message.reset();
        }
        return !last;
    }

    /** The other side, or the network, ended it. */
    void ended(String reason) {
        end.compareAndSet(null, reason);
        arrived.add(END);
    }

    @Override
    public void send(byte[] frame) throws IOException, InterruptedException {
        if (frame.length > RoomTransport.MAX_FRAME) {
            end("A frame of " + frame.length + " bytes was to be sent");
            throw new IOException("A frame has at most " + RoomTransport.MAX_FRAME + " bytes");
        }
        try {
            permit.acquire();
        } catch (InterruptedException e) {
            end("A sender was interrupted");
            throw e;
        }
        try {
            write(ByteBuffer.wrap(frame));
        } catch (InterruptedException e) {
            end("A sender was interrupted");
            throw e;
        } catch (ExecutionException e) {
            end("The connection broke: " + e.getCause());
            throw new IOException("The channel has ended: " + end.get(), e.getCause());
        } finally {
            permit.release();
        }
    }

    private void write(ByteBuffer frame)
            throws IOException, ExecutionException, InterruptedException {
        var all = frame.limit();
        do {
            var ended = end.get();
            if (ended != null) {
                throw new IOException("The channel has ended: " + ended);
            }
            frame.limit(Math.min(all, frame.position() + CHUNK));
            var part = frame.slice();
            frame.position(frame.limit());
            wire.send(part, frame.position() == all).get();
        } while (frame.position() < all);
    }

    /** Asks for a sign of life, and ends the channel if there was none for long. */
    void look() {
        var since = waitsSince;
        if (since != 0 && clock.getAsLong() - since > MOST_SILENCE.toNanos()) {
            end("Nothing was heard for " + MOST_SILENCE.toSeconds() + " s");
        } else if (end.get() == null) {
            wire.ping();
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    /** Closes in good order (X4): what arrives is dropped until the other side closes, too. */
    @Override
    public void close() {
        discards = true;
        if (end.compareAndSet(null, "This side closed the connection")) {
            wire.close();
            later.execute(this::cut);
        }
    }

    /** Ends it as it stands; the first reason is what is told. */
    void end(String reason) {
        end.compareAndSet(null, reason);
        cut();
    }

    private void cut() {
        wire.cut();
        arrived.add(END);
    }
}
