package dev.capstan.transfer.http.move;

import dev.capstan.transfer.http.move.Precedents.Precedent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * A link in a model of it, and a ramp that is asked every 25 ms of its time. A connection needs two
 * round trips to its first byte, or one if it was made ahead, and doubles what is under way with
 * every further one, up to what it can have at most; all share what the link carries.
 */
final class ModelLink {
    static final double RATE = 25e6;
    private static final double STEP = 0.0025;
    private static final double TICK = 0.025;
    private static final double FIRST_WINDOW = 10 * 1460;

    // Those that are withdrawn finish their parts first.
    private static final double UNTIL_GONE = 0.5;

    /** What a connection could have of an empty link, at a moment. */
    interface Connection {
        double speed(int number, double seconds);
    }

    private static final class Wire {
        final double begun;
        final int trips;
        double bytes;
        double leavesAt = Double.POSITIVE_INFINITY;

        Wire(double begun, int trips) {
            this.begun = begun;
            this.trips = trips;
        }
    }

    private final Ramp ramp = new Ramp(paid -> found = paid);
    private final List<Integer> counts = new ArrayList<>(List.of(1));
    private final List<Wire> wires = new ArrayList<>();
    private double roundTrip = 0.05;
    private DoubleUnaryOperator carries = seconds -> RATE;
    private Connection each = (number, seconds) -> RATE;
    private double offset;
    private double size = 100e9;
    private int most = 8;
    private int accepted = Integer.MAX_VALUE;
    private int room = Integer.MAX_VALUE;
    private final TreeMap<Integer, Double> ahead = new TreeMap<>();
    private int mostAhead;
    private Precedent precedent;
    private Precedent found;
    private double gone;
    private double fullAfter = Double.POSITIVE_INFINITY;

    ModelLink roundTrip(double seconds) {
        roundTrip = seconds;
        return this;
    }

    /** What the whole carries, where that is not always the same. */
    ModelLink carries(DoubleUnaryOperator bytesPerSecond) {
        carries = bytesPerSecond;
        return this;
    }

    /** What each connection gets at most. */
    ModelLink each(Connection most) {
        each = most;
        return this;
    }

    /** From the beginning to the first look. */
    ModelLink offset(int millis) {
        offset = millis / 1000.0;
        return this;
    }

    ModelLink size(double bytes) {
        size = bytes;
        return this;
    }

    ModelLink most(int connections) {
        most = connections;
        return this;
    }

    /** How many the server takes; it refuses any other. */
    ModelLink accepts(int connections) {
        accepted = connections;
        return this;
    }

    /** How many there may be at once, since others need the rest; it tells of no refusal. */
    ModelLink withholds(int connections) {
        room = connections;
        return this;
    }

    /** What paid a while ago. */
    ModelLink after(Precedent last) {
        precedent = last;
        found = last;
        return this;
    }

    /** What the next transfer is told. */
    Precedent found() {
        return found;
    }

    /** The numbers of connections that were wanted one after the other. */
    List<Integer> counts() {
        return counts;
    }

    /** The number at the end. */
    int count() {
        return counts.get(counts.size() - 1);
    }

    /** Most connections that were made ahead and not needed yet. */
    int mostAhead() {
        return mostAhead;
    }

    /** Seconds from the first byte until nine tenths of the link were used. */
    double fullAfter() {
        return fullAfter;
    }

    ModelLink run(double seconds) {
        wires.add(new Wire(0, 2));
        var nextTick = offset;
        var started = Double.NaN;
        for (var now = 0.0; now < seconds && size > 0; now += STEP) {
            var moved = move(now);
            if (moved >= 0.9 * RATE * STEP && !Double.isNaN(started)) {
                fullAfter = Math.min(fullAfter, now - started);
            }
            if (now < nextTick) {
                continue;
            }
            nextTick += TICK;
            if (all() > 0) {
                if (Double.isNaN(started)) {
                    started = now;
                    ramp.start(nanos(now), all(), nanos(now), precedent);
                }
                ask(now);
            }
        }
        return this;
    }

    private double move(double now) {
        for (var wire : wires) {
            gone += wire.leavesAt <= now ? wire.bytes : 0;
        }
        wires.removeIf(wire -> wire.leavesAt <= now);
        var demands = new ArrayList<Double>();
        for (var wire : wires) {
            var trips = Math.floor((now - wire.begun) / roundTrip) - wire.trips;
            var window = trips < 0 ? 0 : FIRST_WINDOW * Math.pow(2, Math.min(20, trips));
            demands.add(Math.min(each.speed(demands.size(), now), window / roundTrip));
        }
        var demand = demands.stream().mapToDouble(Double::doubleValue).sum();
        var carried = Math.min(carries.applyAsDouble(now), demand);
        for (var i = 0; i < wires.size() && demand > 0; i++) {
            wires.get(i).bytes += carried * STEP * demands.get(i) / demand;
        }
        size -= carried * STEP;
        return carried * STEP;
    }

    private void ask(double now) {
        var flowing = wires.stream().allMatch(wire -> wire.bytes > 0);
        var wanted =
                ramp.next(nanos(now), all(), this::bytes, (long) size, wires.size(), flowing, most);
        if (wanted != count()) {
            counts.add(wanted);
        }
        for (var i = wires.size() - 1; i >= wanted; i--) {
            wires.get(i).leavesAt = Math.min(wires.get(i).leavesAt, now + UNTIL_GONE);
        }
        while (wires.size() < Math.min(wanted, room)) {
            if (wires.size() == accepted) {
                ramp.refused(accepted);
                break;
            }
            var isAhead = now - ahead.getOrDefault(wires.size() + 1, now) >= roundTrip;
            wires.add(new Wire(now, isAhead ? 1 : 2));
        }
        var next = Math.min(most, ramp.mayFollow((long) size));
        mostAhead = Math.max(mostAhead, next - wires.size());
        ahead.headMap(wires.size(), true).clear();
        ahead.tailMap(next, false).clear();
        for (var number = wires.size() + 1; number <= next; number++) {
            ahead.putIfAbsent(number, now);
        }
    }

    private long all() {
        return (long) gone + bytes(wires.size());
    }

    private long bytes(int connections) {
        return (long) (wires.stream().limit(connections).mapToDouble(wire -> wire.bytes).sum());
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }
}
