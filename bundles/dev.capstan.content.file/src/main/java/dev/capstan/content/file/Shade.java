package dev.capstan.content.file;

import dev.capstan.content.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 in the shade of the transfer: follows the unbroken run of bytes from the first one. That
 * leaves the transfer's thread to the network; hashed by that thread itself, one connection took
 * twice the time. What comes soon is hashed from the very {@link Blocks block} it was received into
 * and written from, while it is still at hand; everything else, what came out of order or from an
 * earlier run, is read back from the page cache. Its state lives in memory only; after a restart
 * what is there is hashed once more.
 *
 * <p>It holds no thread while it has nothing to do: the lane that brings the next block, or carries
 * the front over the next {@value #STEP} bytes, puts it on the pool again, and after {@value #TURN}
 * bytes it lets others have a turn.
 *
 * <p><b>Threads</b>: lanes call {@link #advanced} and {@link #take}; whoever holds the turn, a
 * thread of the pool or the committing one, hashes. <b>Locks</b>: that of {@code kept} guards
 * memory only.
 */
final class Shade implements Runnable {
    /** A wake-up costs microseconds, these bytes some milliseconds of hashing. */
    private static final long STEP = 4 << 20;

    private static final long TURN = 64 << 20;

    /** What is further away comes to its turn late, and memory is short. */
    private static final long SOON = 16 << 20;

    private static final int MOST_KEPT = 8;

    /** Less is about to come from its lane, or is left to the commit. */
    private static final long LEAST_READ_BACK = 2 * Blocks.SIZE;

    private final DiskFile data;
    private final LongUnaryOperator endOfRunAt;
    private final Executor pool;
    private final Blocks blocks;
    private final MessageDigest digest = Digests.start(Digest.SHA_256);
    private final Semaphore turn = new Semaphore(1);
    private final AtomicBoolean queued = new AtomicBoolean();
    private volatile long next = STEP;
    private volatile boolean wanted;

    /** Blocks to be hashed, by the position of their first byte. */
    private final NavigableMap<Long, ByteBuffer> kept = new TreeMap<>();

    private boolean closed;

    // The rest belongs to whoever has the turn.
    private @Nullable ByteBuffer block;
    private @Nullable Digest result;
    private volatile long hashed;

    /**
     * Creates the shade of one data file.
     *
     * @param endOfRunAt gives the first byte that is not there, from a position on
     */
    Shade(DiskFile data, LongUnaryOperator endOfRunAt, Executor pool, Blocks blocks) {
        this.data = data;
        this.endOfRunAt = endOfRunAt;
        this.pool = pool;
        this.blocks = blocks;
    }

    /** A lane wrote these bytes. */
    void advanced(long from, long to) {
        var awaited = next;
        if (from < awaited && awaited <= to) {
            wake();
        }
    }

    /** Whether bytes from here on would be hashed soon. */
    boolean isSoon(long from) {
        var reached = hashed;
        return from >= reached && from - reached <= SOON;
    }

    /** Takes a block with bytes that are written; keeps it where they are hashed soon. */
    void take(ByteBuffer bytes, long from) {
        synchronized (kept) {
            if (closed || !isSoon(from) || !bytes.hasRemaining() || kept.containsKey(from)) {
                blocks.give(bytes);
                return;
            }
            kept.put(from, bytes);
            if (kept.size() > MOST_KEPT) {
                blocks.give(kept.pollLastEntry().getValue());
            }
        }
        if (from == hashed) {
            wake();
        }
    }

    /** A lane ended, or there are bytes from before. */
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
            endTurn();
        }
        next = reached + STEP;
        var front = endOfRunAt.applyAsLong(reached);
        if (front >= next || isAtHand(reached, front)) {
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
                    release();
                }
                return result;
            } finally {
                endTurn();
            }
        } finally {
            wanted = false;
        }
    }

    private void endTurn() {
        var used = block;
        block = null;
        if (used != null && used.isDirect()) {
            blocks.give(used);
        }
        turn.release();
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
            release();
        } finally {
            turn.release();
        }
        next = STEP;
    }

    /** Nothing more will be hashed. */
    void close() {
        synchronized (kept) {
            closed = true;
            release();
        }
    }

    private void release() {
        synchronized (kept) {
            kept.values().forEach(blocks::give);
            kept.clear();
        }
    }

    private void follow() throws IOException, InterruptedException {
        var start = hashed;
        var front = endOfRunAt.applyAsLong(hashed);
        while ((isAtHand(hashed, front) || front - hashed >= LEAST_READ_BACK)
                && hashed - start < TURN
                && result == null) {
            hashBlock(front);
            front = endOfRunAt.applyAsLong(hashed);
        }
    }

    private boolean isAtHand(long from, long front) {
        synchronized (kept) {
            var bytes = kept.get(from);
            return bytes != null && bytes.remaining() <= front - from;
        }
    }

    private void hashBlock(long front) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        var at = hashed;
        var received = received(at, front);
        if (received != null) {
            var end = at + received.remaining();
            digest.update(received);
            blocks.give(received);
            hashed = end;
        } else {
            readBack(at, Math.min(front, firstKept(at)));
        }
    }

    /** The bytes from a position on as they were received, if all of them are there by now. */
    private @Nullable ByteBuffer received(long from, long front) {
        synchronized (kept) {
            while (!kept.isEmpty() && kept.firstKey() < from) {
                blocks.give(kept.pollFirstEntry().getValue());
            }
            var bytes = kept.get(from);
            return bytes != null && bytes.remaining() <= front - from ? kept.remove(from) : null;
        }
    }

    private long firstKept(long after) {
        synchronized (kept) {
            var first = kept.higherKey(after);
            return first == null ? Long.MAX_VALUE : first;
        }
    }

    private void readBack(long from, long to) throws IOException {
        var buffer = block;
        if (buffer == null) {
            var free = blocks.take();
            buffer = free == null ? ByteBuffer.allocate(Digests.BLOCK) : free;
            block = buffer;
        }
        buffer.clear().limit((int) Math.min(Digests.BLOCK, to - from));
        var read = data.read(buffer, from);
        if (read == 0) {
            throw new IOException(data.path() + " is shorter than what was written to it");
        }
        digest.update(buffer.flip());
        hashed = from + read;
    }
}
