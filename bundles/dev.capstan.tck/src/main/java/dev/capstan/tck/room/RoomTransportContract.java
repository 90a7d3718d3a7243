package dev.capstan.tck.room;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.room.spi.RoomTransport.Handler;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The clauses X1 to X6 of {@link RoomTransport}, to be inherited by the test of a transport. The
 * two sides may be two instances, such as services of two frameworks.
 */
@Timeout(120)
public abstract class RoomTransportContract {
    /** The clauses allow a second; a machine may be busy with other things. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final int FRAMES = 1_000;
    private static final int LARGE = 256 << 10;

    /** No transport may take so much in before it lets a sender wait. */
    private static final int FAR_TOO_MUCH = 64 << 20;

    /** Makes a suite. */
    protected RoomTransportContract() {}

    /**
     * The transport of the maker.
     *
     * @return the same one within a test
     */
    protected abstract RoomTransport maker();

    /**
     * The transport of the members.
     *
     * @return the same one within a test
     */
    protected abstract RoomTransport member();

    /**
     * An address at which nobody listens, and which is free to be opened.
     *
     * @return the same one within a test
     */
    protected abstract URI address();

    /** A room with one member. */
    private final class Pair implements AutoCloseable {
        final Heard atMaker;
        final Heard atMember = new Heard();
        final BlockingQueue<RoomChannel> accepted = new LinkedBlockingQueue<>();
        final Closeable listener;
        final RoomChannel toMaker;
        final RoomChannel toMember;

        Pair() throws Exception {
            this(new Heard());
        }

        Pair(Heard atMaker) throws Exception {
            this.atMaker = atMaker;
            listener = maker().open(address(), this::accept);
            toMaker = member().connect(address(), atMember);
            toMember = acceptedNext();
        }

        private Handler accept(RoomChannel channel) {
            accepted.add(channel);
            return atMaker;
        }

        RoomChannel acceptedNext() throws InterruptedException {
            @Nullable RoomChannel channel = accepted.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
            if (channel == null) {
                throw new AssertionError("The maker was not told");
            }
            return channel;
        }

        @Override
        public void close() throws IOException {
            atMaker.listen();
            toMaker.close();
            toMember.close();
            listener.close();
        }
    }

    @Test
    @DisplayName("X1: frames of any length arrive whole, once and in order, both ways at once")
    void order() throws Exception {
        try (var pair = new Pair()) {
            var back = new FutureTask<>(() -> sendAll(pair.toMember, 2));
            new Thread(back, "tck-back").start();
            sendAll(pair.toMaker, 1);
            back.get(SOON.toMillis(), TimeUnit.MILLISECONDS);

            for (var expected : frames(1)) {
                assertArrayEquals(expected, pair.atMaker.next());
            }
            for (var expected : frames(2)) {
                assertArrayEquals(expected, pair.atMember.next());
            }
            assertTrue(pair.atMaker.isSilent() && pair.atMember.isSilent(), "once");
        }
    }

    @Test
    @DisplayName("X1: what the sender does with its array afterwards changes nothing")
    void framesAreTheReceivers() throws Exception {
        try (var pair = new Pair(Heard.slow())) {
            var frame = new byte[] {1, 2, 3};
            pair.toMaker.send(frame);
            Arrays.fill(frame, (byte) 9);
            pair.atMaker.listen();

            assertArrayEquals(new byte[] {1, 2, 3}, pair.atMaker.next());
        }
    }

    @Test
    @DisplayName("X2: the longest frame goes through, a longer one ends the connection")
    void frameLimit() throws Exception {
        try (var pair = new Pair()) {
            var longest = new byte[RoomTransport.MAX_FRAME];
            new Random(3).nextBytes(longest);
            pair.toMaker.send(longest);
            assertArrayEquals(longest, pair.atMaker.next());

            assertThrows(
                    IOException.class,
                    () -> pair.toMaker.send(new byte[RoomTransport.MAX_FRAME + 1]));

            assertFalse(pair.atMaker.end().isBlank(), "with a reason");
            assertFalse(pair.atMember.end().isBlank(), "with a reason");
        }
    }

    @Test
    @DisplayName("X3: a sender waits while the other side does not read, and goes on when it does")
    void backPressure() throws Exception {
        try (var pair = new Pair(Heard.slow())) {
            var sent = new AtomicInteger();
            var frames = FAR_TOO_MUCH / LARGE;
            var sending =
                    new FutureTask<>(
                            () -> {
                                for (var i = 0; i < frames; i++) {
                                    pair.toMaker.send(new byte[LARGE]);
                                    sent.incrementAndGet();
                                }
                                return sent;
                            });
            var sender = new Thread(sending, "tck-sender");
            sender.start();
            await("the sender waits, or it has sent all", () -> isWaiting(sender));
            assertTrue(sent.get() < frames, "64 MiB were taken from a side that does not read");
            assertTrue(pair.atMaker.count() <= 1, "one frame at a time");

            pair.atMaker.listen();

            assertEquals(frames, sending.get(SOON.toMillis(), TimeUnit.MILLISECONDS).get());
            await("all arrived", () -> pair.atMaker.count() == frames);
        }
    }

