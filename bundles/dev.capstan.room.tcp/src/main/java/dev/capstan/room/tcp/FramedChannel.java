package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ShutdownChannelGroupException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Frames over one connection, each behind its length.
 *
 * <p>One thread reads and tells the handler; any thread sends, one after another by the permit;
 * {@link #look} comes on the thread that watches all channels and never waits.
 */
final class FramedChannel implements RoomChannel {
    /** How long the other side may be silent while somebody listens to it. */
    static final Duration MOST_SILENCE = Duration.ofSeconds(60);

    /** What the system is given at once, as it copies that much outside the heap. */
    private static final int CHUNK = 64 << 10;

    private final AsynchronousSocketChannel socket;
    private final String peer;
    private final Executor later;
    private final LongSupplier clock;
    private final Semaphore permit = new Semaphore(1, true);
    private final AtomicReference<@Nullable String> end = new AtomicReference<>();

    /** Whether what still arrives is of no interest, since this side has closed. */
    private volatile boolean discards;

    /** Since when the reader waits for bytes; 0 while it does something else. */
    private volatile long waitsSince;

    /**
     * Takes a connection over.
     *
     * @param later does something when the other side had time to answer a close
     * @param clock counts nanoseconds
     */
    FramedChannel(
            AsynchronousSocketChannel socket, String peer, Executor later, LongSupplier clock) {
        this.socket = socket;
        this.peer = peer;
        this.later = later;
        this.clock = clock;
    }

    /** Tells the handler all there is, and its end; returns when the connection is gone. */
    void read(Handler handler) {
        var frames = new FrameReader(this::receive);
        try {
            for (var frame = frames.next(); frame != null; frame = frames.next()) {
                if (!discards) {
                    handler.received(frame);
                }
            }
            end("The other side closed the connection");
        } catch (IOException e) {
            end(words(e));
        } catch (InterruptedException e) {
            end("Its reader was interrupted");
        } catch (RuntimeException e) {
            end("The room failed at a frame: " + e);
        }
        handler.closed(String.valueOf(end.get()));
    }

    private int receive(ByteBuffer into) throws IOException, InterruptedException {
        waitsSince = clock.getAsLong() | 1;
        try {
            return outcome(socket.read(into));
        } finally {
            waitsSince = 0;
        }
    }

    @Override
    public void send(byte[] frame) throws IOException, InterruptedException {
        if (frame.length > RoomTransport.MAX_FRAME) {
            end("A frame of " + frame.length + " bytes was to be sent");
            throw new IOException("A frame has at most " + RoomTransport.MAX_FRAME + " bytes");
        }
        var bytes = ByteBuffer.allocate(Integer.BYTES + frame.length);
        bytes.putInt(frame.length).put(frame).flip();
        try {
            permit.acquire();
        } catch (InterruptedException e) {
            end("A sender was interrupted");
            throw e;
        }
        var ended = end.get();
        if (ended != null) {
            permit.release();
            throw new IOException("The channel has ended: " + ended);
        }
        try {
            write(bytes);
        } catch (IOException e) {
            // Half a frame may be out, so that nothing can follow it.
            end(words(e));
            throw e;
        } catch (InterruptedException e) {
            end("A sender was interrupted");
            throw e;
        } finally {
            permit.release();
        }
    }

    private void write(ByteBuffer bytes) throws IOException, InterruptedException {
        var all = bytes.limit();
        while (bytes.position() < all) {
            bytes.limit(Math.min(all, bytes.position() + CHUNK));
            try {
                outcome(socket.write(bytes));
            } catch (ShutdownChannelGroupException e) {
                throw new IOException("The transport was stopped", e);
            }
        }
    }

    private static int outcome(Future<Integer> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        }
    }

    /** Says that this side is there, and ends the channel if the other is not. */
    void look() {
        var since = waitsSince;
        if (since != 0 && clock.getAsLong() - since > MOST_SILENCE.toNanos()) {
            end("Nothing was heard for " + MOST_SILENCE.toSeconds() + " s");
        } else if (end.get() == null && permit.tryAcquire()) {
            var mark = ByteBuffer.allocate(Integer.BYTES).putInt(FrameReader.KEEP_ALIVE).flip();
            write(mark, new Marking(mark));
        }
    }

    private void write(ByteBuffer mark, Marking marking) {
        try {
            socket.write(mark, null, marking);
        } catch (RuntimeException e) {
            // Its output was closed in the meantime.
            permit.release();
        }
    }

    /** Gives the permit back when the mark is out: senders wait for it as for each other. */
    private final class Marking implements CompletionHandler<Integer, @Nullable Void> {
        private final ByteBuffer mark;

        Marking(ByteBuffer mark) {
            this.mark = mark;
        }

        @Override
        public void completed(Integer written, @Nullable Void nothing) {
            if (mark.hasRemaining()) {
                write(mark, this);
            } else {
                permit.release();
            }
        }

        @Override
        public void failed(Throwable error, @Nullable Void nothing) {
            permit.release();
            end(words(error));
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    /**
     * Closes in good order (X4): says that nothing follows, and drops what arrives until the other
     * side says so too. Bytes nobody has read would make the system tell it of a broken connection,
     * and throw away what is on its way there.
     */
    @Override
    public void close() {
        discards = true;
        if (end.compareAndSet(null, "This side closed the connection")) {
            try {
                socket.shutdownOutput();
                later.execute(this::abort);
            } catch (IOException | RuntimeException e) {
                abort();
            }
        }
    }

    /** Ends it as it stands; the first reason is what is told. */
    void end(String reason) {
        end.compareAndSet(null, reason);
        abort();
    }

    /** Closes the connection at once. */
    void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            // What cannot be closed is gone.
        }
    }

    private static String words(Throwable error) {
        var message = error.getMessage();
        return message == null || message.isBlank() ? "The connection broke: " + error : message;
    }
}
