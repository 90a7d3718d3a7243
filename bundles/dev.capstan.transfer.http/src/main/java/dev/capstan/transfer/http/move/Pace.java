package dev.capstan.transfer.http.move;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How fast one connection was over the last seconds. Used by one thread. */
final class Pace {
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(3);

    // Until then a connection is being made, and TCP finds out what the way carries.
    private static final long BEGINNING = TimeUnit.SECONDS.toNanos(1);

    // Slower than the others by this is not chance any more.
    private static final int TOO_SLOW = 4;

    private record Sample(long at, long bytes) {}

    private final long begun;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /** A connection that begins now. */
    Pace(long now) {
        begun = now;
        samples.add(new Sample(now, 0));
    }

    /** Looks at how far it came. */
    void sample(long now, long bytes) {
        samples.add(new Sample(now, bytes));
        // The oldest that is kept is at the window's edge or before it.
        while (samples.size() > 2 && now - second().at >= WINDOW) {
            samples.removeFirst();
        }
    }

    /** Bytes a second. */
    double speed() {
        var first = samples.getFirst();
        var last = samples.getLast();
        return last.at == first.at ? 0 : (last.bytes - first.bytes) * 1e9 / (last.at - first.at);
    }

    /** Whether its speed says something of it, and not of how it began. */
    boolean isSettled() {
        return samples.getLast().at - begun >= BEGINNING + WINDOW;
    }

    /**
     * The one that is slower than a quarter of what the others are in the middle; nobody is where
     * all are slow, nor where one is alone.
     */
    static <T> Optional<T> laggard(Map<T, Pace> all) {
        var settled =
                all.entrySet().stream()
                        .filter(entry -> entry.getValue().isSettled())
                        .sorted(Comparator.comparingDouble(entry -> entry.getValue().speed()))
                        .toList();
        if (settled.size() < 2) {
            return Optional.empty();
        }
        var others =
                settled.stream().skip(1).mapToDouble(entry -> entry.getValue().speed()).toArray();
        var median = (others[(others.length - 1) / 2] + others[others.length / 2]) / 2;
        var slowest = settled.get(0);
        return slowest.getValue().speed() < median / TOO_SLOW
                ? Optional.of(slowest.getKey())
                : Optional.empty();
    }

    private Sample second() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }
}
