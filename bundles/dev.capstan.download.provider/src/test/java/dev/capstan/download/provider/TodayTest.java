package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Statistics.Totals;
import dev.capstan.name.Ulid;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TodayTest {
    @TempDir Path folder;
    private final ManualClock clock = new ManualClock();

    private LocalState state() {
        return new LocalState(folder.resolve("state.properties"), new Ulid(clock));
    }

    @Test
    void theDayGoesOnAfterARestartAndEndsAtMidnight() {
        var state = state();
        var today = new Today(state, clock);
        assertThat(today.isOver()).isTrue();
        assertThat(today.of(new Totals(5, 1, 500))).isEqualTo(Totals.NONE);
        assertThat(today.of(new Totals(7, 1, 800))).isEqualTo(new Totals(2, 0, 300));
        state.flush();

        var again = new Today(state(), clock);
        assertThat(again.isOver()).isFalse();
        assertThat(again.of(new Totals(8, 2, 900))).isEqualTo(new Totals(3, 1, 400));

        clock.advance(Duration.ofHours(24));
        assertThat(again.isOver()).isTrue();
        assertThat(again.of(new Totals(8, 2, 900))).isEqualTo(Totals.NONE);
    }

    @Test
    void anOlderDatabaseBeginsTheDayAnew() {
        var today = new Today(state(), clock);
        today.of(new Totals(5, 1, 500));

        assertThat(today.of(new Totals(1, 0, 100))).isEqualTo(Totals.NONE);
        assertThat(today.of(new Totals(2, 0, 150))).isEqualTo(new Totals(1, 0, 50));
    }
}
