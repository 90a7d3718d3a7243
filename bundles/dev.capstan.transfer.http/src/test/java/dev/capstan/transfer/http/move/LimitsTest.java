package dev.capstan.transfer.http.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Limits of speed, in a time of their own: connections that could be as fast as they like. */
class LimitsTest {
    private static final int FASTEST_BLOCK = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    private long now;
    private final LongSupplier clock = () -> now;
    private final Limits limits = new Limits(clock);
    private final Random random = new Random(1);

    /** One connection: what it was billed, and what it brought. */
    private static final class Connection {
        final Toll toll;
        LongSupplier bill = () -> 0;
        long wakesAt;
        long bytes;

        Connection(Toll toll) {
            this.toll = toll;
        }
    }

    @Property(tries = 60)
    @Label("the sum is right within 2 %, every second is smooth, and nobody starves")
    void manyConnectionsShareOneRate(
            @ForAll @LongRange(min = 20_000, max = 200_000_000) long rate,
            @ForAll @IntRange(min = 1, max = 16) int count) {
        var own = new Limiter(clock);
        own.rate(rate);
        var connections = connections(own, "a.example", count);
        run(connections, SECOND);
        var before = bytes(connections);
        for (var second = 0; second < 5; second++) {
            var then = bytes(connections);
            run(connections, SECOND);
            assertThat((double) (bytes(connections) - then)).isCloseTo(rate, within(rate * 0.1));
        }

        assertThat((bytes(connections) - before) / 5.0).isCloseTo(rate, within(rate * 0.02));
        var fair = bytes(connections) / (double) count;
        assertThat(connections).allMatch(one -> one.bytes > fair * 0.8 && one.bytes < fair * 1.2);
    }

    @Example
    void noLimitIsPassedAndNothingOfThatOfAllIsLost() {
        limits.all(3_000_000);
        limits.hosts(Map.of("a.example", 1_000_000L));
        var free = new Limiter(clock);
        var slow = new Limiter(clock);
        slow.rate(500_000);
        var limited = connections(free, "a.example", 4);
        var other = connections(free, "b.example", 4);
        var own = connections(slow, "b.example", 4);
        var all = new ArrayList<>(limited);
        all.addAll(other);
        all.addAll(own);

        run(all, 10 * SECOND);

        assertThat(bytes(all) / 10.0).isCloseTo(3_000_000, within(60_000.0));
        assertThat(bytes(limited) / 10.0).isBetween(500_000.0, 1_020_000.0);
        assertThat(bytes(own) / 10.0).isBetween(250_000.0, 510_000.0);
    }

    @Example
    void theSlowestLimitDecidesWhereTheOthersLeaveRoom() {
        limits.all(10_000_000);
        limits.hosts(Map.of("a.example", 1_000_000L));
        var slow = new Limiter(clock);
        slow.rate(500_000);
        var limited = connections(new Limiter(clock), "a.example", 4);
        var own = connections(slow, "b.example", 4);
        var all = new ArrayList<>(limited);
        all.addAll(own);

        run(all, 10 * SECOND);

        assertThat(bytes(limited) / 10.0).isCloseTo(1_000_000, within(20_000.0));
        assertThat(bytes(own) / 10.0).isCloseTo(500_000, within(10_000.0));
    }

    @Example
    void aLowerRateCountsAtOnceAndOldDebtsDoNotLast() {
        var own = new Limiter(clock);
        own.rate(100_000_000);
        var connections = connections(own, "a.example", 16);
        run(connections, SECOND);
        var before = bytes(connections);

        own.rate(50_000);
        run(connections, 2 * SECOND);

        assertThat(bytes(connections) - before).isBetween(70_000L, 110_000L);
    }

    @Example
    void aHigherRateCountsAtOnce() {
        var own = new Limiter(clock);
        own.rate(50_000);
        var connections = connections(own, "a.example", 16);
        run(connections, SECOND);
        var before = bytes(connections);

        own.rate(10_000_000);
        run(connections, SECOND);

        assertThat(bytes(connections) - before).isBetween(8_500_000L, 11_500_000L);
    }

    @Example
    void aLimitThatIsTakenAwayHoldsNobody() {
        limits.all(1000);
        limits.hosts(Map.of("a.example", 1000L));
        var toll = new Toll(new Limiter(clock), limits, "a.example");
        var bill = toll.bill(1_000_000);
        assertThat(bill.getAsLong()).isPositive();

        limits.all(0);
        limits.hosts(Map.of("a.example", 0L));

        assertThat(bill.getAsLong()).isZero();
        assertThat(toll.block(FASTEST_BLOCK)).isEqualTo(FASTEST_BLOCK);
    }

    @Example
    void aHostThatIsNotLimitedAnyMoreHoldsNobody() {
        limits.hosts(Map.of("a.example", 1000L));
        var bill = new Toll(new Limiter(clock), limits, "a.example").bill(1_000_000);

        limits.hosts(Map.of());

        assertThat(bill.getAsLong()).isZero();
    }

    private List<Connection> connections(Limiter own, String host, int count) {
        var connections = new Connection[count];
        Arrays.setAll(connections, i -> new Connection(new Toll(own, limits, host)));
        return List.of(connections);
    }

    /** Lets time pass as {@link Toll#pay} would; who wakes at the same time does so by chance. */
    private void run(List<Connection> connections, long nanos) {
        var end = now + nanos;
        while (true) {
            var next = end;
            for (var one : connections) {
                next = Math.min(next, Math.max(now, one.wakesAt));
            }
            now = next;
            if (now >= end) {
                return;
            }
            var awake = new ArrayList<>(connections);
            awake.removeIf(one -> one.wakesAt > now);
            var one = awake.get(random.nextInt(awake.size()));
            var wait = one.bill.getAsLong();
            if (wait == 0) {
                var block = one.toll.block(FASTEST_BLOCK);
                one.bytes += block;
                one.bill = one.toll.bill(block);
                wait = one.bill.getAsLong();
            }
            // Even the fastest read takes some time.
            one.wakesAt = now + Math.max(100_000, Math.min(wait, 50_000_000));
        }
    }

    private static long bytes(List<Connection> connections) {
        return connections.stream().mapToLong(one -> one.bytes).sum();
    }
}
