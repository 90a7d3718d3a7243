package dev.capstan.room.provider.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** E8: the maker's clock as round trips tell it. */
class MakerClockTest {
    private static final Duration AHEAD = Duration.ofSeconds(7);

    private final MakerClock clock = new MakerClock();
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    /** One question, and how long each way and the answer took. */
    private void ask(int thereMillis, int heldMillis, int backMillis) {
        now = now.plusSeconds(5);
        var ping = Objects.requireNonNull(clock.ask(now));
        var came = now.plusMillis(thereMillis);
        var said = came.plusMillis(heldMillis);
        clock.hear(
                MakerClock.answer(ping, came.plus(AHEAD), said.plus(AHEAD)),
                said.plusMillis(backMillis));
    }

    @Test
    @DisplayName("E8: what waited in a queue on its way is not believed where another did not")
    void theFastestTripIsBelieved() {
        ask(300, 0, 20);
        assertEquals(AHEAD.plusMillis(140), clock.offset().orElseThrow());

        ask(20, 190, 20);
        ask(20, 0, 900);

        assertEquals(AHEAD, clock.offset().orElseThrow());
    }

    @Test
    @DisplayName("E8: old answers are forgotten, since clocks drift")
    void oldAnswersAreForgotten() {
        ask(10, 0, 10);
        for (var count = 0; count < 8; count++) {
            ask(40, 0, 20);
        }

        assertEquals(AHEAD.plusMillis(10), clock.offset().orElseThrow());
    }

    @Test
    @DisplayName("E8: it asks a few times at once, and then now and then")
    void itAsksNowAndThen() {
        for (var count = 0; count < 4; count++) {
            Objects.requireNonNull(clock.ask(now));
        }
        assertNull(clock.ask(now.plusSeconds(3)));
        Objects.requireNonNull(clock.ask(now.plusSeconds(4)));
    }
}
