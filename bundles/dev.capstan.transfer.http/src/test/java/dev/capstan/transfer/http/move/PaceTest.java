package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Which connection is far slower than the others. */
class PaceTest {
    private static final long TICK = 200_000_000;

    @Property
    void itIsTheOneBelowAQuarterOfTheMedianOfTheOthers(
            @ForAll @Size(min = 1, max = 9) List<@IntRange(max = 1000) Integer> speeds) {
        var found = Pace.laggard(paces(30, speeds));

        var sorted = speeds.stream().sorted().toList();
        var others = sorted.subList(1, sorted.size());
        if (others.isEmpty()) {
            assertThat(found).isEmpty();
            return;
        }
        var half = others.size() / 2;
        var median = (others.get(half) + others.get((others.size() - 1) / 2)) / 2.0;
        if (sorted.get(0) * 4 < median * 0.98) {
            assertThat(found.map(speeds::get)).contains(sorted.get(0));
        } else if (sorted.get(0) * 4 > median * 1.02) {
            assertThat(found).isEmpty();
        }
    }

    @Example
    void nobodyIsJudgedByHowItBegan() {
        assertThat(Pace.laggard(paces(19, List.of(1000, 1000, 10)))).isEmpty();
        assertThat(Pace.laggard(paces(20, List.of(1000, 1000, 10)))).contains(2);
    }

    @Example
    void onlyTheLastSecondsCount() {
        var pace = new Pace(0);
        var bytes = 0L;
        for (var tick = 1; tick <= 60; tick++) {
            bytes += tick <= 40 ? 1_000_000 : 20_000;
            pace.sample(tick * TICK, bytes);
        }
        assertThat(pace.speed()).isCloseTo(100_000, within(1.0));
    }

    @Example
    void whereAllAreSlowNobodyIs() {
        assertThat(Pace.laggard(paces(100, List.of(0, 0, 0)))).isEmpty();
    }

    /** By index, each at an even speed in thousands of bytes a second. */
    private static Map<Integer, Pace> paces(int ticks, List<Integer> speeds) {
        var paces = new LinkedHashMap<Integer, Pace>();
        for (var i = 0; i < speeds.size(); i++) {
            var pace = new Pace(0);
            for (var tick = 1; tick <= ticks; tick++) {
                pace.sample(tick * TICK, 200L * tick * speeds.get(i));
            }
            paces.put(i, pace);
        }
        return paces;
    }
}
