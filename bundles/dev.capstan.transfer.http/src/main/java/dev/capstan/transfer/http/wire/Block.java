package dev.capstan.transfer.http.wire;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The buffers one thread reads into, made when first needed and used again. What goes from a plain
 * socket to the file passes through memory outside the heap, so that the kernel copies into it and
 * out of it and nobody else does. Where somebody lends such memory for a while, that is used.
 */
public final class Block {
    // Measured: 1 MiB is the least at which a loopback transfer runs as fast as a copy in memory.
    private static final int DIRECT = 1 << 20;
    private static final int HEAP = 1 << 18;
    private static final int LEAST = 1 << 14;

    private @Nullable ByteBuffer direct;
    private byte @Nullable [] heap;
    private @Nullable IntFunction<@Nullable ByteBuffer> lender;

    /**
     * Reads into what is lent, from now on.
     *
     * @param next gives a direct buffer for so many bytes at most, or null; null to read into its
     *     own again
     */
    public void borrow(@Nullable IntFunction<@Nullable ByteBuffer> next) {
        lender = next;
    }

    /** An empty direct buffer that was lent, or null. */
    @Nullable ByteBuffer lent(int wanted) {
        return lender == null ? null : lender.apply(wanted);
    }

    /** An empty direct buffer of at most {@code wanted} bytes. */
    ByteBuffer direct(long wanted) {
        var buffer = direct;
        if (buffer == null || (buffer.capacity() < wanted && buffer.capacity() < DIRECT)) {
            buffer = ByteBuffer.allocateDirect((int) Math.max(LEAST, Math.min(wanted, DIRECT)));
            direct = buffer;
        }
        return buffer.clear().limit((int) Math.min(wanted, buffer.capacity()));
    }

    /** An array; shorter than {@code wanted} where that is much. */
    byte[] heap(long wanted) {
        var array = heap;
        if (array == null || (array.length < wanted && array.length < HEAP)) {
            array = new byte[(int) Math.max(LEAST, Math.min(wanted, HEAP))];
            heap = array;
        }
        return array;
    }
}
