package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.capstan.event.Topics;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.State;
import dev.capstan.room.Room.Status;
import dev.capstan.room.spi.RoomChannel;
import dev.capstan.tck.room.Heard;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a room, with peers that are away, deaf or late just then (R12). */
@Timeout(120)
class EndTest {
    private final ManualClock clock = new ManualClock();
    private final AtomicInteger looks = new AtomicInteger();

    /** A maker whose looks at the clock are counted. */
    private Party.Host maker(Party party) {
        party.clock =
                () -> {
                    looks.incrementAndGet();
                    return clock.instant();
                };
        var ann = party.join("ann");
        party.clock = clock;
        Party.await("ann listens", () -> Party.isOpen(ann));
        return ann;
    }

    private void awaitLooks() {
        var before = looks.get();
        Party.await("the maker has looked", () -> looks.get() > before + 50);
    }

    private static boolean hasAll(Party.Host host, String user) {
        return host.room().members().get(user).pieces().values().stream()
                .allMatch(piece -> piece.status() == Status.FINISHED);
    }

    @Test
    @DisplayName("R12: a member that is cut off while the last one finishes gets its folders")
    void comesBack() throws Exception {
        try (var party = new Party(2, "ann", "bob", "cy")) {
            var ann = maker(party);
            var cut = new CutTransport(party.loopback);
            var bob = party.join("bob", cut, request -> request);
            var cy = party.join("cy");
            finishWithout(bob, cut, ann, cy);

            clock.advance(Duration.ofSeconds(3));
            awaitLooks();
            assertFalse(ann.session.finished().isDone(), "bob would not be told");
            Party.await(
                    "bob has tried",
                    () -> String.valueOf(bob.room().reason()).contains("The line is cut"));
            cut.mend();

            var steps = new AtomicInteger();
            Party.await(
                    "bob is back, or was told already",
                    () -> {
                        if (steps.incrementAndGet() < 100) {
                            clock.advance(Duration.ofMillis(25));
                        }
                        return bob.session.finished().isDone();
                    });
            for (var host : List.of(ann, bob, cy)) {
                assertEquals(2, host.result().size());
            }
        }
    }

    @Test
    @DisplayName("R12: who does not come back within 6 s holds nobody up any longer")
    void staysAway() throws Exception {
        try (var party = new Party(2, "ann", "bob", "cy")) {
            var ann = maker(party);
            var cut = new CutTransport(party.loopback);
            var bob = party.join("bob", cut, request -> request);
            var cy = party.join("cy");
            finishWithout(bob, cut, ann, cy);
            clock.advance(Maker.COMES_BACK);
            awaitLooks();
            assertFalse(cy.session.finished().isDone());

            clock.advance(Duration.ofMillis(1));

            Party.await(
                    "cy is told",
                    () -> {
                        clock.advance(Duration.ofMillis(25));
                        return cy.session.finished().isDone();
                    });
            assertEquals(2, cy.result().size());
            assertEquals(2, ann.result().size());
            assertEquals(State.CONNECTING, bob.room().state());
        }
    }

    /** Bob has everything and is cut off; then the others have everything. */
    private void finishWithout(Party.Host bob, CutTransport cut, Party.Host ann, Party.Host cy) {
        Party.await("all are in", () -> ann.seesConnected("bob") && ann.seesConnected("cy"));
        bob.finishAll();
        Party.await("bob has all", () -> hasAll(ann, "bob"));
        cut.cut();
        Party.await("bob is away", () -> !ann.seesConnected("bob"));
        Party.await("bob knows", () -> bob.room().state() == State.CONNECTING);
        ann.finishAll();
        cy.finishAll();
        Party.await("all have all", () -> hasAll(ann, "ann") && hasAll(ann, "cy"));
        awaitLooks();
    }

    private static byte[] finished(Intruder peer, String user) {
        var states = new TreeMap<Integer, PieceState>();
        var there = new Progress(Status.FINISHED, 100, 100, null);
        states.put(0, new PieceState(there, "%064x".formatted("piece-0".hashCode())));
        var content = Report.write(List.of(new Report(user, true, states)), peer.users()).get(0);
        return peer.voice.say(Types.FINISHED, Map.of(), content);
    }

