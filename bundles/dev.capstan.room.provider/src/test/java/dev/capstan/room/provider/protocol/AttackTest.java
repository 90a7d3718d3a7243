package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.room.Room.State;
import dev.capstan.room.provider.document.Keys;
import dev.capstan.room.provider.playing.Cue;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What peers do that they should not: it is dropped and counted, and the room lives (R9). */
@Timeout(120)
class AttackTest {
    private final ManualClock clock = new ManualClock();
    private final Party party = new Party(3, "ann", "bob", "eve");
    private Party.Host ann;
    private Party.Host bob;

    @BeforeEach
    void open() {
        party.clock = clock;
        ann = party.join("ann");
        Party.await("ann listens", () -> Party.isOpen(ann));
        bob = party.join("bob");
        Party.await("bob is in", () -> Party.isOpen(bob) && ann.seesConnected("bob"));
    }

    @AfterEach
    void end() throws Exception {
        theRoomLives();
        party.close();
    }

    /** News still go from bob to ann and back. */
    private void theRoomLives() {
        bob.pieces.finished("piece-2");
        Party.await("ann hears of bob", () -> ann.sees("bob", "piece-2").bytes() == 100);
        ann.pieces.finished("piece-2");
        Party.await("bob hears of ann", () -> bob.sees("ann", "piece-2").bytes() == 100);
        assertEquals(State.OPEN, ann.room().state());
        assertEquals(State.OPEN, bob.room().state());
    }

    private Intruder eve() throws Exception {
        return new Intruder(party, "eve", party.keys.get("eve")).enter();
    }

    @Test
    @DisplayName("R9: not one flipped bit of a frame is believed")
    void mutations() throws Exception {
        var random = new Random(5);
        var frame = eveSays();
        var header = Envelope.of(frame).header();
        var key = party.keys.get("eve").getPublic();
        for (var i = 0; i < 300; i++) {
            var broken = frame.clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            assertFalse(isBelieved(broken, header, key), "mutation " + i);
        }
        assertTrue(isBelieved(frame, header, key));
    }

    @Test
    @DisplayName("R9: what is believed is what was checked, whatever becomes of the buffer")
    void buffers() throws Exception {
        var frame = eveSays();
        var said = Envelope.of(frame);

        Arrays.fill(frame, (byte) 0);

        assertTrue(said.isSignedBy(party.keys.get("eve").getPublic()));
    }

    private byte[] eveSays() throws Exception {
        try (var eve = new Intruder(party, "eve", party.keys.get("eve"))) {
            return eve.progress(0, 5, "eve");
        }
    }

