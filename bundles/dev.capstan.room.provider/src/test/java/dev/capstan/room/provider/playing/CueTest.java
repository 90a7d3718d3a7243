package dev.capstan.room.provider.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.capstan.record.PlayOrder;
import dev.capstan.record.PlayOrder.Repeat;
import dev.capstan.record.Playtime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** E8, S3: what others say of what is played. */
class CueTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private static final Playtime PLAYTIME =
            new Playtime(
                    "song",
                    3,
                    Duration.ofSeconds(42),
                    NOW,
                    1.25,
                    new PlayOrder(Repeat.ALL, -7L),
                    "ann");

    @Test
    @DisplayName("E8: what was said is read again, as of when it was said")
    void whatWasSaidIsReadAgain() {
        var later = NOW.plusSeconds(4);

        var read = Cue.of(Cue.PLAYING, Cue.playing(PLAYTIME).fields(later), "ann");

        assertEquals(
                new Playtime(
                        "song", 3, Duration.ofSeconds(47), later, 1.25, PLAYTIME.order(), "ann"),
                read.playtime());
        assertEquals(
                Cue.stopped("song"), Cue.of(Cue.STOPPED, Cue.stopped("song").fields(later), "ann"));
    }

    @ParameterizedTest
    @DisplayName("S3: what no host says is refused, and nothing overflows")
    @CsvSource({
        "record, ''",
        "track, -1",
        "track, 2147483648",
        "position, -1",
        "position, 9223372036854775807",
        "at, -1",
        "at, 9223372036854775807",
        "at, yesterday",
        "rate, -1",
        "rate, 4000001",
        "rate, NaN",
        "repeat, SOME",
        "shuffle, x"
    })
    void whatNoHostSaysIsRefused(String name, String value) {
        var fields = new HashMap<>(Cue.playing(PLAYTIME).fields(NOW));
        fields.put(name, value);

        assertThrows(IllegalArgumentException.class, () -> Cue.of(Cue.PLAYING, fields, "mallory"));
        fields.remove(name);
        if (!name.equals("shuffle")) {
            assertThrows(
                    IllegalArgumentException.class, () -> Cue.of(Cue.LISTENING, fields, "mallory"));
        }
    }

    @Test
    @DisplayName("S3: an id of any length is refused")
    void aLongIdIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Cue.of(Cue.STOPPED, Map.of("record", "x".repeat(129)), "mallory"));
    }
}
