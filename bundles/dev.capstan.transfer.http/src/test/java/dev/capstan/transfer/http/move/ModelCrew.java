package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.RangeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Connections in a model of time that share the parts of a board. Each has a speed of its own, and
 * a request costs a round trip, or three where the connection has to be made again because another
 * one took over what it had asked for.
 */
final class ModelCrew {
    private static final double STEP = 0.005;
    private static final double SAMPLE = 0.1;
    private static final double ROUND_TRIP = 0.05;

    private static final class One {
        final double speed;
        @Nullable Part part;
        long asked;
        double waits;
        double over = Double.NaN;
        double carry;
        long last;

        One(double speed) {
            this.speed = speed;
        }
    }

    private final Board board = new Board();
    private final List<One> all = new ArrayList<>();
    private int requests;
    private int lost;
    private double now;

    /** A file of so many bytes, and connections that are up to a third slower or faster. */
    ModelCrew(long length, int connections, long speed, long seed) {
        var random = new Random(seed);
        board.begin(length, RangeSet.EMPTY);
        board.want(connections, false);
        for (var i = 0; i < connections; i++) {
            all.add(new One(speed * random.nextDouble(0.67, 1.33)));
        }
    }

    void run() {
        all.get(0).waits = ROUND_TRIP;
        board.enter();
        take(all.get(0));
        var sampled = 0.0;
        // The first one is alone for a second, and owns all of it.
        var joined = false;
        while (!board.isComplete()) {
            now += STEP;
            if (now >= 1 && !joined) {
                joined = true;
                all.stream().skip(1).forEach(one -> board.enter());
                all.stream().skip(1).forEach(this::take);
            }
            all.forEach(this::move);
            if (now - sampled >= SAMPLE) {
                board.sample(now - sampled);
                sampled = now;
            }
        }
    }

    /** What the connections together were idle at the end, for each of them. */
    double idleSeconds() {
        return all.stream().mapToDouble(one -> Double.isNaN(one.over) ? 0 : now - one.over).sum()
                / all.size();
    }

    /** Connections that were cut off. */
    int lost() {
        return lost;
    }

    int requests() {
        return requests;
    }

    private void move(One one) {
        var part = one.part;
        if (part == null) {
            return;
        }
        if (one.waits > 0) {
            one.waits -= STEP;
            return;
        }
        one.carry += one.speed * STEP;
        var bytes = (int) one.carry;
        one.carry -= bytes;
        part.claim(bytes);
        if (part.isDone()) {
            var cut = part.to() < one.asked;
            lost += cut && !board.isComplete() ? 1 : 0;
            one.waits = cut ? 3 * ROUND_TRIP : ROUND_TRIP;
            one.last = part.speed();
            board.release(part, RangeSet.EMPTY);
            take(one);
        }
    }

    private void take(One one) {
        one.part = board.take(RangeSet.EMPTY, RangeSet.EMPTY, Long.MAX_VALUE, one.last);
        if (one.part == null) {
            one.over = now;
        } else {
            one.asked = one.part.to();
            requests++;
        }
    }
}
