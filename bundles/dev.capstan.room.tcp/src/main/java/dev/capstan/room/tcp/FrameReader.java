package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomTransport;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames off a stream of bytes. What a length promises is allocated as the bytes come, so
 * that a promise alone costs nothing (X2).
 *
 * <p>For one thread.
 */
final class FrameReader {
    /** In the place of a length: no frame, only the news that the other side is there. */
    static final int KEEP_ALIVE = -1;

    private static final int CHUNK = 16 << 10;

    /** Where bytes come from. */
    @FunctionalInterface
    interface Source {

        /** Blocks until there is at least one byte; negative at the end. */
        int read(ByteBuffer into) throws IOException, InterruptedException;
    }

    private final Source source;
    private final ByteBuffer buffer = ByteBuffer.allocate(CHUNK).flip();

    FrameReader(Source source) {
        this.source = source;
    }

    /**
     * The next frame, or null where the stream ended between two.
     *
     * @throws ProtocolException if a length is more than a frame may have
     * @throws EOFException if the stream ended within a frame
     */
    byte @Nullable [] next() throws IOException, InterruptedException {
        while (true) {
            if (!fill(Integer.BYTES)) {
                if (buffer.hasRemaining()) {
                    throw new EOFException("It broke off within a length");
                }
                return null;
            }
            var length = buffer.getInt();
            if (length != KEEP_ALIVE) {
                return body(length);
            }
        }
    }

    private byte[] body(int length) throws IOException, InterruptedException {
        if (length < 0 || length > RoomTransport.MAX_FRAME) {
            throw new ProtocolException(
                    "A frame of "
                            + Integer.toUnsignedString(length)
                            + " bytes is announced, and "
                            + RoomTransport.MAX_FRAME
                            + " are the most");
        }
        var body = new byte[Math.min(length, CHUNK)];
        for (var there = 0; there < length; ) {
            if (!fill(1)) {
                throw new EOFException("It broke off within a frame");
            }
            if (there == body.length) {
                body = Arrays.copyOf(body, Math.min(length, 2 * there));
            }
            var part = Math.min(buffer.remaining(), body.length - there);
            buffer.get(body, there, part);
            there += part;
        }
        return body;
    }

    /** Whether so many bytes are there before the end. */
    private boolean fill(int bytes) throws IOException, InterruptedException {
        while (buffer.remaining() < bytes) {
            buffer.compact();
            var read = source.read(buffer);
            buffer.flip();
            if (read < 0) {
                return false;
            }
        }
        return true;
    }
}
