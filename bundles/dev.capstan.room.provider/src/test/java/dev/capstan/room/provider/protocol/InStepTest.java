package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.content.Digest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.PlayOrder.Repeat;
import dev.capstan.record.Playtime;
import dev.capstan.record.Records;
import dev.capstan.record.Track;
import dev.capstan.room.provider.playing.Cue;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * E8 between hosts: real records on each, 80 ms from the maker, with clocks that are 7 s apart. All
 * records of this process read the one clock of the machine, so how far they are apart is exact.
 */
class InStepTest {
    private static final String ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final Duration LENGTH = Duration.ofSeconds(300);
    private static final Duration DELAY = Duration.ofMillis(80);
    private static final Duration APART = Duration.ofMillis(250);
    private static final Duration CLOCKS_APART = Duration.ofSeconds(7);

    @TempDir Path data;

    private final Party party = new Party(1, "ann", "ben", "cat", "dan");
    private final InstantSource clock = party.clock;
    private final Map<String, Musician> musicians = new LinkedHashMap<>();

    private record Musician(String user, RecordsHost host, SlowTransport transport, Party.Host room)
            implements AutoCloseable {

        Records records() {
            return host.records;
        }

        Playtime now() {
            return records().playtime(ID).orElseThrow();
        }

        boolean plays() {
            return records().playtime(ID).isPresent();
        }

        void steer(int track, Duration position, double rate) throws Exception {
            records().steer(ID, user, track, position, rate);
        }

        @Override
        public void close() throws Exception {
            transport.close();
            room.session.close();
            host.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        join("ann", Duration.ZERO, true);
        join("ben", CLOCKS_APART, true);
        join("cat", CLOCKS_APART.negated(), true);
        musicians.values().forEach(InStepTest::awaitOpen);
    }

    private static void awaitOpen(Musician musician) {
        Party.await(musician.user + " is in", () -> Party.isOpen(musician.room));
    }

    @AfterEach
    void close() throws Exception {
        for (var each : musicians.values()) {
            each.close();
        }
        party.close();
    }

    private Musician join(String user, Duration skew, boolean hasRecord) throws Exception {
        var host = new RecordsHost(data.resolve(user));
        if (hasRecord) {
            host.records.add(record());
        }
        var transport = new SlowTransport(party.loopback, DELAY);
        party.records = () -> host.records;
        party.clock = () -> clock.instant().plus(skew);
        var room =
                user.equals(party.maker)
                        ? party.join(user)
                        : party.join(user, transport, UnaryOperator.identity());
        host.whenPlaying(room.session::stir);
        var musician = new Musician(user, host, transport, room);
        musicians.put(user, musician);
        if (user.equals(party.maker)) {
            awaitOpen(musician);
        }
        return musician;
    }

    private static EtchedRecord record() {
        var tracks =
                IntStream.range(0, 3)
                        .mapToObj(
                                track ->
                                        new Track(
                                                "Song " + track,
                                                URI.create("https://a.example/" + track),
                                                Digest.sha256("%064x".formatted(track)),
                                                null,
                                                1_000,
                                                "audio/mpeg",
                                                LENGTH,
                                                Map.of()))
                        .toList();
        return new EtchedRecord(ID, "Three songs", null, tracks, Instant.EPOCH);
    }

    private Musician musician(String user) {
        return musicians.get(user);
    }

    @Test
    @DisplayName(
            "E8: pause, seek, track and order of any host reach all; who joins has the position")
    void whatOneDoesReachesAll() throws Exception {
        var ann = musician("ann");
        var ben = musician("ben");
        var cat = musician("cat");
        ben.records().join(ID, "ben");
        ben.steer(0, Duration.ofSeconds(40), 1);
        awaitInStep(0, Duration.ofSeconds(40), 1);

        // Who only now listens has the position of all at once.
        var joined = cat.records().join(ID, "cat");
        assertTrue(joined.positionAt(Instant.now()).compareTo(Duration.ofSeconds(40)) > 0);
        cat.steer(1, Duration.ofSeconds(90), 1);
        awaitInStep(1, Duration.ofSeconds(90), 1);

        ann.records().join(ID, "ann");
        ann.steer(1, Duration.ofSeconds(120), 0);
        awaitInStep(1, Duration.ofSeconds(120), 0);
        assertEquals(ann.now().position(), cat.now().position());

        var order = new PlayOrder(Repeat.ALL, 5L);
        ben.records().order(ID, "ben", order);
        await("the order is everywhere", each -> each.now().order().equals(order));
        ben.records().order(ID, "ben", PlayOrder.STRAIGHT);
        await("the order is back", each -> each.now().order().equals(PlayOrder.STRAIGHT));

        // A newcomer, of whom nobody knows yet.
        ann.steer(1, LENGTH.minusMillis(800), 1);
        join("dan", CLOCKS_APART.multipliedBy(2), true);
        awaitInStep(2, Duration.ZERO, 1);

        var said = said();
        var farthest = Duration.ZERO;
        var end = System.nanoTime() + Duration.ofMillis(400).toNanos();
        while (System.nanoTime() < end) {
            var apart = apart();
            farthest = apart.compareTo(farthest) > 0 ? apart : farthest;
        }
        assertTrue(farthest.compareTo(APART) < 0, "Apart: " + farthest);
        assertEquals(said, said(), "Nothing was done, and something was said");
        assertTrue(said < 60, "Frames for 8 things that were done: " + said);
    }

    @Test
    @DisplayName("E8: others go on without the leader's host, and without the maker's")
    void othersGoOn() throws Exception {
        var ann = musician("ann");
        var ben = musician("ben");
        var cat = musician("cat");
        var dan = join("dan", Duration.ZERO, false);
        ben.records().join(ID, "ben");
        ben.steer(0, Duration.ofSeconds(10), 1);
        await("ben is heard", Musician::plays);
        cat.records().join(ID, "cat");
        awaitInStep(0, Duration.ofSeconds(10), 1);

        musicians.remove("ben").close();
        Party.await("ben is away", () -> !ann.room.seesConnected("ben"));
        cat.steer(2, Duration.ofSeconds(70), 1);
        awaitInStep(2, Duration.ofSeconds(70), 1);

        // Nobody is left who listens, on any host.
        cat.records().leave(ID, "cat");
        await("it has ended", each -> !each.plays());
        cat.records().join(ID, "cat");
        Party.await("it plays again", ann::plays);
        // Who does not have the record was not troubled by it.
        awaitOpen(dan);
        assertEquals(List.of(), dan.room.room().warnings());

        musicians.remove("ann").close();
        Party.await("the maker is away", () -> !Party.isOpen(cat.room));
        cat.steer(1, Duration.ofSeconds(20), 1);
        assertEquals(1, cat.now().track());
        Party.await("only cat listens", () -> cat.records().listeners(ID).size() == 1);
    }

    private void awaitInStep(int track, Duration atLeast, double rate) {
        await(
                "track " + track + " from " + atLeast + " at rate " + rate,
                each ->
                        each.plays()
                                && each.now().track() == track
                                && each.now().rate() == rate
                                && each.now().positionAt(Instant.now()).compareTo(atLeast) >= 0
                                && apart().compareTo(APART) < 0);
    }

    private void await(String what, Predicate<Musician> condition) {
        Party.await(
                what,
                () ->
                        musicians.values().stream()
                                .filter(each -> each.records().get(ID).isPresent())
                                .allMatch(condition));
    }

    /** How far the first and the last are apart, at one moment. */
    private Duration apart() {
        var at =
                musicians.values().stream()
                        .flatMap(each -> each.records().playtime(ID).stream())
                        .toList();
        var now = Instant.now();
        var positions = at.stream().map(each -> each.positionAt(now)).sorted().toList();
        return positions.get(positions.size() - 1).minus(positions.get(0));
    }

    private long said() {
        return musicians.values().stream()
                .mapToLong(each -> each.transport.count(Cue.PLAYING, Cue.LISTENING, Cue.STOPPED))
                .sum();
    }
}
