package dev.capstan.tck.room;

import dev.capstan.room.spi.RoomTransport.Handler;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What one side of a channel heard, kept for a test to look at. Safe for any number of threads. */
public final class Heard implements Handler {
    private static final long SOON_SECONDS = 20;

    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch listens;

    /** Makes one that takes whatever comes. */
    public Heard() {
        this(true);
    }

    private Heard(boolean listens) {
        this.listens = new CountDownLatch(listens ? 0 : 1);
    }

    /**
     * Makes one that does not come back with its first frame until it is told to {@link #listen}.
     *
     * @return a slow one
     */
    public static Heard slow() {
        return new Heard(false);
    }

    /** Takes whatever comes from now on. */
    public void listen() {
        listens.countDown();
    }

    @Override
    public void received(byte @Nullable [] frame) {
        count.incrementAndGet();
        try {
            listens.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        frames.add(frame);
    }

    @Override
    public void closed(@Nullable String reason) {
        ends.add(reason);
    }

    /**
     * The next frame, waited for.
     *
     * @return a whole frame
     * @throws InterruptedException if the thread was interrupted
     */
    public byte[] next() throws InterruptedException {
        return next(frames, "No frame arrived");
    }

    /**
     * Why the channel ended, waited for; each end is told once.
     *
     * @return the reason
     * @throws InterruptedException if the thread was interrupted
     */
    public String end() throws InterruptedException {
        return next(ends, "The end was not reported");
    }

    /**
     * Whether there is nothing, frame or end, that was not asked for.
     *
     * @return true if it was told no more than the test knows
     */
    public boolean isSilent() {
        return frames.isEmpty() && ends.isEmpty();
    }

    /**
     * How many frames it was given, taken or not.
     *
     * @return a count
     */
    public int count() {
        return count.get();
    }

    private static <T> T next(BlockingQueue<T> queue, String otherwise)
            throws InterruptedException {
        @Nullable T next = queue.poll(SOON_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError(otherwise);
        }
        return next;
    }
}
