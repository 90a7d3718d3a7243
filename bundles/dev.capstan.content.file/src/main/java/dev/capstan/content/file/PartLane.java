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

    private final Part part;
    private final Journal.@Nullable Slot slot;
    private final long start;
    private volatile long position;
    private volatile boolean stopped;
    private volatile boolean lost;
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
        if (stopped) {
            throw new IllegalStateException("The lane, or its filler, is closed");
        }
        part.requireWritable(lost);
        var from = position;
        var to = from + bytes.remaining();
        if (from == to) {
            return;
        }
        part.write(bytes, from, slot, start);
        position = to;
        if (lost) {
            // The claim may have been written after the others were taken back.
            part.unclaim(slot);
            part.requireWritable(true);
        }
        part.arrived(from, to);
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
        try {
            part.end(this, slot);
        } catch (DownloadException e) {
            // The transfer hears of the disk by the next write.
            LOG.log(Level.DEBUG, "A claim was not taken back: {0}", e.getMessage());
        }
    }
}
