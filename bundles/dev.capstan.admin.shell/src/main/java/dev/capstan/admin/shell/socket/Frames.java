package dev.capstan.admin.shell.socket;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * What follows a request on a connection, both ways: a type, a length, a payload.
 *
 * <p>The channel is used itself, since the streams the JDK makes of one cannot be read and written
 * at once. A thread that is interrupted within a write would close it, so the lock that keeps
 * frames whole also keeps interrupts out of them: it is the one lock here that is held while bytes
 * are sent, and only this connection's threads take it.
 */
final class Frames {
    static final int INPUT = 0;
    static final int INTERRUPT = 1;
    static final int ANSWER = 2;
    static final int OUTPUT = 1;
    static final int ERROR = 2;
    static final int EXIT = 3;
    static final int QUESTION = 4;

    static final int LARGEST = 65_536;

    private static final int HEADER = 5;
    private static final int BUFFER = 8192;

    private final SocketChannel channel;
    private final Object writing = new Object();

    Frames(SocketChannel channel) {
        this.channel = channel;
    }

    /** The bytes that come in; reading them is broken off by closing the channel alone. */
    DataInputStream input() {
        return new DataInputStream(new BufferedInputStream(new ChannelInput(channel)));
    }

    /** A stream of frames of one type; a flush ends a frame. */
    OutputStream output(int type) {
        return new FrameOutput(type);
    }

    /** Sends the last frame. */
    void exit(int code) throws IOException {
        var frame = ByteBuffer.allocate(HEADER + Integer.BYTES);
        send(frame.put((byte) EXIT).putInt(Integer.BYTES).putInt(code).flip());
    }

    /** Asks the client's user, who sees what is typed or not. */
    void question(String prompt, boolean hidden) throws IOException {
        var text = prompt.getBytes(StandardCharsets.UTF_8);
        var frame = ByteBuffer.allocate(HEADER + 1 + text.length);
        frame.put((byte) QUESTION).putInt(1 + text.length);
        send(frame.put((byte) (hidden ? 1 : 0)).put(text).flip());
    }

    /** Interrupts a thread, but not while it sends a frame. */
    void interrupt(Thread thread) {
        synchronized (writing) {
            thread.interrupt();
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        synchronized (writing) {
            var interrupted = Thread.interrupted();
            try {
                while (frame.hasRemaining()) {
                    channel.write(frame);
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private final class FrameOutput extends OutputStream {
        private final ByteBuffer frame = ByteBuffer.allocate(HEADER + BUFFER);
        private final byte type;

        FrameOutput(int type) {
            this.type = (byte) type;
            frame.position(HEADER);
        }

        @Override
        public void write(int b) throws IOException {
            if (!frame.hasRemaining()) {
                flush();
            }
            frame.put((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; ) {
                if (!frame.hasRemaining()) {
                    flush();
                }
                var count = Math.min(frame.remaining(), length - done);
                frame.put(bytes, offset + done, count);
                done += count;
            }
        }

        @Override
        public void flush() throws IOException {
            if (frame.position() == HEADER) {
                return;
            }
            frame.flip();
            frame.put(0, type).putInt(1, frame.limit() - HEADER);
            try {
                send(frame);
            } finally {
                frame.clear().position(HEADER);
            }
        }
    }

    private static final class ChannelInput extends InputStream {
        private final SocketChannel channel;

        ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }
}
