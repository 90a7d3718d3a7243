package dev.capstan.room.provider.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.record.PlayOrder;
import dev.capstan.record.Playtime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** E8: what a room's maker keeps and tells. */
class ProgrammeTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final Programme programme = new Programme();

    private static Playtime at(String record, int seconds) {
        return new Playtime(
                record, 0, Duration.ofSeconds(seconds), NOW, 1, PlayOrder.STRAIGHT, "ann");
    }

    @Test
    @DisplayName("E8: who begins while others play joins them, and who steers moves all")
    void whoBeginsJoinsTheOthers() {
        assertTrue(programme.hear("ann", Cue.listening(at("song", 10)), NOW));
        assertEquals(List.of(Cue.playing(at("song", 10))), programme.changes());

        assertFalse(programme.hear("ben", Cue.listening(at("song", 0)), NOW));
        assertEquals(List.of(), programme.changes());

        assertTrue(programme.hear("ben", Cue.playing(at("song", 70)), NOW));
        assertEquals(List.of(Cue.playing(at("song", 70))), programme.changes());
        // Another host came to the same by itself.
        var same = at("song", 68);
        assertFalse(programme.hear("ann", Cue.playing(same), NOW.plusSeconds(120)));
        assertFalse(programme.hear("ann", Cue.playing(at("song", 70)), NOW));
    }

    @Test
    @DisplayName("E8: it ends with the last who listens, whether that one says so or is gone")
    void itEndsWithTheLast() {
        programme.hear("ann", Cue.listening(at("song", 10)), NOW);
        programme.hear("ben", Cue.listening(at("song", 10)), NOW);
        programme.changes();

        assertFalse(programme.gone("ann"));
        assertFalse(programme.hear("eve", Cue.stopped("song"), NOW));
        assertTrue(programme.hear("ben", Cue.stopped("song"), NOW));

        assertEquals(List.of(Cue.stopped("song")), programme.changes());
        assertEquals(List.of(Cue.stopped("")), programme.all());
    }

    @Test
    @DisplayName(
            "S8: a member that makes up records fills no memory, and one of another time is not heard")
    void aMemberFillsNoMemory() {
        for (var count = 0; count < 1_000; count++) {
            programme.hear("mallory", Cue.playing(at("song " + count, 0)), NOW);
        }
        assertEquals(Programme.MOST_RECORDS, programme.changes().size());

        programme.gone("mallory");
        programme.changes();
        assertFalse(programme.hear("ann", Cue.playing(at("song", 0)), NOW.plusSeconds(61)));
        assertTrue(programme.hear("ann", Cue.playing(at("song", 0)), NOW.plusSeconds(59)));
    }
}
