package dev.capstan.content.file;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap that bytes are received into and hashed from. All parts share it, so that
 * it is bounded and used again: what is outside the heap is not collected soon.
 *
 * <p>Safe for any number of threads.
 */
final class Blocks {
    static final int SIZE = 1 << 20;
    private static final int MOST = 24;

    private final Deque<ByteBuffer> free = new ArrayDeque<>();
    private int made;

    /** An empty block; null if all are in use. */
    synchronized @Nullable ByteBuffer take() {
        if (free.isEmpty() && made < MOST) {
            var block = ByteBuffer.allocateDirect(SIZE);
            made++;
            return block;
        }
        return free.poll();
    }

    /** Takes back a block that nobody reads or writes any more. */
    synchronized void give(ByteBuffer block) {
        free.push(block.clear());
    }

    /** How many are in use. */
    synchronized int used() {
        return made - free.size();
    }
}
