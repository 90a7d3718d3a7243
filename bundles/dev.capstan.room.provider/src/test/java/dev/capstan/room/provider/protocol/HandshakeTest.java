package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.room.Room.State;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.provider.document.Keys;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.tck.room.LoopbackTransport;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in, and how each side knows whom it speaks with (R8). */
@Timeout(120)
class HandshakeTest {
    private static final int MORE = 20;
    private final ManualClock clock = new ManualClock();
    private final Party party = new Party(1, "ann", "bob", "cy");
    private Party.Host ann;

    @AfterEach
    void end() throws Exception {
        party.close();
    }

    private void open() {
        party.clock = clock;
        ann = party.join("ann");
        Party.await("ann listens", () -> Party.isOpen(ann));
    }

    private String refused(Intruder stranger, byte[] hello) throws Exception {
        try (stranger) {
            stranger.say(hello);
            var answer = stranger.next();
            assertEquals(Types.REFUSED, answer.header().type());
            assertTrue(answer.isSignedBy(party.keys.get("ann").getPublic()));
            assertTrue(stranger.isEnded());
            return answer.header().field(Types.REASON);
        }
    }

    @Test
    @DisplayName("Unknown users, wrong keys, other rooms and configurations are refused, and why")
    void refusals() throws Exception {
        open();
        var bob = party.keys.get("bob");
        var nonce = Voice.nonce();

        var unknown = new Intruder(party, "eve", Keys.generate());
        assertTrue(refused(unknown, unknown.hello(nonce)).contains("No such user"));
        var wrongKey = new Intruder(party, "bob", Keys.generate());
        assertTrue(refused(wrongKey, wrongKey.hello(nonce)).contains("key"));
        var maker = new Intruder(party, "ann", party.keys.get("ann"));
        assertTrue(refused(maker, maker.hello(nonce)).contains("No such user"));
        var otherRoom = new Intruder(party, changed("other", party.config.digest()), "bob", bob);
        assertTrue(refused(otherRoom, otherRoom.hello(nonce)).contains("another room"));
        var otherFile =
                new Intruder(party, changed(party.config.roomId(), "0".repeat(64)), "bob", bob);
        assertTrue(refused(otherFile, otherFile.hello(nonce)).contains("room file"));

        assertFalse(ann.seesConnected("bob"));
        assertEquals(State.OPEN, ann.room().state());
        assertTrue(ann.room().warnings().get(0).contains("dropped"), ann.room()::toString);
    }

    private RoomConfig changed(String roomId, String digest) {
        var config = party.config;
        return new RoomConfig(
                roomId,
                digest,
                config.engine(),
                config.pieces(),
                config.users(),
                config.transport(),
                config.maker(),
                config.expires());
    }

    @Test
    @DisplayName("A host whose room file is another one is told so, and does not try again")
    void memberWithAnotherFile() throws Exception {
        open();
        var changed = changed(party.config.roomId(), "0".repeat(64));

        var calls = new Transport(() -> party.loopback, "test");

        var bob = party.new Host(changed, "bob", party.keys.get("bob"), () -> calls, each -> each);

        var failure = Awaited.failure(bob.session.joined());
        assertEquals(Reason.REFUSED, assertInstanceOf(RoomException.class, failure).reason());
        assertEquals(State.FAILED, bob.room().state());
    }

    @Test
    @DisplayName("A recorded handshake opens nothing: a proof answers one nonce only")
    void recordedHandshake() throws Exception {
        open();
        var cut = new CutTransport(party.loopback);
        var bob = party.join("bob", cut, request -> request);
        Party.await("bob is in", () -> Party.isOpen(bob));
        bob.session.leave();
        Party.await("bob is gone", () -> !ann.seesConnected("bob"));

        try (var eve = new Intruder(party, "bob", Keys.generate())) {
            eve.say(cut.sent.get(0));
            assertEquals(Types.CHALLENGE, eve.next().header().type());
            eve.say(cut.sent.get(1));

            assertTrue(eve.isEnded());
            assertTrue(eve.frames.isEmpty(), "nothing is said that bob could be shown");
        }
        assertFalse(ann.seesConnected("bob"));
    }

    @Test
    @DisplayName("The same user twice: without the proof the first stays, with it the second is in")
    void sameUserTwice() throws Exception {
        open();
        var bob = party.join("bob");
        Party.await("bob is in", () -> Party.isOpen(bob));

        try (var eve = new Intruder(party, "bob", party.keys.get("bob"))) {
            // Somebody with a recorded hello, who cannot sign what is asked for.
            eve.say(eve.hello(Voice.nonce()));
            eve.say(eve.proof(Voice.nonce(), eve.next().header()));
            assertTrue(eve.isEnded());
            assertTrue(eve.frames.isEmpty(), "nothing is said that bob could be shown");
        }
        assertTrue(ann.seesConnected("bob"));
        assertEquals(State.OPEN, bob.room().state());

        var second = party.join("bob");

        Party.await("the second is in", () -> Party.isOpen(second));
        var failure = Awaited.failure(bob.session.finished());
        assertTrue(failure.getMessage().contains("somewhere else"), failure::toString);
        assertTrue(ann.seesConnected("bob"));
    }

    @Test
    @DisplayName("A refusal of somebody else's hello with the same nonce does not keep a user out")
    void forgedRefusal() throws Exception {
        open();
        var others = changed("other", party.config.digest());
        var between = new LoopbackTransport();
        try (Closeable listener =
                between.open(
                        party.config.transport(),
                        channel ->
                                new FalseMaker(
                                        new ArrayList<>(),
                                        said -> {
                                            var keys = party.keys.get("bob");
                                            try (var eve =
                                                    new Intruder(party, others, "bob", keys)) {
                                                var nonce = said.header().field(Types.NONCE);
                                                eve.say(eve.hello(nonce));
                                                channel.send(eve.next().frame());
                                            }
                                        }))) {
            var bob = party.join("bob", between, request -> request);

            Party.await(
                    "bob sees through it",
                    () -> String.valueOf(bob.room().reason()).contains("is not ann"));
            assertEquals(State.CONNECTING, bob.room().state());
        }
    }