    @Test
    @DisplayName("Two members that have finished and read nothing more do not stop the end")
    void deaf() throws Exception {
        try (var party = new Party(1, "ann", "bob", "eve");
                var bob = intruder(party, "bob");
                var eve = intruder(party, "eve")) {
            var ann = party.hosts.get(0);
            bob.deaf();
            eve.deaf();
            for (var bytes = 1; bytes <= 60; bytes++) {
                var before = looks.get();
                ann.pieces.moved("piece-0", bytes, 100);
                Party.await("it is said", () -> looks.get() > before + 4);
            }
            bob.say(finished(bob, "bob"));
            eve.say(finished(eve, "eve"));
            ann.finishAll();

            Party.await(
                    "nobody says goodbye, and that is the end",
                    () -> {
                        clock.advance(Duration.ofMillis(25));
                        return ann.session.finished().isDone();
                    });
            assertEquals(1, ann.result().size());
        }
    }

    @Test
    @DisplayName("R12: whose last words are broken off closes its room all the same")
    void lastWordsAreBrokenOff() throws Exception {
        try (var party = new Party(1, "ann", "bob");
                var bob = intruder(party, "bob")) {
            var ann = party.hosts.get(0);
            bob.deaf();
            // More than may be on its way to somebody who takes nothing.
            for (var bytes = 1; bytes <= 25; bytes++) {
                var before = looks.get();
                ann.pieces.moved("piece-0", bytes, 100);
                Party.await("it is said", () -> looks.get() > before + 4);
            }

            ann.session.close();
            Party.await("ann says goodbye", () -> ann.room().state() == State.CLOSED);
            ann.session.awaitEnd(0);

            Party.await("nobody listens", () -> isRefused(party));
        }
    }

    private static boolean isRefused(Party party) {
        try {
            party.loopback.connect(party.config.transport(), new Heard()).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private Intruder intruder(Party party, String user) throws Exception {
        if (party.hosts.isEmpty()) {
            maker(party);
        }
        return new Intruder(party, user, party.keys.get(user)).enter();
    }

    @Test
    @DisplayName("However little time is left to wait for a peer, it is not for ever")
    void shortWait() throws Exception {
        var closed = new CountDownLatch(1);
        RoomChannel stuck =
                new RoomChannel() {
                    @Override
                    public void send(byte[] frame) throws InterruptedException {
                        closed.await();
                    }

                    @Override
                    public String peer() {
                        return "nobody";
                    }

                    @Override
                    public void close() {
                        closed.countDown();
                    }
                };
        var outbox = new Outbox("capstan-stuck", stuck, clock, reason -> {});
        try {
            outbox.offer(new byte[1]);
            outbox.finish();
            for (var nanos : List.of(-1, 0, 1, 999_999, 1_000_000)) {
                assertTimeoutPreemptively(
                        Party.SOON, () -> outbox.awaitEnd(Duration.ofNanos(nanos)));
            }
        } finally {
            outbox.close();
            stuck.close();
        }
    }

    @Test
    @DisplayName("R11: a deadline that falls into the goodbyes is no failure")
    void deadlineWithinTheEnd() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            party.clock = clock;
            var ann = party.join("ann", request -> request.deadline(Duration.ofSeconds(10)));
            Party.await("ann listens", () -> Party.isOpen(ann));
            try (var bob = new Intruder(party, "bob", party.keys.get("bob")).enter()) {
                clock.advance(Duration.ofSeconds(9));
                ann.finishAll();
                bob.say(finished(bob, "bob"));
                while (!bob.next().header().type().equals(Types.FINISHED)) {
                    // What was said before.
                }
                clock.advance(Duration.ofMillis(1_200));
                Party.await(
                        "ann is not kept by bob, who says no goodbye",
                        () -> {
                            clock.advance(Duration.ofMillis(5));
                            return ann.session.finished().isDone();
                        });
                assertEquals(1, ann.result().size());
            }
        }
    }

    @Test
    @DisplayName("After the event of its end a room posts nothing")
    void lastEvent() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            party.clock = clock;
            var ann = party.join("ann", request -> request.deadline(Duration.ofSeconds(10)));
            Party.await("ann listens", () -> Party.isOpen(ann));
            ann.pieces.moved("piece-0", 1, 100);
            Party.await("a first event", () -> has(ann, 1));
            ann.pieces.moved("piece-0", 2, 100);

            clock.advance(Duration.ofSeconds(10));
            Awaited.failure(ann.session.finished());

            Awaited.value(ann.session.leave());
            ann.session.awaitEnd(Party.SOON.toNanos());
            var last = ann.events.get(ann.events.size() - 1);
            assertEquals(Topics.ROOM_CLOSED, last.topic());
        }
    }

    private static boolean has(Party.Host host, long bytes) {
        return host.events.stream()
                .filter(event -> event.topic().equals(Topics.ROOM_PIECE))
                .anyMatch(
                        event ->
                                event.room()
                                                .members()
                                                .get(host.user)
                                                .pieces()
                                                .get("piece-0")
                                                .bytes()
                                        == bytes);
    }
}
