package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.event.Topics;
import dev.capstan.room.Room.State;
import dev.capstan.room.Room.Status;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rooms from the first member to the last goodbye (R10 to R12). */
@Timeout(120)
class RoomTest {

    @Test
    @DisplayName("R12: three users with five pieces each see the same, and end together")
    void threeUsers() throws Exception {
        try (var party = new Party(5, "ann", "bob", "cy")) {
            var hosts = party.joinAll();
            for (var host : hosts) {
                host.pieces.moved("piece-0", 50, 100);
            }
            for (var host : hosts) {
                for (var other : hosts) {
                    Party.await(
                            host.user + " has told that " + other.user + " moves",
                            () -> !host.events.isEmpty() && log(host).contains(moves(other)));
                }
            }
            hosts.get(0).finishAll();
            hosts.get(1).finishAll();
            Party.await(
                    "cy knows that two are finished",
                    () -> isFinished(hosts.get(2), "ann") && isFinished(hosts.get(2), "bob"));
            assertTrue(hosts.stream().allMatch(host -> host.room().result().isEmpty()));
            assertFalse(hosts.get(0).session.finished().isDone(), "nobody gets it earlier");

            hosts.get(2).finishAll();

            for (var host : hosts) {
                assertEquals(
                        List.of("piece-0", "piece-1", "piece-2", "piece-3", "piece-4"),
                        List.copyOf(host.result().keySet()),
                        "in the order of the room file");
                assertEquals(State.FINISHED, host.room().state());
                assertEquals(List.of(), host.room().warnings());
                Party.await(
                        host.user + "'s last event",
                        () -> topics(host).contains(Topics.ROOM_FINISHED));
            }
            assertEquals(log(hosts.get(0)), log(hosts.get(1)), "the same log of events");
            assertEquals(log(hosts.get(0)), log(hosts.get(2)), "the same log of events");
            assertThrows(
                    IOException.class,
                    () -> party.loopback.connect(party.config.transport(), null),
                    "the listener is closed");
        }
    }

    /** What a host saw of each piece, in the order it saw it, and how the room ended. */
    private static List<String> log(Party.Host host) {
        var log = new ArrayList<String>();
        for (var user : host.room().members().keySet()) {
            for (var piece : host.room().members().get(user).pieces().keySet()) {
                var seen = new ArrayList<>(List.of(Status.NOT_STARTED));
                for (var event : host.events) {
                    var status = event.room().members().get(user).pieces().get(piece).status();
                    if (seen.get(seen.size() - 1) != status) {
                        seen.add(status);
                    }
                }
                log.add(user + " " + piece + " " + seen);
            }
        }
        log.add(host.events.get(host.events.size() - 1).topic());
        return log;
    }

    private static String moves(Party.Host host) {
        return host.user + " piece-0 " + List.of(Status.NOT_STARTED, Status.IN_PROGRESS);
    }

    private static TreeSet<String> topics(Party.Host host) {
        var topics = new TreeSet<String>();
        host.events.forEach(event -> topics.add(event.topic()));
        return topics;
    }

    private static boolean isFinished(Party.Host host, String user) {
        return host.room().members().get(user).pieces().values().stream()
                .allMatch(each -> each.status() == Status.FINISHED);
    }

    @Test
    @DisplayName("R10: one who drops at half and returns is seen to, and fetches nothing twice")
    void dropAndReturn() throws Exception {
        try (var party = new Party(2, "ann", "bob", "cy")) {
            var ann = party.join("ann");
            Party.await("ann listens", () -> Party.isOpen(ann));
            var cut = new CutTransport(party.loopback);
            var bob = party.join("bob", cut, request -> request);
            var cy = party.join("cy");
            Party.await("bob is in", () -> Party.isOpen(bob) && cy.seesConnected("bob"));
            bob.pieces.moved("piece-0", 50, 100);
            Party.await("cy sees half", () -> cy.sees("bob", "piece-0").bytes() == 50);

            cut.isLossy = true;
            var sent = cut.sent.size();
            bob.pieces.finished("piece-0");
            Party.await("what bob says is lost", () -> cut.sent.size() > sent);
            cut.cut();

            Party.await("cy sees bob go", () -> !cy.seesConnected("bob"));
            Party.await("bob knows", () -> bob.room().state() == State.CONNECTING);
            assertNotNull(bob.room().reason());
            assertFalse(isThere(cy, "bob", "piece-0"));
            ann.pieces.moved("piece-1", 7, 100);
            cut.isLossy = false;
            cut.mend();
            Party.await("cy sees bob come", () -> cy.seesConnected("bob"));
            Party.await("and what he did", () -> isThere(cy, "bob", "piece-0"));
            Party.await("bob sees too", () -> bob.sees("ann", "piece-1").bytes() == 7);
            assertEquals(1, bob.pieces.starts.get(), "nothing is fetched twice");
            List.of(ann, bob, cy).forEach(Party.Host::finishAll);
            for (var host : List.of(ann, bob, cy)) {
                assertEquals(2, host.result().size());
            }
        }
    }