    @Test
    @DisplayName("A member that is shown the refusal of another connection stays")
    void anothersRefusal() throws Exception {
        open();
        var cut = new CutTransport(party.loopback);
        var bob = party.join("bob", cut, request -> request);
        Party.await("bob is in", () -> Party.isOpen(bob));
        var nonce = Envelope.of(cut.sent.get(0)).header().field(Types.NONCE);
        try (var first = new Intruder(party, "cy", party.keys.get("cy"));
                var second = new Intruder(party, "cy", party.keys.get("cy"))) {
            first.say(first.hello(nonce));
            first.say(first.proof(nonce, first.next().header()));
            assertEquals(Types.STATE, first.next().header().type());
            second.enter();
            var refusal = first.next();
            while (!refusal.header().type().equals(Types.REFUSED)) {
                refusal = first.next();
            }

            cut.deliver(refusal.frame());

            second.say(second.progress(0, 7, "cy"));
            Party.await("bob hears of cy", () -> bob.sees("cy", "piece-0").bytes() == 7);
            assertEquals(State.OPEN, bob.room().state());
        }
    }

    @Test
    @DisplayName("A connection that was replaced says nothing more in its user's name")
    void replacedIsNotHeard() throws Exception {
        var gate = new CountDownLatch(1);
        var isShut = new AtomicBoolean();
        var room = "capstan-room-" + party.config.roomId();
        party.clock =
                () -> {
                    if (isShut.get() && Thread.currentThread().getName().equals(room)) {
                        Awaited.opened(gate);
                    }
                    return clock.instant();
                };
        ann = party.join("ann");
        Party.await("ann listens", () -> Party.isOpen(ann));
        try (var first = new Intruder(party, "cy", party.keys.get("cy")).enter();
                var second = new Intruder(party, "cy", party.keys.get("cy"))) {
            // The room's thread would end the first at once.
            isShut.set(true);
            var nonce = Voice.nonce();
            second.say(second.hello(nonce));
            second.say(second.proof(nonce, second.next().header()));
            second.say(second.progress(0, 7, "cy"));
            Party.await("the second is heard", () -> ann.sees("cy", "piece-0").bytes() == 7);

            first.say(first.progress(0, 99, "cy"));
            first.say(first.want("of the first"));
            first.say(new byte[0]);

            Party.await("the first came to its end", () -> !ann.room().warnings().isEmpty());
            assertEquals(7, ann.sees("cy", "piece-0").bytes());

            second.say(second.want("of the second"));
            gate.countDown();
            var given = second.next();
            while (!given.header().type().equals(Types.GIVE)) {
                given = second.next();
            }
            assertEquals("of the second", given.header().field(Types.ASK));
        } finally {
            gate.countDown();
        }
    }

    @Test
    @DisplayName("Who has the maker's address but not its key is told nothing")
    void falseMaker() throws Exception {
        var heard = new ArrayList<byte[]>();
        var eve = new Voice(party.config.roomId(), "ann", Keys.generate().getPrivate());
        try (Closeable listener =
                party.loopback.open(
                        party.config.transport(),
                        channel ->
                                new FalseMaker(
                                        heard,
                                        said -> {
                                            var hello = said.header();
                                            channel.send(
                                                    eve.say(
                                                            Types.CHALLENGE,
                                                            Map.of(
                                                                    Types.CONFIG,
                                                                    party.config.digest(),
                                                                    Types.NONCE,
                                                                    Voice.nonce(),
                                                                    Types.ANSWER,
                                                                    hello.field(Types.NONCE),
                                                                    Types.PEER,
                                                                    hello.session())));
                                        }))) {
            var bob = party.join("bob");

            Party.await(
                    "bob sees through it",
                    () -> String.valueOf(bob.room().reason()).contains("is not ann"));
            for (var frame : List.copyOf(heard)) {
                assertEquals(Types.HELLO, Envelope.of(frame).header().type());
            }
            assertEquals(0, bob.pieces.starts.get());
        }
    }

    @Test
    @DisplayName("Before the proof a frame has at most 4 KiB, and there are 10 s")
    void unproven() throws Exception {
        open();
        try (var large = new Intruder(party, "bob", party.keys.get("bob"))) {
            large.say(new byte[Seat.UNPROVEN_FRAME + 1]);
            assertTrue(large.isEnded());
        }
        try (var silent = new Intruder(party, "bob", party.keys.get("bob"))) {
            silent.say(silent.hello(Voice.nonce()));
            silent.next();
            clock.advance(Door.PROVE_WITHIN.plus(Duration.ofMillis(1)));
            assertTrue(silent.isEnded());
        }
        assertEquals(State.OPEN, ann.room().state());
    }

    @Test
    @DisplayName("However many knock, few are kept, and a member still gets in")
    void manyStrangers() throws Exception {
        open();
        var strangers = new ArrayList<Intruder>();
        try {
            for (var i = 0; i < MORE + Door.MOST_STRANGERS; i++) {
                strangers.add(new Intruder(party, "bob", party.keys.get("bob")));
            }
            for (var early : strangers.subList(0, MORE)) {
                assertTrue(early.isEnded());
            }
            var cy = party.join("cy");
            Party.await("cy is in", () -> Party.isOpen(cy));
        } finally {
            strangers.forEach(Intruder::close);
        }
    }
}