    private static boolean isBelieved(byte[] frame, Header header, PublicKey key) {
        var before =
                new Header(
                        header.room(),
                        header.session(),
                        header.user(),
                        header.counter() - 1,
                        header.type(),
                        Map.of());
        try {
            return new Ear(key, before).doubt(Envelope.of(frame)) == null;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    @DisplayName("R9: replays are dropped, and who goes on with them is disconnected")
    void replays() throws Exception {
        try (var eve = eve()) {
            var frame = eve.progress(0, 5, "eve");
            eve.say(frame);
            eve.say(eve.progress(0, 6, "eve"));
            Party.await("ann believes", () -> ann.sees("eve", "piece-0").bytes() == 6);
            for (var i = 0; i < Seat.MOST_OFFENCES - 1; i++) {
                eve.say(frame);
            }
            eve.say(eve.progress(0, 7, "eve"));
            Party.await("she is still there", () -> ann.sees("eve", "piece-0").bytes() == 7);

            eve.say(frame);

            assertTrue(eve.isEnded());
        }
        Party.await("eve is gone", () -> !bob.seesConnected("eve"));
        assertTrue(
                ann.room().warnings().contains("Messages that were dropped: 16 replayed."),
                ann.room()::toString);
    }

    @Test
    @DisplayName("R9: other rooms, other sessions, other users, other keys and rubbish are dropped")
    void otherThings() throws Exception {
        var keys = party.keys.get("eve");
        try (var eve = eve()) {
            var content =
                    Report.write(List.of(new Report("eve", true, new TreeMap<>())), eve.users())
                            .get(0);
            eve.say(new Voice("other", "eve", keys.getPrivate()).say(Types.STATE, Map.of()));
            eve.say(
                    new Voice(party.config.roomId(), "eve", keys.getPrivate())
                            .say(Types.STATE, Map.of(), content));
            eve.say(
                    Envelope.seal(
                            Keys.generate().getPrivate(),
                            new Header(
                                    party.config.roomId(),
                                    eve.voice.session(),
                                    "eve",
                                    1_000,
                                    Types.PROGRESS,
                                    Map.of()),
                            content));
            eve.say(eve.progress(0, 99, "bob"));
            eve.say(eve.progress(77, 99, "eve"));
            eve.say(eve.voice.say(Types.PROGRESS, Map.of(), new byte[] {'{'}));
            eve.say(new byte[0]);
            eve.say(ByteBuffer.allocate(100).putShort(64, (short) -1).array());
            eve.say(eve.voice.say("of a later version", Map.of()));
            eve.say(eve.progress(0, 5, "eve"));

            Party.await("eve is heard", () -> ann.sees("eve", "piece-0").bytes() == 5);
        }
        assertEquals(0, ann.sees("bob", "piece-0").bytes(), "nobody speaks for another");
        assertEquals(
                List.of(
                        "Messages that were dropped: 5 malformed, 1 with a wrong signature, 1 of"
                                + " another room, 1 of another session."),
                ann.room().warnings());
    }

    @Test
    @DisplayName("E8: who makes records up fills 16 places; who garbles them is disconnected")
    void whatPlays() throws Exception {
        try (var eve = eve()) {
            for (var i = 0; i < 200; i++) {
                eve.say(eve.playing("record-" + i, clock.instant()));
            }
            eve.say(eve.progress(0, 5, "eve"));
            Party.await("all of it was heard", () -> ann.sees("eve", "piece-0").bytes() == 5);
            var told = new HashSet<String>();
            while (told.size() < 16) {
                var header = eve.next().header();
                if (header.type().equals(Cue.PLAYING)) {
                    told.add(header.field("record"));
                }
            }
            bob.pieces.moved("piece-0", 7, 100);
            Party.await("ann hears of bob", () -> ann.sees("bob", "piece-0").bytes() == 7);
            for (var frame : eve.frames) {
                assertNotEquals(Cue.PLAYING, Envelope.of(frame).header().type(), "a 17th");
            }

            for (var i = 0; i < Seat.MOST_OFFENCES; i++) {
                eve.say(eve.voice.say(Cue.PLAYING, Map.of("record", "x", "track", "-1")));
            }

            assertTrue(eve.isEnded());
        }
    }

    @Test
    @DisplayName("A maker that is a forger's line is not believed by members either")
    void membersDoubtToo() throws Exception {
        var cut = new CutTransport(party.loopback);
        var eve = party.join("eve", cut, request -> request);
        Party.await("eve is in", () -> Party.isOpen(eve));
        bob.pieces.moved("piece-0", 5, 100);
        Party.await("she hears of bob", () -> eve.sees("bob", "piece-0").bytes() == 5);
        var old = cut.received.get(cut.received.size() - 1);

        for (var i = 0; i < Seat.MOST_OFFENCES; i++) {
            cut.deliver(old);
        }

        Party.await(
                "she counts them", () -> eve.room().warnings().toString().contains("16 replayed"));
    }

    @Test
    @DisplayName("A member that does not read holds nobody up, is told all once when it reads on")
    void slowPeer() throws Exception {
        try (var eve = eve()) {
            eve.deaf();
            for (var bytes = 1; bytes <= 70; bytes++) {
                var now = bytes;
                ann.pieces.moved("piece-0", bytes, 100);
                Party.await("bob is not held up", () -> bob.sees("ann", "piece-0").bytes() == now);
            }

            eve.hear();

            var frames = 0;
            for (var isTold = false; !isTold; frames++) {
                isTold = ofAnn(eve.next(), eve) == 70;
            }
            assertTrue(frames < 60, "70 changes came as " + frames + " messages");
        }
    }

    private static long ofAnn(Envelope said, Intruder eve) throws MalformedException {
        for (var report : Report.read(said.content(), eve.users(), 3)) {
            var state = report.pieces().get(0);
            if (report.user().equals("ann") && state != null) {
                return state.progress().bytes();
            }
        }
        return -1;
    }

    @Test
    @DisplayName("A member that takes nothing for 30 s is disconnected, the others stay")
    void stuckPeer() throws Exception {
        try (var eve = eve()) {
            eve.deaf();
            for (var bytes = 1; bytes <= 60; bytes++) {
                var now = bytes;
                ann.pieces.moved("piece-0", bytes, 100);
                Party.await("bob hears", () -> bob.sees("ann", "piece-0").bytes() == now);
            }
            for (var i = 0; i < 4; i++) {
                assertTrue(ann.seesConnected("eve"));
                clock.advance(Duration.ofSeconds(8));
                var now = 61 + i;
                eve.say(eve.progress(0, now, "eve"));
                bob.pieces.moved("piece-1", now, 100);
                ann.pieces.moved("piece-1", now, 100);
                Party.await("ann hears bob", () -> ann.sees("bob", "piece-1").bytes() == now);
                Party.await("bob hears ann", () -> bob.sees("ann", "piece-1").bytes() == now);
            }

            Party.await("eve is gone", () -> !bob.seesConnected("eve"));
            assertTrue(bob.seesConnected("bob"));
        }
    }
}