    @Test
    @DisplayName("R10: what there was no room to say while the maker took nothing is said after")
    void makerTakesNothing() throws Exception {
        var looks = new AtomicInteger();
        try (var party = new Party(3, "ann", "bob")) {
            var ann = party.join("ann");
            Party.await("ann listens", () -> Party.isOpen(ann));
            var clock = party.clock;
            party.clock =
                    () -> {
                        looks.incrementAndGet();
                        return clock.instant();
                    };
            var cut = new CutTransport(party.loopback);
            var bob = party.join("bob", cut, request -> request);
            Party.await("bob is in", () -> Party.isOpen(bob) && ann.seesConnected("bob"));
            cut.clog(true);
            // Each look has an error and a progress to tell, and more of them than may wait.
            for (var round = 0; round < 20; round++) {
                bob.pieces.failed("piece-" + round % 2, "No. " + round);
                bob.pieces.moved("piece-" + (round + 1) % 2, round, 100);
                var before = looks.get();
                Party.await("bob has looked", () -> looks.get() > before + 8);
            }
            bob.pieces.finished("piece-2");
            var before = looks.get();
            Party.await("bob has looked", () -> looks.get() > before + 8);

            cut.clog(false);

            Party.await("ann knows all", () -> isThere(ann, "bob", "piece-2"));
        }
    }

    private static boolean isThere(Party.Host host, String user, String piece) {
        return host.sees(user, piece).status() == Status.FINISHED;
    }

    @Test
    @DisplayName("R12: who vanishes after finishing holds nobody up")
    void vanishAfterFinishing() throws Exception {
        try (var party = new Party(2, "ann", "bob", "cy")) {
            var clock = new ManualClock();
            party.clock = clock;
            var hosts = party.joinAll();
            hosts.get(2).finishAll();
            Party.await("cy is finished", () -> isFinished(hosts.get(0), "cy"));
            hosts.get(2).session.leave();
            Party.await("cy is gone", () -> !hosts.get(0).seesConnected("cy"));

            hosts.get(0).finishAll();
            hosts.get(1).finishAll();

            Party.await(
                    "bob hears it, then nobody is waited for",
                    () -> {
                        clock.advance(Duration.ofMillis(50));
                        return hosts.get(0).session.finished().isDone();
                    });
            assertEquals(2, hosts.get(0).result().size());
            assertEquals(2, hosts.get(1).result().size());
        }
    }

    @Test
    @DisplayName("R12: who vanishes before is waited for until the deadline, and no longer")
    void vanishBeforeFinishing() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            var clock = new ManualClock();
            party.clock = clock;
            var ann = party.join("ann", request -> request.deadline(Duration.ofMinutes(5)));
            Party.await("ann listens, so that nobody waits", () -> Party.isOpen(ann));
            var bob = party.join("bob");
            Party.await("bob is in", () -> ann.seesConnected("bob"));
            ann.finishAll();
            bob.session.leave();
            Party.await("bob is gone", () -> !ann.seesConnected("bob"));
            clock.advance(Duration.ofMinutes(5).minusMillis(1));
            assertEquals(State.OPEN, ann.room().state());

            clock.advance(Duration.ofMillis(1));

