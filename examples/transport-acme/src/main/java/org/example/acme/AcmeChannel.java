package org.example.acme;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** Frames over one socket: a length of four bytes, and so many bytes. One thread reads. */
final class AcmeChannel implements RoomChannel {
    private final SocketChannel socket;
    private final String peer;
    private final ReentrantLock sending = new ReentrantLock(true);
    private final AtomicReference<String> end = new AtomicReference<>();

    AcmeChannel(SocketChannel socket, String peer) {
        this.socket = socket;
        this.peer = peer;
    }

    static Thread thread(Runnable task, String role) {
        var thread = new Thread(task, "acme-transport-" + role);
        thread.setDaemon(true);
        return thread;
    }

    void start(Handler handler, Runnable whenOver) {
        Runnable reading =
                () -> {
                    read(handler);
                    whenOver.run();
                };
        thread(reading, "reader").start();
    }

    /** Reads the next frame only when the handler is done with this one. */
    private void read(Handler handler) {
        try (var in = new DataInputStream(Channels.newInputStream(socket))) {
            while (true) {
                var length = in.readInt();
                if (length < 0 || length > RoomTransport.MAX_FRAME) {
                    throw new IOException("A frame of " + length + " bytes is announced");
                }
                var frame = in.readNBytes(length);
                if (frame.length < length) {
                    throw new EOFException();
                }
                // Nothing more is told to whoever has closed.
                if (end.get() == null) {
                    handler.received(frame);
                }
            }
        } catch (EOFException e) {
            end("The other side closed the connection");
        } catch (IOException | RuntimeException e) {
            end(String.valueOf(e.getMessage()));
        }
        handler.closed(end.get());
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
            sending.lockInterruptibly();
            try {
                write(bytes);
            } finally {
                sending.unlock();
            }
        } catch (InterruptedException e) {
            end("A sender was interrupted");
            throw e;
        }
    }

    /** Blocks while the other side does not read; an interrupt closes the socket. */
    private void write(ByteBuffer bytes) throws IOException, InterruptedException {
        if (end.get() != null) {
            throw new IOException("The channel has ended: " + end.get());
        }
        try {
            while (bytes.hasRemaining()) {
                socket.write(bytes);
            }
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            // Half a frame may be out, so that nothing can follow it.
            end(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public String peer() {
        return peer;
    }

    /** What was sent is with the system, which delivers it. */
    @Override
    public void close() {
        end("This side closed the connection");
    }

    /** The first reason is what is told. */
    private void end(String reason) {
        end.compareAndSet(null, reason);
        try {
            socket.close();
        } catch (IOException e) {
            // What cannot be closed is gone.
        }
    }
}
