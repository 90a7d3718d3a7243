package dev.capstan.tck.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.decrypt.spi.Decryptor.Transform;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Sockets;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The clauses C1 to C4 of {@link Decryptor}, to be inherited by the test of a cipher. The author
 * gives published vectors, under keys that are configured, and ciphers that cannot be opened.
 */
@Timeout(120)
public abstract class DecryptorContract {
    private static final int THREADS = 8;
    private static final int LENGTH = 100_003;
    private static final int BLOCK = 64 << 10;

    /** Where a cipher that counts from the beginning would have counted long. */
    private static final long FAR = 1L << 32;

    /** What a JCE cipher needs for a block is less. */
    private static final long LITTLE = 2L << 20;

    /** Makes a suite. */
    protected DecryptorContract() {}

    /**
     * The decryptor under test, with the keys of {@link #vectors} configured.
     *
     * @return the same one within a test
     */
    protected abstract Decryptor decryptor();

    /**
     * What is published of each scheme.
     *
     * @return at least one for each scheme
     */
    protected abstract List<Published> vectors();

    /**
     * Ciphers of claimed schemes that cannot be opened: keys that are absent or malformed, wrong
     * parameters.
     *
     * @return at least one whose key is not configured
     */
    protected abstract List<CipherSpec> unopenable();

    /**
     * The keys that were configured, and parts of them, in every way they may be written.
     *
     * @return texts that no message may hold
     */
    protected abstract Set<String> secrets();

    /**
     * Known bytes.
     *
     * @param spec the cipher
     * @param wire from the beginning of a file
     * @param plain what they are
     */
    public record Published(CipherSpec spec, byte[] wire, byte[] plain) {}

    @Test
    @DisplayName("C2: published vectors, in any kind of buffer; nothing beside it is touched")
    void publishedVectors() throws Exception {
        for (var vector : vectors()) {
            var size = vector.wire().length;
            for (var buffer :
                    List.of(ByteBuffer.allocate(size + 9), ByteBuffer.allocateDirect(size + 9))) {
                buffer.put(5, vector.wire()).position(5).limit(5 + size);

                decryptor().open(vector.spec()).decrypt(0, buffer);

                assertEquals(5, buffer.position());
                assertEquals(5 + size, buffer.limit());
                var plain = new byte[size];
                buffer.get(plain);
                assertArrayEquals(vector.plain(), plain, vector.spec().scheme());
                buffer.clear();
                assertEquals(0, buffer.get(4));
                assertEquals(0, buffer.get(5 + size));
            }
        }
    }

    @Test
    @DisplayName("C1: what cannot be opened is refused with DECRYPT, before the first byte")
    void unopenableIsRefused() {
        assertFalse(unopenable().isEmpty(), "name at least a key that is not configured");
        for (var spec : unopenable()) {
            var error = assertThrows(DownloadException.class, () -> decryptor().open(spec));
            assertEquals(ErrorClass.DECRYPT, error.errorClass(), spec.toString());
            mustBeClean(error);
        }
    }

    @Test
    @DisplayName("C1: opening makes no connection")
    void openingIsLocal() throws Exception {
        for (var vector : vectors()) {
            var opened = Sockets.openedBy(() -> decryptor().open(vector.spec()));
            assertEquals(List.of(), opened, vector.spec().scheme());
        }
    }

    @Test
    @DisplayName("C2: any aligned start and any cut into aligned calls give the bytes of the whole")
    void anyCut() throws Exception {
        var random = new Random(1);
        for (var vector : vectors()) {
            var transform = positional(vector);
            var unit = transform.alignment();
            for (var length : List.of(0, 1, unit - 1, unit, unit + 1, 3 * unit, LENGTH)) {
                var wire = new byte[length];
                random.nextBytes(wire);
                var whole = whole(transform, wire);
                for (var round = 0; round < 10; round++) {
                    var cut = wire.clone();
                    for (var at = 0; at < length; ) {
                        var most = (long) unit * (1 + random.nextInt(1 + length / unit));
                        var to = (int) Math.min(length, at + most);
                        transform.decrypt(at, ByteBuffer.wrap(cut, at, to - at));
                        at = to;
                    }
                    assertArrayEquals(whole, cut, vector.spec().scheme());
                    var from = unit * random.nextInt(length / unit + 1);
                    var tail = Arrays.copyOfRange(wire, from, length);
                    transform.decrypt(from, ByteBuffer.wrap(tail));
                    assertArrayEquals(Arrays.copyOfRange(whole, from, length), tail);
                }
            }
        }
    }

    @Test
    @DisplayName("C2: a position off the alignment is an argument error, and changes nothing")
    void offTheAlignment() throws Exception {
        for (var vector : vectors()) {
            var transform = positional(vector);
            for (var position : List.of(1L, transform.alignment() - 1L, -1L)) {
                if (transform.alignment() > 1 || position < 0) {
                    var bytes = vector.wire().clone();
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> transform.decrypt(position, ByteBuffer.wrap(bytes)));
                    assertArrayEquals(vector.wire(), bytes);
                }
            }
        }
    }

    @Test
    @DisplayName("C3: one transform serves many threads at once")
    void manyThreads() throws Exception {
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (var vector : vectors()) {
                var transform = positional(vector);
                var wire = new byte[LENGTH];
                new Random(2).nextBytes(wire);
                var whole = whole(transform, wire);
                var work = new ArrayList<Callable<byte[]>>();
                for (var i = 0; i < 8 * THREADS; i++) {
                    work.add(() -> whole(transform, wire));
                }
                for (var result : threads.invokeAll(work)) {
                    assertArrayEquals(whole, result.get(), vector.spec().scheme());
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("C3: memory does not grow with the position")
    void constantMemory() throws Exception {
        for (var vector : vectors()) {
            var transform = positional(vector);
            var unit = transform.alignment();
            var small = ByteBuffer.allocate(BLOCK);
            transform.decrypt(0, small);

            var far = allocatedBy(() -> transform.decrypt(FAR / unit * unit, small));

            assertTrue(far < LITTLE, vector.spec().scheme() + " took " + far + " bytes, far out");
        }
    }

    private interface Step {
        void run() throws DownloadException;
    }

    private static long allocatedBy(Step step) throws DownloadException {
        assumeTrue(
                ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean,
                "This JVM does not count what is allocated");
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        var before = threads.getCurrentThreadAllocatedBytes();
        step.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private Transform positional(Published vector) throws DownloadException {
        var transform = decryptor().open(vector.spec());
        assertTrue(transform.alignment() >= 1, "the alignment is at least one byte");
        assumeTrue(
                transform.alignment() < Integer.MAX_VALUE,
                vector.spec().scheme() + " goes from front to back only");
        return transform;
    }

    private static byte[] whole(Transform transform, byte[] wire) throws DownloadException {
        var bytes = wire.clone();
        transform.decrypt(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** C4. */
    private void mustBeClean(Throwable error) {
        for (@Nullable Throwable e = error; e != null; e = e.getCause()) {
            var text = e.toString();
            for (var secret : secrets()) {
                assertFalse(text.contains(secret), () -> "A key is in: " + text);
            }
        }
    }
}
