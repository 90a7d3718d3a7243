package dev.capstan.content.file;

import dev.capstan.content.spi.Filler;
import dev.capstan.download.DownloadException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes being written. A block costs two positional writes, of the bytes and of the slot;
 * it takes no lock, allocates nothing and posts nothing.
 *
 * <p><b>Threads</b>: one writes and closes; any may read the position; the filler's may {@link
 * #stop} it and the checkpointing one {@link #lose} it.
 */
final class PartLane implements Filler.Lane {
    private static final System.Logger LOG = System.getLogger(PartLane.class.getName());

    // A socket that is read in smaller steps costs more than reading back saves.
    private static final int LEAST_ROOM = 128 << 10;

    private final Part part;
    private final Journal.@Nullable Slot slot;
    private final long start;
    private volatile long position;
    private volatile boolean stopped;
    private volatile boolean lost;
    private volatile boolean closed;

    // The rest belongs to the thread that writes: a block, what of it was written, and what of it
    // was given out last.
    private @Nullable ByteBuffer block;
    private @Nullable ByteBuffer lent;
    private int filled;
    private int lentFrom;

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
        if (stopped) {
            throw new IllegalStateException("The lane, or its filler, is closed");
        }
        part.requireWritable(lost);
        var from = position;
        var to = from + bytes.remaining();
        if (from == to) {
            return;
        }
        var isLent = bytes == lent && lentFrom + bytes.position() == filled;
        part.write(bytes, from, slot, start);
        position = to;
        if (isLent) {
            filled += (int) (to - from);
        } else if (filled > 0) {
            // What follows it came from elsewhere.
            handOver(from);
        }
        if (lost) {
            // The claim may have been written after the others were taken back.
            part.unclaim(slot);
            part.requireWritable(true);
        }
        part.arrived(from, to);
    }

    @Override
    public @Nullable ByteBuffer buffer(int most) {
        if (Blocks.SIZE - filled < LEAST_ROOM) {
            handOver(position);
        }
        var room = block;
        if (room == null) {
            room = part.block(position);
            block = room;
        }
        if (room == null) {
            return null;
        }
        lentFrom = filled;
        lent = room.slice(filled, Math.min(most, Blocks.SIZE - filled));
        return lent;
    }

    /** Gives the block to the shade, with the bytes that end here. */
    private void handOver(long end) {
        var full = block;
        if (full != null) {
            part.hashFrom(full.limit(lost ? 0 : filled), end - filled);
            block = null;
            lent = null;
            filled = 0;
            if (lost) {
                // It may have been lost only while it was handed over.
                part.rehash();
            }
        }
    }

    /** Its filler is closed: nothing more is written; what was written counts. */
    void stop() {
        stopped = true;
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
        stopped = true;
        handOver(position);
        try {
            part.end(this, slot);
        } catch (DownloadException e) {
            // The transfer hears of the disk by the next write.
            LOG.log(Level.DEBUG, "A claim was not taken back: {0}", e.getMessage());
        }
    }
}