            var failure = Awaited.failure(ann.session.finished());
            assertEquals(Reason.FAILED, assertInstanceOf(RoomException.class, failure).reason());
            assertEquals(State.FAILED, ann.room().state());
            assertTrue(ann.pieces.isClosed.get(), "its downloads are stopped");
            assertTrue(topics(ann).contains(Topics.ROOM_CLOSED));
        }
    }

    @Test
    @DisplayName("R12: when the maker goes, members come back to it once it is there again")
    void makerReturns() throws Exception {
        try (var party = new Party(1, "ann", "bob", "cy")) {
            var hosts = party.joinAll();
            hosts.get(1).finishAll();
            Awaited.value(hosts.get(0).session.leave());
            for (var host : hosts.subList(1, 3)) {
                Party.await("it waits", () -> host.room().state() == State.CONNECTING);
            }

            var again = party.join("ann");
            again.finishAll();
            hosts.get(2).finishAll();

            for (var host : List.of(again, hosts.get(1), hosts.get(2))) {
                assertEquals(1, host.result().size());
            }
        }
    }

    @Test
    @DisplayName("R10: a member may be there before the maker is")
    void makerComesLast() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            var bob = party.join("bob");
            Party.await("bob says why he waits", () -> bob.room().reason() != null);
            assertEquals(0, bob.pieces.starts.get(), "he is not in the room yet");

            party.join("ann");

            assertEquals("bob", Awaited.value(bob.session.joined()).user());
        }
    }

    @Test
    @DisplayName("R11: an error is seen by all and ends nothing; retried, the piece may finish")
    void errorAndRetry() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            var hosts = party.joinAll();
            var bob = hosts.get(1);
            bob.pieces.failed("piece-0", "1: 404 \u0007\ud800");
            Party.await("ann sees it", () -> hosts.get(0).sees("bob", "piece-0").error() != null);
            assertEquals(Status.ERROR, hosts.get(0).sees("bob", "piece-0").status());
            assertTrue(hosts.get(0).sees("bob", "piece-0").error().startsWith("1: 404"));
            assertEquals(State.OPEN, bob.room().state());

            assertTrue(bob.session.retry("piece-0"));
            assertFalse(bob.session.retry("piece-0"), "it has not failed again");
            bob.finishAll();
            hosts.get(0).finishAll();

            assertEquals(1, bob.result().size());
        }
    }

    @Test
    @DisplayName("R11: who wants it so leaves the room once a piece has failed for good")
    void abort() throws Exception {
        try (var party = new Party(1, "ann", "bob")) {
            var ann = party.join("ann");
            Party.await("ann listens", () -> Party.isOpen(ann));
            var bob = party.join("bob", request -> request.abortOnFailure(true));
            Party.await("bob is in", () -> ann.seesConnected("bob"));

            bob.pieces.failed("piece-0", "no link is left");

            assertTrue(Awaited.failure(bob.session.finished()).getMessage().contains("no link"));
            Party.await("bob is gone", () -> !ann.seesConnected("bob"));
            assertEquals(State.OPEN, ann.room().state());
        }
    }

    @Test
    @DisplayName("R10: a piece with other bytes than another user's is flagged to all")
    void otherBytes() throws Exception {
        try (var party = new Party(2, "ann", "bob", "cy")) {
            var hosts = party.joinAll();
            hosts.get(1).pieces.finished("piece-0", "a".repeat(64));
            Party.await("bob has it", () -> isThere(hosts.get(0), "bob", "piece-0"));

            hosts.get(2).pieces.finished("piece-0", "b".repeat(64));

            for (var host : hosts) {
                Party.await(
                        host.user + " is told",
                        () ->
                                host.room().warnings().stream()
                                        .anyMatch(each -> each.startsWith("cy, piece-0: ")));
                assertEquals(Status.FINISHED, host.sees("cy", "piece-0").status());
            }
        }
    }

    @Test
    @DisplayName("R11: while pieces arrive too slowly there is a warning")
    void slowPieces() throws Exception {
        try (var party = new Party(1, "ann")) {
            var clock = new ManualClock();
            party.clock = clock;
            var ann = party.join("ann", request -> request.minimumSpeed(1_000));
            ann.pieces.moved("piece-0", 100, 100_000);
            clock.advance(Duration.ofSeconds(5));
            Party.await("a warning", () -> ann.room().warnings().toString().contains("1000"));

            ann.pieces.moved("piece-0", 50_000, 100_000);
            clock.advance(Duration.ofSeconds(5));

            Party.await("no warning", () -> ann.room().warnings().isEmpty());
        }
    }
}
