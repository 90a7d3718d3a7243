package dev.capstan.admin.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Scripted;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.content.Digest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.Playtime;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.RecordPlayer;
import dev.capstan.record.Records;
import dev.capstan.record.Track;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E8, E10: what all who listen to a record are told by the operator's words. */
class RecordVerbsTest {
    private static final String ID = "01JGFJJZ00AAAAAAAAAAAAAAAA";
    private static final String NAME = "Evening songs";

    @TempDir private Path folder;
    private final List<String> calls = new ArrayList<>();
    private TestHost host;
    private @Nullable Playtime now;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
        host.give(Scripted.of(Records.class, this::records));
        host.give(Scripted.of(RecordPlayer.class, this::player));
    }

    @Test
    @DisplayName("E10: listen starts a player for the record, by its name or how its id begins")
    void aRecordIsListenedTo() throws Exception {
        assertThat(run(0, "records", "listen", NAME)).isEqualTo("mpv-" + ID + "\n");
        run(0, "records", "listen", "01jgfjjz00");

        assertThat(calls).containsExactly("listen " + ID, "listen " + ID);
        assertThat(err(1, "records", "listen", "Morning songs")).contains("No record is named");
        assertThat(calls).hasSize(2);
    }

    @Test
    @DisplayName("E8: pause and resume keep the place, in the name of whoever leads")
    void pauseAndResumeKeepThePlace() throws Exception {
        plays(Duration.ofSeconds(30), 0);

        run(0, "records", "resume", NAME);
        run(0, "records", "pause", NAME);

        assertThat(calls)
                .containsExactly("steer leader 1 PT30S at 1.0", "steer leader 1 PT30S at 0.0");
    }

    @Test
    @DisplayName("E8: seek goes to a place and leaves the pace as it is")
    void seekGoesToAPlace() throws Exception {
        plays(Duration.ofSeconds(30), 0);

        assertThat(run(0, "records", "seek", NAME, "90.5")).contains("paused, led by leader");

        assertThat(calls).containsExactly("steer leader 1 PT1M30.5S at 0.0");
        for (var bad : List.of("1e8", "NaN", "1e300", "soon")) {
            assertThat(err(28, "records", "seek", NAME, bad)).contains("is no number of seconds");
        }
        assertThat(err(28, "records", "seek", NAME)).contains("needs a record and a value");
        assertThat(calls).hasSize(1);
    }

    @Test
    @DisplayName("E7: shuffle keeps how it repeats, and repeat how it is shuffled")
    void shuffleAndRepeatChangeOneThingEach() throws Exception {
        plays(Duration.ZERO, 0);

        run(0, "records", "repeat", NAME, "all");
        run(0, "records", "shuffle", NAME, "on");
        run(0, "records", "repeat", NAME, "track");
        run(0, "records", "shuffle", NAME, "off");

        assertThat(calls)
                .containsExactly(
                        "order leader ALL straight",
                        "order leader ALL shuffled",
                        "order leader TRACK shuffled",
                        "order leader TRACK straight");
        assertThat(err(28, "records", "shuffle", NAME, "maybe")).contains("on or off");
        assertThat(err(28, "records", "repeat", NAME, "twice")).contains("none, track or all");
        assertThat(calls).hasSize(4);
    }

    @Test
    void whatNobodyListensToCannotBeSteered() throws Exception {
        for (var words : List.of("pause", "resume", "seek 1", "shuffle on", "repeat all")) {
            var line = new ArrayList<>(List.of("records"));
            line.addAll(List.of(words.split(" ")));
            line.add(2, NAME);
            assertThat(err(1, line.toArray(String[]::new))).contains("Nobody listens to \"" + NAME);
        }
        assertThat(err(28, "records", "paus", NAME)).contains("pause");
        assertThat(calls).isEmpty();
    }

    @Test
    @DisplayName("E11: what the player refuses has the exit code of its reason")
    void aPlayerThatRefusesIsHeard() throws Exception {
        host.give(
                Scripted.of(
                        RecordPlayer.class,
                        (name, words) -> new RecordException(Reason.UNAVAILABLE, "No mpv here.")));

        assertThat(err(1, "records", "listen", NAME)).isEqualTo("capstan: No mpv here.\n");
    }

    @Test
    void stopEndsThePlayersOfThatRecordAlone() throws Exception {
        run(0, "records", "stop", NAME);

        assertThat(calls).containsExactly("stop mpv-" + ID);
    }

    private void plays(Duration position, double rate) {
        now = new Playtime(ID, 1, position, Instant.now(), rate, PlayOrder.STRAIGHT, "leader");
    }

    private Object records(String name, Object[] words) {
        return switch (name) {
            case "list" -> List.of(record());
            case "playtime" -> Optional.ofNullable(now);
            case "steer" -> {
                calls.add(
                        "steer " + words[1] + " " + words[2] + " " + words[3] + " at " + words[4]);
                // As if it stood there, so that no time goes by from one word to the next.
                plays((Duration) words[3], 0);
                yield now;
            }
            case "order" -> {
                var order = (PlayOrder) words[2];
                var how = order.shuffle() == null ? "straight" : "shuffled";
                calls.add("order " + words[1] + " " + order.repeat() + " " + how);
                now = new Playtime(ID, 1, Duration.ZERO, Instant.now(), 0, order, "leader");
                yield now;
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    private Object player(String name, Object[] words) {
        return switch (name) {
            case "listen" -> {
                calls.add("listen " + words[0]);
                yield "mpv-" + words[0];
            }
            case "listeners" -> List.of("mpv-" + ID, "mpv-01JGFJJZ00BBBBBBBBBBBBBBBB");
            default -> calls.add("stop " + words[0]);
        };
    }

    private static EtchedRecord record() {
        var tracks = new ArrayList<Track>();
        for (var title : List.of("One", "Two")) {
            tracks.add(
                    new Track(
                            title,
                            URI.create("https://example.org/" + title),
                            Digest.sha256("1".repeat(64)),
                            null,
                            3_000_000,
                            "audio/flac",
                            Duration.ofMinutes(3),
                            Map.of()));
        }
        return new EtchedRecord(ID, NAME, null, tracks, Instant.parse("2026-01-31T12:00:00Z"));
    }

    private String run(int exit, String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).as(call.err()).isEqualTo(exit);
        return call.out();
    }

    private String err(int exit, String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).isEqualTo(exit);
        return call.err();
    }
}
