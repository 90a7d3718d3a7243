package dev.capstan.record.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Digest;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.PlayOrder.Repeat;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.Track;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E7, E8: several who hear one record, on a clock that is moved by hand. */
class SessionsTest {
    private static final String ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final Duration LENGTH = Duration.ofSeconds(200);

    @TempDir Path folder;

    private final List<Playtime> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");
    private Sessions sessions;

    @BeforeEach
    void open() throws Exception {
        var shelf = new Shelf(folder);
        var tracks = IntStream.range(0, 3).mapToObj(SessionsTest::track).toList();
        var record = new EtchedRecord(ID, "Three songs", null, tracks, now);
        shelf.put(new Entry(record, Trust.NETWORK, null, false, null));
        sessions = new Sessions(shelf, () -> now, Runnable::run, (any, at) -> told.add(at));
    }

    @Test
    @DisplayName("E8: whoever joins later gets the position of the others")
    void joinersGetThePosition() throws Exception {
        sessions.join(ID, "ann");
        pass(Duration.ofSeconds(42));

        var joined = sessions.join(ID, "bob");

        assertThat(joined.positionAt(now)).isEqualTo(Duration.ofSeconds(42));
        assertThat(joined.leader()).isEqualTo("ann");
    }

    @Test
    @DisplayName("E8: pause and seek reach all, by an event and by asking")
    void pauseAndSeekReachAll() throws Exception {
        sessions.join(ID, "ann");
        sessions.join(ID, "bob");
        pass(Duration.ofSeconds(5));

        sessions.steer(ID, "bob", 0, Duration.ofSeconds(5), 0);
        pass(Duration.ofSeconds(2));
        assertThat(position()).isEqualTo(Duration.ofSeconds(5));
        sessions.steer(ID, "ann", 1, Duration.ofSeconds(60), 1);
        pass(Duration.ofSeconds(1));

        assertThat(position()).isEqualTo(Duration.ofSeconds(61));
        assertThat(told).hasSize(4);
        assertThat(told.get(3).track()).isEqualTo(1);
    }

    @Test
    @DisplayName("E8: a leader that leaves is replaced, and nothing jumps")
    void aLeaderThatLeavesIsReplaced() throws Exception {
        sessions.join(ID, "ann");
        sessions.join(ID, "bob");
        sessions.join(ID, "cem");
        pass(Duration.ofSeconds(3));

        sessions.leave(ID, "ann");

        assertThat(sessions.playtime(ID).orElseThrow().leader()).isEqualTo("bob");
        assertThat(sessions.listeners(ID)).containsExactly("bob", "cem");
        assertThat(position()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    @DisplayName("E8: a leader that says nothing for ten seconds is replaced")
    void aSilentLeaderIsReplaced() throws Exception {
        sessions.join(ID, "ann");
        sessions.join(ID, "bob");
        pass(Duration.ofSeconds(9));
        sessions.join(ID, "bob");
        sessions.tick();
        assertThat(sessions.playtime(ID).orElseThrow().leader()).isEqualTo("ann");
        pass(Duration.ofSeconds(2));

        sessions.tick();

        assertThat(sessions.playtime(ID).orElseThrow().leader()).isEqualTo("bob");
        assertThat(position()).isEqualTo(Duration.ofSeconds(11));
        assertThatThrownBy(() -> sessions.steer(ID, "ann", 0, Duration.ZERO, 1))
                .isInstanceOfSatisfying(
                        RecordException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    @Test
    void whenTheLastOneLeavesNothingPlays() throws Exception {
        sessions.join(ID, "ann");

        sessions.leave(ID, "ann");

        assertThat(sessions.playtime(ID)).isEmpty();
        assertThat(told.get(told.size() - 1)).isNull();
    }

    @Test
    @DisplayName("E7: the next track begins in the instant the one before ended")
    void tracksFollowEachOther() throws Exception {
        sessions.join(ID, "ann");
        pass(LENGTH.plusMillis(300));
        sessions.join(ID, "ann");

        sessions.tick();

        var at = sessions.playtime(ID).orElseThrow();
        assertThat(at.track()).isEqualTo(1);
        assertThat(position()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    @DisplayName("E7: at the end a record stops, begins anew, or stays in its track")
    void theEndIsAsOrdered() throws Exception {
        sessions.join(ID, "ann");
        sessions.steer(ID, "ann", 2, LENGTH.minusSeconds(1), 1);
        pass(Duration.ofSeconds(2));
        assertThat(sessions.playtime(ID).orElseThrow().rate()).isZero();
        assertThat(position()).isEqualTo(LENGTH);

        sessions.order(ID, "ann", new PlayOrder(Repeat.ALL, null));
        sessions.steer(ID, "ann", 2, LENGTH.minusSeconds(1), 1);
        pass(Duration.ofSeconds(2));
        assertThat(sessions.playtime(ID).orElseThrow().track()).isZero();

        sessions.order(ID, "ann", new PlayOrder(Repeat.TRACK, null));
        sessions.steer(ID, "ann", 1, LENGTH.minusSeconds(1), 1);
        pass(Duration.ofSeconds(2));
        assertThat(sessions.playtime(ID).orElseThrow().track()).isEqualTo(1);
        assertThat(position()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("E7: a shuffled order is the same for all, and plays each track once")
    void aShuffledOrderIsOneForAll() {
        var order = new PlayOrder(Repeat.NONE, 7L);

        assertThat(order.of(20)).isEqualTo(new PlayOrder(Repeat.NONE, 7L).of(20));
        assertThat(order.of(20)).containsExactlyInAnyOrderElementsOf(PlayOrder.STRAIGHT.of(20));
        assertThat(order.of(20)).isNotEqualTo(PlayOrder.STRAIGHT.of(20));
        var last = order.of(20).get(19);
        assertThat(order.after(last, 20)).isEmpty();
        assertThat(new PlayOrder(Repeat.ALL, 7L).after(last, 20)).hasValue(order.of(20).get(0));
    }

    @Test
    void nonsenseIsRefused() throws Exception {
        sessions.join(ID, "ann");
        for (var rate : new double[] {-1, 4.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> sessions.steer(ID, "ann", 0, Duration.ZERO, rate))
                    .isInstanceOf(RecordException.class);
        }
        assertThatThrownBy(() -> sessions.steer(ID, "ann", 3, Duration.ZERO, 1))
                .hasMessageContaining("number 4");
        assertThatThrownBy(() -> sessions.steer(ID, "ann", 0, Duration.ofSeconds(-1), 1))
                .isInstanceOf(RecordException.class);
        assertThatThrownBy(() -> sessions.join("nothing", "ann"))
                .isInstanceOf(RecordException.class);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private Duration position() {
        return sessions.playtime(ID).orElseThrow().positionAt(now);
    }

    private static Track track(int index) {
        return new Track(
                "Song " + index,
                URI.create("https://example.org/" + index),
                Digest.sha256("0".repeat(64)),
                null,
                1,
                "audio/mpeg",
                LENGTH,
                Map.of());
    }
}