    @Test
    @DisplayName("X3: a sender that waits ends when it is interrupted, and its channel with it")
    void interruptedSender() throws Exception {
        try (var pair = new Pair(Heard.slow())) {
            var sending =
                    new FutureTask<>(
                            () -> {
                                for (var i = 0; i < FAR_TOO_MUCH / LARGE; i++) {
                                    pair.toMaker.send(new byte[LARGE]);
                                }
                                return "all sent";
                            });
            var sender = new Thread(sending, "tck-sender");
            sender.start();
            await("the sender waits, or it has sent all", () -> isWaiting(sender));

            sender.interrupt();

            var error =
                    assertThrows(
                            java.util.concurrent.ExecutionException.class,
                            () -> sending.get(SOON.toMillis(), TimeUnit.MILLISECONDS));
            assertTrue(error.getCause() instanceof InterruptedException, error::toString);
            assertFalse(pair.atMember.end().isBlank(), "with a reason");
        }
    }

    @Test
    @DisplayName("X4: what was sent before an orderly end arrives")
    void closeIsOrderly() throws Exception {
        try (var pair = new Pair()) {
            sendAll(pair.toMaker, 4);
            pair.toMaker.close();

            for (var expected : frames(4)) {
                assertArrayEquals(expected, pair.atMaker.next());
            }
            pair.atMaker.end();
        }
    }

    @Test
    @DisplayName("X4: closing is idempotent, and nothing is delivered to whoever closed")
    void nothingAfterClose() throws Exception {
        try (var pair = new Pair(Heard.slow())) {
            for (var i = 0; i < 5; i++) {
                pair.toMaker.send(new byte[] {(byte) i});
            }
            await("the first is being delivered", () -> pair.atMaker.count() == 1);

            pair.toMember.close();
            pair.toMember.close();
            pair.atMaker.listen();

            pair.atMaker.end();
            assertEquals(1, pair.atMaker.count(), "what was on its way when it closed");
            assertThrows(IOException.class, () -> pair.toMember.send(new byte[1]));
            pair.atMember.end();
            assertThrows(IOException.class, () -> pair.toMaker.send(new byte[1]));
        }
    }

    @Test
    @DisplayName("X5: the end is reported once to each side, with a reason; then one may reconnect")
    void endAndReconnect() throws Exception {
        try (var pair = new Pair()) {
            pair.toMaker.close();
            assertFalse(pair.atMaker.end().isBlank(), "with a reason");
            assertFalse(pair.atMember.end().isBlank(), "with a reason");
            pair.toMember.close();

            var again = new Heard();
            try (var channel = member().connect(address(), again)) {
                var back = pair.acceptedNext();
                channel.send(new byte[] {7});
                assertArrayEquals(new byte[] {7}, pair.atMaker.next());
                back.send(new byte[] {8});
                assertArrayEquals(new byte[] {8}, again.next());
                assertFalse(channel.peer().isBlank() || back.peer().isBlank(), "peers have names");
            }
            assertTrue(pair.atMember.isSilent(), "the first end was reported once");
        }
    }

    @Test
    @DisplayName("X6: a listener that is closed is gone, with its channels, and its address free")
    void listenerIsGone() throws Exception {
        try (var pair = new Pair()) {
            pair.listener.close();
            pair.listener.close();

            pair.atMember.end();
            await("nobody listens any more", () -> isRefused(new Heard()));
            maker().open(address(), channel -> new Heard()).close();
        }
    }

    private boolean isRefused(Handler handler) {
        try {
            member().connect(address(), handler).close();
            return false;
        } catch (IOException e) {
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<byte[]> sendAll(RoomChannel channel, long seed) throws Exception {
        var all = frames(seed);
        for (var frame : all) {
            channel.send(frame);
        }
        return all;
    }

    /** Numbered, and of all lengths, empty ones too. */
    private static List<byte[]> frames(long seed) {
        var random = new Random(seed);
        var all = new ArrayList<byte[]>();
        all.add(new byte[0]);
        for (var i = 1; i < FRAMES; i++) {
            var frame = new byte[4 + random.nextInt(2_000)];
            random.nextBytes(frame);
            ByteBuffer.wrap(frame).putInt(i);
            all.add(frame);
        }
        return all;
    }

    /** It stands still where it was a moment ago, or is over. */
    private static boolean isWaiting(Thread sender) {
        var before = position(sender);
        for (var i = 0; i < 20; i++) {
            if (sender.getState() == Thread.State.TERMINATED) {
                return true;
            }
            pause(10);
            if (!position(sender).equals(before) || sender.getState() == Thread.State.NEW) {
                return false;
            }
        }
        return before.stream().anyMatch(frame -> frame.getMethodName().equals("send"));
    }

    private static List<StackTraceElement> position(Thread thread) {
        return List.of(thread.getStackTrace());
    }

    private static void await(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "In vain: " + what);
            pause(10);
        }
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
