package dev.capstan.content.file;

import dev.capstan.content.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 in the shade of the transfer: follows the unbroken run of bytes from the first one and
 * reads them back from the page cache. That costs a copy, and leaves the transfer's thread to the
 * network; hashed by that thread itself, one connection took twice the time. Its state lives in
 * memory only; after a restart what is there is hashed once more.
 *
 * <p>It holds no thread while it has nothing to do: the lane that carries the front over the next
 * {@value #STEP} bytes, or ends, puts it on the pool again, and after {@value #TURN} bytes it lets
 * others have a turn.
 *
 * <p><b>Threads</b>: lanes call {@link #advanced}; whoever holds the turn, a thread of the pool or
 * the committing one, hashes.
 */
final class Shade implements Runnable {
    /** A wake-up costs microseconds, these bytes some milliseconds of hashing. */
    private static final long STEP = 4 << 20;

    private static final long TURN = 64 << 20;

    private final DiskFile data;
    private final LongUnaryOperator endOfRunAt;
    private final Executor pool;
    private final MessageDigest digest = Digests.start(Digest.SHA_256);
    private final Semaphore turn = new Semaphore(1);
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile long next = STEP;
    private volatile boolean wanted;

    // The rest belongs to whoever has the turn.
    private @Nullable ByteBuffer block;
    private @Nullable Digest result;
    private long hashed;

    /**
     * Creates the shade of one data file.
     *
     * @param endOfRunAt gives the first byte that is not there, from a position on
     */
    Shade(DiskFile data, LongUnaryOperator endOfRunAt, Executor pool) {
        this.data = data;
        this.endOfRunAt = endOfRunAt;
        this.pool = pool;
    }

    /** A lane wrote these bytes. */
    void advanced(long from, long to) {
        var awaited = next;
        if (from < awaited && awaited <= to) {
            wake();
        }
    }

    /** A lane ended, or there are bytes from before: less than a block is left to the commit. */
    void settled() {
        var reached = next - STEP;
        if (endOfRunAt.applyAsLong(reached) - reached >= Digests.BLOCK) {
            wake();
        }
    }

    private void wake() {
        if (!wanted && queued.compareAndSet(false, true)) {
            pool.execute(this);
        }
    }

    @Override
    public void run() {
        queued.set(false);
        // Whoever has the turn looks at the front once more after giving it back.
        if (!turn.tryAcquire()) {
            return;
        }
        long reached;
        try {
            follow();
        } catch (IOException | InterruptedException e) {
            // Commit comes upon the same error and tells it; until then the bytes are only unread.
            return;
        } finally {
            reached = hashed;
            turn.release();
        }
        next = reached + STEP;
        if (endOfRunAt.applyAsLong(reached) >= next) {
            wake();
        }
    }

    /** Hashes the rest of a complete file on the calling thread. */
    Digest finish(long length) throws IOException, InterruptedException {
        wanted = true;
        try {
            turn.acquire();
            try {
                if (result == null) {
                    while (hashed < length) {
                        hashBlock(length);
                    }
                    result = Digest.of(Digest.SHA_256, digest.digest());
                    block = null;
                }
                return result;
            } finally {
                turn.release();
            }
        } finally {
            wanted = false;
        }
    }

    /** Bytes from here on are no longer what they were. */
    void forget(long from) {
        turn.acquireUninterruptibly();
        try {
            if (from < hashed || result != null) {
                digest.reset();
                hashed = 0;
                result = null;
            }
        } finally {
            turn.release();
        }
        next = STEP;
    }

    private void follow() throws IOException, InterruptedException {
        var start = hashed;
        var front = endOfRunAt.applyAsLong(hashed);
        while (hashed < front && hashed - start < TURN && !wanted && result == null) {
            hashBlock(front);
            if (hashed == front) {
                front = endOfRunAt.applyAsLong(hashed);
            }
        }
    }

    private void hashBlock(long front) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var buffer = block;
        if (buffer == null) {
            buffer =
                    front - hashed < Digests.BLOCK
                            // The last bytes, most often of a small file: memory that costs less.
                            ? ByteBuffer.allocate((int) (front - hashed))
                            : ByteBuffer.allocateDirect(Digests.BLOCK);
            block = buffer;
        }
        buffer.clear().limit((int) Math.min(buffer.capacity(), front - hashed));
        var read = data.read(buffer, hashed);
        if (read == 0) {
            throw new IOException(data.path() + " is shorter than what was written to it");
        }
        digest.update(buffer.flip());
        hashed += read;
    }
}
