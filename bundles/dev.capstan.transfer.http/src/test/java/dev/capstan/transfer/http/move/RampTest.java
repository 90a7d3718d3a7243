package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How many connections pay")
class RampTest {
    private static final long MILLI = 1_000_000;
    private static final long MUCH = Long.MAX_VALUE / 4;

    @Test
    void eachConnectionIsAsFastAsTheFirst() {
        assertThat(run(10, 8, MUCH, count -> 5_000_000L * count))
                .startsWith(1, 2, 4, 8)
                .endsWith(8);
    }

    @Test
    void theWholeIsThereWithinOneAndAHalfSeconds() {
        // 200 Mbit/s in all, 40 for each connection: five fill it.
        assertThat(run(6, 8, MUCH, count -> Math.min(25_000_000, 5_000_000L * count))).contains(8);
    }

    @Test
    void oneConnectionFillsTheLink() {
        assertThat(run(20, 8, MUCH, count -> 25_000_000)).containsOnly(1, 2).endsWith(1);
    }

    @Test
    void whatAConnectionGainsByItselfIsNotWhatOthersBring() {
        var ramp = new Ramp();
        ramp.start(0, 0);
        var bytes = 0L;
        for (var tick = 1; tick <= 4; tick++) {
            bytes += 100_000L << tick;
            assertThat(ramp.next(tick * 100 * MILLI, bytes, MUCH, 1, true, 8)).isEqualTo(1);
        }
        bytes += 100_000L << 4;
        assertThat(ramp.next(500 * MILLI, bytes, MUCH, 1, true, 8)).isEqualTo(2);
        bytes += 100_000L << 4;
        assertThat(ramp.next(600 * MILLI, bytes, MUCH, 2, true, 8)).isEqualTo(2);
    }

    @Test
    void itIsTriedAgainLater() {
        assertThat(run(80, 8, MUCH, count -> 25_000_000)).startsWith(1, 2, 1, 2);
    }

    @Test
    void aBurstAtTheStartMisleadsNobody() {
        var ramp = new Ramp();
        ramp.start(0, 0);
        assertThat(ramp.next(100 * MILLI, 2_500_000, MUCH, 1, true, 8)).isEqualTo(1);
        assertThat(ramp.next(200 * MILLI, 5_000_000, MUCH, 1, true, 8)).isEqualTo(2);
        assertThat(ramp.next(700 * MILLI, 10_000_000, MUCH, 2, true, 8)).isEqualTo(2);

        assertThat(ramp.next(1200 * MILLI, 15_000_000, MUCH, 2, true, 8)).isEqualTo(4);
        assertThat(ramp.next(1400 * MILLI, 19_000_000, MUCH, 4, true, 8)).isEqualTo(8);
    }

    @Test
    void nearTheEndNothingIsAdded() {
        assertThat(run(20, 8, 900_000, count -> 1_000_000)).containsOnly(1);
    }

    @Test
    void whatWasRefusedIsNotTriedAgain() {
        var ramp = new Ramp();
        ramp.start(0, 0);
        assertThat(ramp.next(100 * MILLI, 500, MUCH, 1, true, 8)).isEqualTo(1);
        assertThat(ramp.next(200 * MILLI, 1000, MUCH, 1, true, 8)).isEqualTo(2);

        ramp.refused(1);

        assertThat(ramp.next(60_000 * MILLI, 1000, MUCH, 1, true, 8)).isEqualTo(1);
    }

    @Test
    void theLimitHolds() {
        assertThat(run(20, 3, MUCH, count -> 5_000_000L * count)).containsOnly(1, 2, 3).endsWith(3);
    }

    /** The numbers of connections over time, without repetitions, at 200 ms a step. */
    private static List<Integer> run(int ticks, int most, long missing, IntToLongFunction speed) {
        var ramp = new Ramp();
        ramp.start(0, 0);
        var counts = new ArrayList<>(List.of(1));
        var bytes = 0L;
        for (var tick = 1; tick <= ticks; tick++) {
            var count = counts.get(counts.size() - 1);
            bytes += speed.applyAsLong(count) / 5;
            var next = ramp.next(tick * 200 * MILLI, bytes, missing, count, true, most);
            if (next != count) {
                counts.add(next);
            }
        }
        return counts;
    }
}
