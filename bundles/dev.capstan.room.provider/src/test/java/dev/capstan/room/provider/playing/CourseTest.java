package dev.capstan.room.provider.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.capstan.content.Digest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.PlayOrder;
import dev.capstan.record.PlayOrder.Repeat;
import dev.capstan.record.Playtime;
import dev.capstan.record.Track;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** E7, E8: where a record is by itself. */
class CourseTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private static final Track TRACK =
            new Track(
                    "A song",
                    URI.create("https://a.example/song"),
                    Digest.sha256("0".repeat(64)),
                    null,
                    1_000,
                    null,
                    Duration.ofSeconds(100),
                    Map.of());

    private static final EtchedRecord THREE =
            new EtchedRecord("id", "Three", null, Collections.nCopies(3, TRACK), START);

    private static Playtime after(long seconds, double rate, Repeat repeat) {
        var from =
                new Playtime(
                        "id", 1, Duration.ZERO, START, rate, new PlayOrder(repeat, null), "ann");
        return Course.at(THREE, from, START.plusSeconds(seconds));
    }

    @Test
    @DisplayName("E7: tracks follow each other in their order, and the last one ends it")
    void tracksFollowEachOther() {
        assertEquals(Duration.ofSeconds(99), after(99, 1, Repeat.NONE).position());
        var next = after(130, 1, Repeat.NONE);
        assertEquals(2, next.track());
        assertEquals(Duration.ofSeconds(30), next.position());
        var ended = after(1_000, 1, Repeat.NONE);
        assertEquals(2, ended.track());
        assertEquals(TRACK.duration(), ended.position());
        assertEquals(0, ended.rate());
        assertEquals(0, after(220, 1, Repeat.ALL).track());
        assertEquals(1, after(220, 1, Repeat.TRACK).track());
        assertEquals(Duration.ofSeconds(60), after(80, 2, Repeat.NONE).position());
        assertEquals(Duration.ZERO, after(130, 0, Repeat.NONE).position());
    }

    @Test
    @DisplayName("S3: whoever claims that it has gone round for years costs no time")
    void yearsCostNoTime() {
        assertEquals(0, after(Duration.ofDays(36_500).toSeconds(), 4, Repeat.ALL).rate());
    }
}
