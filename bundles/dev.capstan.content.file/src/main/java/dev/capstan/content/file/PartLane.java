package dev.capstan.content.file;

import dev.capstan.content.spi.Filler;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes being written. A block costs two positional writes, of the bytes and of the slot,
 * and takes no lock, allocates nothing and posts nothing.
 *
 * <p><b>Threads</b>: one writes; any may read the position; the checkpointing one may {@link #lose}
 * it.
 */
final class PartLane implements Filler.Lane {
    private final Part part;
    private final Journal.@Nullable Slot slot;
    private final long start;
    private volatile long position;
    private volatile boolean lost;
    private volatile boolean ended;
    private volatile boolean closed;

    PartLane(Part part, Journal.@Nullable Slot slot, long start) {
        this.part = part;
        this.slot = slot;
        this.start = start;
        position = start;
    }

    long start() {
        return start;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void write(ByteBuffer bytes) throws DownloadException {
        if (ended) {
            throw new IllegalStateException("The lane, or its filler, is closed");
        }
        var from = position;
        var to = from + bytes.remaining();
        if (from == to) {
            return;
        }
        part.write(bytes, from, slot, start);
        position = to;
        if (lost) {
            // The claim may have been written after the others were taken back.
            unclaim();
        } else {
            part.arrived(from, to);
        }
    }

    /** Its filler is closed: nothing more is written; what was written counts. */
    void end() {
        ended = true;
    }

    /** What it wrote counts no more. */
    void lose() {
        lost = true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ended = true;
        if (lost) {
            try {
                unclaim();
            } catch (DownloadException e) {
                // The same disk has failed already, and said so.
            }
        }
        part.settle(this, slot);
    }

    private void unclaim() throws DownloadException {
        if (slot != null) {
            try {
                slot.clear();
            } catch (IOException e) {
                throw part.failed(e);
            }
        }
    }
}
