package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.room.Room.State;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a transport does, it does to its own room only (R7, S8). */
@Timeout(120)
class FaultyTransportTest {

    /** A transport that does the same wrong thing whatever it is asked for. */
    private record Faulty(String name, Deed deed) implements RoomTransport {

        interface Deed {
            Object act() throws Exception;
        }

        @Override
        @SuppressWarnings("unchecked")
        public Closeable open(URI address, Acceptor acceptor) throws IOException {
            return act();
        }

        @Override
        public RoomChannel connect(URI address, Handler handler) throws IOException {
            return act();
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private <T> T act() throws IOException {
            try {
                return (T) deed.act();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Faulty> FAULTY =
            List.of(
                    new Faulty("throws an error", () -> sneak(new StackOverflowError("deep"))),
                    new Faulty("throws a runtime exception", () -> sneak(new ClassCastException())),
                    new Faulty("throws what cannot be printed", () -> sneak(new Unprintable())),
                    new Faulty("gives nothing", () -> null));

    @SuppressWarnings("serial")
    private static final class Unprintable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("No message either");
        }
    }

    private static Object sneak(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    @Test
    @DisplayName("A fault fails the room with a reason; another room goes on")
    void faults() throws Exception {
        try (var party = new Party(1, "ann", "bob");
                var other = new Party(1, "cy", "dan")) {
            var others = other.joinAll();
            var hosts = new ArrayList<Party.Host>();
            for (var transport : FAULTY) {
                for (var user : party.keys.keySet()) {
                    hosts.add(party.join(user, transport, request -> request));
                }
            }

            for (var host : hosts) {
                var failure = Awaited.failure(host.session.joined());
                assertEquals(
                        Reason.UNREACHABLE,
                        assertInstanceOf(RoomException.class, failure).reason());
                assertEquals(State.FAILED, host.room().state());
            }
            others.forEach(Party.Host::finishAll);
            assertEquals(1, others.get(1).result().size());
        }
    }

    @Test
    @DisplayName(
            "A call that blocks is given up, and of calls that cannot be stopped there are two")
    void blocks() throws Exception {
        var blocked = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var closed = new CountDownLatch(2);
        RoomTransport blocking =
                new Faulty(
                        "blocks",
                        () -> {
                            calls.incrementAndGet();
                            while (blocked.getCount() > 0) {
                                try {
                                    blocked.await();
                                } catch (InterruptedException e) {
                                    // As a plug-in might.
                                }
                            }
                            return new Nothing(closed);
                        });
        var transport = new Transport(() -> blocking, "slow", Duration.ofMillis(20));
        var address = URI.create("slow:room");
        for (var i = 0; i < 5; i++) {
            assertThrows(Transport.Fault.class, () -> transport.open(address, channel -> null));
        }
        assertEquals(2, calls.get(), "then its calls are refused");

        blocked.countDown();

        assertTrue(
                closed.await(Party.SOON.toSeconds(), TimeUnit.SECONDS),
                "what comes too late is closed");
    }

    private record Nothing(CountDownLatch closed) implements RoomChannel {

        @Override
        public void send(byte[] frame) {
            throw new OutOfMemoryError("on purpose");
        }

        @Override
        public String peer() {
            throw new IllegalStateException();
        }

        @Override
        public void close() {
            closed.countDown();
            throw new LinkageError("on purpose");
        }
    }

    @Test
    @DisplayName("Channels that throw, and rubbish that arrives, end their connection only")
    void rubbish() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            var closed = new CountDownLatch(100);
            var acceptors = new LinkedBlockingQueue<RoomTransport.Acceptor>();
            var strange =
                    new CutTransport(party.loopback) {
                        @Override
                        public Closeable open(URI address, Acceptor acceptor) throws IOException {
                            acceptors.add(acceptor);
                            return super.open(address, acceptor);
                        }
                    };
            var ann = party.join("ann", strange, request -> request);
            Party.await("ann listens", () -> Party.isOpen(ann));
            var acceptor = acceptors.take();
            for (var i = 0; i < 100; i++) {
                var handler = acceptor.accept(i % 2 == 0 ? new Nothing(closed) : null);
                handler.received(i % 3 == 0 ? null : new byte[i]);
                handler.closed(null);
                handler.closed("again");
                handler.received(new byte[100]);
            }

            var bob = party.join("bob");
            Party.await("bob is in", () -> Party.isOpen(bob));
            ann.finishAll();
            bob.finishAll();
            assertEquals(1, bob.result().size());
        }
    }

    @Test
    @DisplayName("A transport that goes away takes the connection with it, and brings it back")
    void comesAndGoes() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            var clock = new ManualClock();
            party.clock = clock;
            var first = new Transport(() -> party.loopback, "first");
            var there = new AtomicReference<Transport>(first);
            var ann = party.join("ann", there::get, request -> request);
            Party.await("ann listens", () -> Party.isOpen(ann));
            var bob = party.join("bob");
            Party.await("bob is in", () -> ann.seesConnected("bob"));

            there.set(null);
            first.close();

            Party.await("ann is alone", () -> ann.room().state() == State.CONNECTING);
            Party.await("bob knows", () -> bob.room().state() == State.CONNECTING);
            there.set(new Transport(() -> party.loopback, "second"));
            Party.await(
                    "both come back",
                    () -> {
                        clock.advance(Duration.ofMillis(50));
                        return Party.isOpen(ann) && ann.seesConnected("bob");
                    });
            ann.finishAll();
            bob.finishAll();
            assertEquals(1, bob.result().size());
        }
    }
}
