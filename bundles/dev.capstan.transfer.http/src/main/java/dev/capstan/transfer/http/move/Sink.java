package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the bytes of one answer go: what is missing is written, what is there already is compared.
 * Used by one thread.
 */
final class Sink implements AutoCloseable {
    // What one write covers is what a kill can cost (P2).
    private static final int MOST_WRITE = 512 << 10;

    private final Filler filler;
    private final Ingest ingest;
    private final RangeSet present;
    private Filler.@Nullable Lane lane;
    private @Nullable ByteBuffer there;
    private long next;
    private boolean wrote;

    /**
     * A sink.
     *
     * @param from where its first byte goes
     * @param present what is to be compared; empty where nothing will come twice
     */
    Sink(Filler filler, Ingest ingest, long from, RangeSet present) {
        this.filler = filler;
        this.ingest = ingest;
        this.present = present;
        next = from;
    }

    /** Whether anything was missing that is there now. */
    boolean hasWritten() {
        return wrote;
    }

    /** Memory to receive the next bytes into, of the lane that will write them; null for any. */
    @Nullable ByteBuffer buffer(int most) {
        // Only where one lane takes all: it may not be closed before its memory is written.
        return present.isEmpty() ? laneAt(next).buffer(most) : null;
    }

    /**
     * Takes bytes that follow a position.
     *
     * @return whether those that are there already are equal; if not, none after them was written
     */
    boolean accept(long position, ByteBuffer bytes) throws DownloadException {
        var at = position;
        while (bytes.hasRemaining()) {
            var end = present.endOfRunAt(at);
            if (end > at) {
                var count = (int) Math.min(bytes.remaining(), end - at);
                if (!isEqual(at, bytes.slice(bytes.position(), count))) {
                    return false;
                }
                bytes.position(bytes.position() + count);
                at += count;
            } else {
                var gap = present.firstAtOrAfter(at).orElse(Long.MAX_VALUE) - at;
                var count = (int) Math.min(Math.min(bytes.remaining(), gap), MOST_WRITE);
                var limit = bytes.limit();
                var upTo = bytes.position() + count;
                laneAt(at).write(bytes.limit(upTo));
                bytes.limit(limit).position(upTo);
                wrote = true;
                at += count;
            }
        }
        next = at;
        return true;
    }

    private Filler.Lane laneAt(long position) {
        var current = lane;
        if (current == null || current.position() != position) {
            close();
            current = filler.lane(position);
            lane = current;
        }
        return current;
    }

    private boolean isEqual(long position, ByteBuffer bytes) throws DownloadException {
        var buffer = there;
        if (buffer == null || buffer.capacity() < bytes.remaining()) {
            buffer = ByteBuffer.allocate(Math.max(64 << 10, bytes.remaining()));
            there = buffer;
        }
        buffer.clear().limit(bytes.remaining());
        while (buffer.hasRemaining()) {
            if (ingest.read(position + buffer.position(), buffer) == 0) {
                return false;
            }
        }
        return buffer.flip().equals(bytes);
    }

    @Override
    public void close() {
        if (lane != null) {
            lane.close();
            lane = null;
        }
    }
}
