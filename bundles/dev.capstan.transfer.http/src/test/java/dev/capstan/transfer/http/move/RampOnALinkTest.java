package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/**
 * How soon a link is full, in a model of it: connections need two round trips to their first byte,
 * double what is under way with every further one, and share what the link carries.
 */
class RampOnALinkTest {
    private static final double STEP = 0.005;
    private static final double TICK = 0.1;
    private static final double FIRST_WINDOW = 10 * 1460;
    private static final double LINK = 25_000_000;
    private static final int MOST = 8;

    @Property(tries = 200)
    @Label("200 Mbit/s, 50 ms, 5 MB/s for each connection: 90 % within 1.5 s of the first byte")
    void aLinkIsFullSoon(@ForAll @DoubleRange(max = TICK) double offset) {
        assertThat(secondsUntilFull(0.05, 5_000_000, offset)).isLessThan(1.5);
    }

    @Property(tries = 200)
    @Label("the same from 10 to 100 ms and from a third to an eighth of the link")
    void otherLinksToo(
            @ForAll @DoubleRange(max = TICK) double offset,
            @ForAll @IntRange(min = 10, max = 100) int millis,
            @ForAll @IntRange(min = 3, max = 8) int share) {
        assertThat(secondsUntilFull(millis / 1000.0, LINK / share, offset)).isLessThan(2.5);
    }

    @Property(tries = 200)
    @Label("where one connection fills it, it is full at once, and there are never many")
    void aCleanLinkNeedsNoSecondOne(@ForAll @DoubleRange(max = TICK) double offset) {
        assertThat(secondsUntilFull(0.05, LINK, offset)).isLessThan(0.5);
    }

    /** The offset is that of the coordinator's ticks to the beginning. */
    private static double secondsUntilFull(double roundTrip, double mostOfEach, double offset) {
        var ramp = new Ramp();
        var begins = new ArrayList<Double>();
        begins.add(0.0);
        var bytes = 0.0;
        var firstByte = -1.0;
        var nextTick = offset;
        var measuring = false;
        for (var now = 0.0; now < 10; now += STEP) {
            var demand = 0.0;
            var flowing = true;
            for (var begin : begins) {
                var trips = Math.floor((now - begin) / roundTrip) - 2;
                flowing &= trips >= 0;
                var window = trips < 0 ? 0 : FIRST_WINDOW * Math.pow(2, Math.min(20, trips));
                demand += Math.min(mostOfEach, window / roundTrip);
            }
            bytes += Math.min(LINK, demand) * STEP;
            firstByte = firstByte < 0 && bytes > 0 ? now : firstByte;
            if (demand >= 0.9 * LINK) {
                return now - firstByte;
            }
            if (now >= nextTick) {
                nextTick += TICK;
                if (bytes > 0) {
                    if (!measuring) {
                        measuring = true;
                        ramp.start((long) (now * 1e9), (long) bytes);
                    }
                    var wanted = wanted(ramp, now, (long) bytes, begins.size(), flowing);
                    while (begins.size() < wanted) {
                        begins.add(now);
                    }
                }
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private static int wanted(Ramp ramp, double now, long bytes, int running, boolean flowing) {
        return ramp.next((long) (now * 1e9), bytes, Long.MAX_VALUE / 4, running, flowing, MOST);
    }
}
