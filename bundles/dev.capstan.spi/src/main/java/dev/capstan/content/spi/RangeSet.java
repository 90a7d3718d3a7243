package dev.capstan.content.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * An immutable set of byte positions, kept as ordered ranges that neither touch nor overlap. Safe
 * for any thread.
 */
public final class RangeSet {
    /** No bytes. */
    public static final RangeSet EMPTY = new RangeSet(new long[0]);

    // from0, to0, from1, to1 … strictly ascending
    private final long[] bounds;

    private RangeSet(long[] bounds) {
        this.bounds = bounds;
    }

    /**
     * A set of one range; empty if {@code from == to}.
     *
     * @param from first byte
     * @param to first byte after
     * @return the set
     */
    public static RangeSet of(long from, long to) {
        return EMPTY.plus(from, to);
    }

    /**
     * This set and one range more.
     *
     * @param from first byte
     * @param to first byte after; equal to {@code from} adds nothing
     * @return the union
     */
    public RangeSet plus(long from, long to) {
        check(from, to);
        if (from == to) {
            return this;
        }
        var first = lowestEndingAtOrAfter(from);
        var last = first;
        var mergedFrom = from;
        var mergedTo = to;
        while (last < bounds.length && bounds[last] <= to) {
            mergedFrom = Math.min(mergedFrom, bounds[last]);
            mergedTo = Math.max(mergedTo, bounds[last + 1]);
            last += 2;
        }
        var result = new long[bounds.length - (last - first) + 2];
        System.arraycopy(bounds, 0, result, 0, first);
        result[first] = mergedFrom;
        result[first + 1] = mergedTo;
        System.arraycopy(bounds, last, result, first + 2, bounds.length - last);
        return new RangeSet(result);
    }

    /**
     * This set without one range.
     *
     * @param from first byte
     * @param to first byte after; equal to {@code from} removes nothing
     * @return the difference
     */
    public RangeSet minus(long from, long to) {
        check(from, to);
        if (from == to || bounds.length == 0) {
            return this;
        }
        var result = new long[bounds.length + 2];
        var size = 0;
        for (var i = 0; i < bounds.length; i += 2) {
            var low = Math.min(bounds[i + 1], from);
            if (bounds[i] < low) {
                result[size++] = bounds[i];
                result[size++] = low;
            }
            var high = Math.max(bounds[i], to);
            if (high < bounds[i + 1]) {
                result[size++] = high;
                result[size++] = bounds[i + 1];
            }
        }
        return new RangeSet(Arrays.copyOf(result, size));
    }

    /**
     * The union with another set.
     *
     * @param other a set
     * @return the union
     */
    public RangeSet plus(RangeSet other) {
        var result = this;
        for (var range : other.ranges()) {
            result = result.plus(range.from(), range.to());
        }
        return result;
    }

    /**
     * What is missing between two positions.
     *
     * @param from first byte
     * @param to first byte after
     * @return the gaps
     */
    public RangeSet missing(long from, long to) {
        var result = of(from, to);
        for (var i = 0; i < bounds.length && !result.isEmpty(); i += 2) {
            result = result.minus(bounds[i], bounds[i + 1]);
        }
        return result;
    }

    /**
     * Tells whether all bytes of a range are in the set.
     *
     * @param from first byte
     * @param to first byte after
     * @return true for an empty range
     */
    public boolean contains(long from, long to) {
        return from >= to || endOfRunAt(from) >= to;
    }

    /**
     * The end of the unbroken run that holds a position.
     *
     * @param position a position
     * @return the first byte after the run, or {@code position} itself if it is not in the set
     */
    public long endOfRunAt(long position) {
        var i = lowestEndingAfter(position);
        return i < bounds.length && bounds[i] <= position ? bounds[i + 1] : position;
    }

    /**
     * The lowest position of the set at or after a position.
     *
     * @param position a position
     * @return empty if there is none
     */
    public OptionalLong firstAtOrAfter(long position) {
        var i = lowestEndingAfter(position);
        return i < bounds.length
                ? OptionalLong.of(Math.max(position, bounds[i]))
                : OptionalLong.empty();
    }

    /**
     * How many bytes are in the set.
     *
     * @return 0 or more
     */
    public long size() {
        var sum = 0L;
        for (var i = 0; i < bounds.length; i += 2) {
            sum += bounds[i + 1] - bounds[i];
        }
        return sum;
    }

    /**
     * Tells whether the set is empty.
     *
     * @return whether no byte is in it
     */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /**
     * The ranges, ascending.
     *
     * @return an immutable list
     */
    public List<Range> ranges() {
        var list = new ArrayList<Range>(bounds.length / 2);
        for (var i = 0; i < bounds.length; i += 2) {
            list.add(new Range(bounds[i], bounds[i + 1]));
        }
        return List.copyOf(list);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("{");
        for (var i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(bounds[i]).append('–').append(bounds[i + 1]);
        }
        return text.append('}').toString();
    }

    /** Index of the first range whose end is at or after a position, or the length. */
    private int lowestEndingAtOrAfter(long position) {
        var low = 0;
        var high = bounds.length / 2;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (bounds[2 * middle + 1] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 2 * low;
    }

    private int lowestEndingAfter(long position) {
        return position == Long.MAX_VALUE ? bounds.length : lowestEndingAtOrAfter(position + 1);
    }

    private static void check(long from, long to) {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("Not a range: " + from + " to " + to);
        }
    }
}
