package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.Segment;
import dev.capstan.transfer.http.wire.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who fetches what (P9, P11, P12). Every missing byte is either free or in exactly one part.
 *
 * <p>Parts are handed out front to back, so that hashing follows close behind and players find the
 * front first. While one connection alone is at work it owns all that is missing; further ones cut
 * their parts off ahead of it. In the end game whoever has nothing left takes half of what will
 * take longest. Bytes that readers wait for go before everything else.
 *
 * <p>Safe for any number of threads. Nothing is done under its lock but arithmetic.
 */
final class Board {
    private static final long LEAST_SEGMENT = 8L << 20;
    private static final long MOST_SEGMENT = 64L << 20;

    // A connection that is this close to a wanted byte gets there sooner than a new one.
    private static final long SOON = 1L << 20;

    // Below this a connection of its own costs more than it brings.
    private static final long LEAST_STEAL = 64L << 10;

    private final List<Part> active = new ArrayList<>();
    private RangeSet free = RangeSet.EMPTY;
    private long length = -1;
    private int workers;
    private int wanted = 1;
    private boolean secluded;
    private long signals;

    /** Begins with what is missing of a file, whose length may be unknown (−1). */
    synchronized void begin(long newLength, RangeSet present) {
        length = newLength;
        free = present.missing(0, newLength < 0 ? Long.MAX_VALUE : newLength);
    }

    /** The length became known while one part was being fetched. */
    synchronized void learn(long newLength) {
        length = newLength;
        free = free.minus(newLength, Long.MAX_VALUE);
        for (var part : active) {
            if (part.to() > newLength) {
                part.to(newLength);
            }
        }
    }

    /** Whether nothing is missing. */
    synchronized boolean isComplete() {
        return length >= 0 && free.isEmpty() && active.isEmpty();
    }

    /** Bytes that are missing; huge where the length is unknown. */
    synchronized long missing() {
        var sum = free.size();
        for (var part : active) {
            sum += part.remaining();
        }
        return sum;
    }

    /** Bytes that whoever takes a part next can ask for at once; 0 if nothing is free. */
    synchronized long missingNext() {
        if (free.isEmpty()) {
            return 0;
        }
        var first = free.ranges().get(0);
        return first.to() - first.from();
    }

    synchronized List<Segment> segments() {
        return active.stream().map(Part::segment).toList();
    }

    synchronized void sample(double seconds) {
        active.forEach(part -> part.sample(seconds));
    }

    /** Whether every part that is being fetched has brought bytes lately. */
    synchronized boolean isFlowing() {
        return active.stream().allMatch(part -> part.speed() > 0);
    }

    // ---- workers

    /** Counts a connection more; false while another one must be alone. */
    synchronized boolean enter() {
        if (secluded) {
            return false;
        }
        workers++;
        return true;
    }

    synchronized void leave() {
        workers--;
    }

    synchronized int workers() {
        return workers;
    }

    /** How many connections shall be at work; surplus ones end with their part. */
    synchronized void want(int connections) {
        wanted = connections;
    }

    /** Keeps others out while the only connection changes the course; false if there are others. */
    synchronized boolean seclude() {
        secluded = workers == 1;
        return secluded;
    }

    /** Lets others in again. */
    synchronized void unseclude() {
        secluded = false;
    }

    /**
     * Hands out a part.
     *
     * @param demands what readers wait for
     * @param horizon the first byte that nobody wants yet
     * @return null if there is nothing to do for this connection, which then is no longer counted
     */
    synchronized @Nullable Part take(RangeSet demands, long horizon) {
        var from = nextFrom(demands, horizon);
        if (from < 0) {
            leave();
            return null;
        }
        var end = free.endOfRunAt(from);
        // One connection alone takes all: every request it does not make is a round trip saved.
        var part = new Part(from, workers <= 1 ? end : Math.min(end, from + segment()));
        free = free.minus(from, part.to());
        active.add(part);
        return part;
    }

    /** Replaces the only part by one of the whole file, whose length may be unknown (−1). */
    synchronized Part whole(Part old, long newLength) {
        length = newLength;
        active.remove(old);
        free = RangeSet.EMPTY;
        var part = new Part(0, newLength < 0 ? Long.MAX_VALUE : newLength);
        active.add(part);
        return part;
    }

    /** Lets a part run on over free bytes behind it; false if there are none. */
    synchronized boolean extend(Part part, long most) {
        var to = part.to();
        var end = Math.min(most, free.endOfRunAt(to));
        if (end <= to || !part.isDone() || workers > wanted) {
            return false;
        }
        end = workers <= 1 ? end : Math.min(end, to + segment());
        free = free.minus(to, end);
        part.to(end);
        return true;
    }

    /** Takes a part back; what it did not fetch is free again. */
    synchronized void release(@Nullable Part part, RangeSet present) {
        if (part != null && active.remove(part) && !part.isDone()) {
            free = free.plus(present.missing(part.from(), part.to()));
        }
    }

    /** Whether nobody writes bytes of a range, or of a run that began in it. */
    synchronized boolean isQuiet(Range range) {
        return active.stream()
                .noneMatch(part -> part.from() < range.to() && range.from() < part.to());
    }

    /** Frees bytes that were thrown away. */
    synchronized void free(Range range) {
        free = free.plus(range.from(), range.to());
    }

    /** Whether a reader waits for bytes that no connection will bring soon. */
    synchronized boolean isUrgent(RangeSet demands) {
        return wantedFrom(demands) >= 0;
    }

    // ---- back-pressure

    /** Holds a connection back while nobody wants its bytes (P10); false if it was cancelled. */
    boolean awaitHorizon(long position, LongSupplier horizon, Cancellation cancellation)
            throws InterruptedException {
        while (!cancellation.isCancelled()) {
            var seen = signals();
            // Asked outside the lock: the answer comes from the store, which may be calling us.
            if (position < horizon.getAsLong()) {
                return true;
            }
            awaitSignal(seen, cancellation);
        }
        return false;
    }

    /** A reader moved, or all is over. */
    synchronized void signal() {
        signals++;
        notifyAll();
    }

    private synchronized long signals() {
        return signals;
    }

    private synchronized void awaitSignal(long seen, Cancellation cancellation)
            throws InterruptedException {
        while (signals == seen && !cancellation.isCancelled()) {
            wait();
        }
    }

    // ---- under the lock

    private long nextFrom(RangeSet demands, long horizon) {
        var urgent = wantedFrom(demands);
        if (urgent >= 0) {
            return urgent;
        }
        if (workers > wanted) {
            return -1;
        }
        if (free.isEmpty()) {
            spare();
        }
        var first = free.firstAtOrAfter(0).orElse(-1);
        return first >= horizon && !active.isEmpty() ? -1 : first;
    }

    /** The first byte some reader waits for and nobody will bring soon, made free; else −1. */
    private long wantedFrom(RangeSet demands) {
        for (var demand : demands.ranges()) {
            var firstFree = free.firstAtOrAfter(demand.from());
            if (firstFree.isPresent() && firstFree.getAsLong() < demand.to()) {
                return firstFree.getAsLong();
            }
            for (var part : active) {
                var at = Math.max(demand.from(), part.from());
                var ahead = at - part.position();
                if (at < Math.min(demand.to(), part.to()) && ahead > SOON && length >= 0) {
                    var end = part.cut(at);
                    if (end > at) {
                        free = free.plus(at, end);
                        return at;
                    }
                }
            }
        }
        return -1;
    }

    /** Frees some of what another connection would come to last. */
    private void spare() {
        Part slowest = null;
        var longest = 0.0;
        var usual = active.stream().mapToLong(Part::speed).max().orElse(0);
        for (var part : active) {
            // One that has just begun has no speed yet, and is not slow for that.
            var speed = part.isYoung() ? Math.max(part.speed(), usual) : part.speed();
            var seconds = (double) part.remaining() / Math.max(1, speed);
            if (seconds > longest && part.to() != Long.MAX_VALUE) {
                slowest = part;
                longest = seconds;
            }
        }
        if (slowest == null || slowest.remaining() < 2 * LEAST_STEAL || longest < 1) {
            return;
        }
        var left = slowest.remaining();
        // Where it is not clear yet that two are better than one, the one goes on undisturbed.
        var at =
                active.size() == 1
                        ? slowest.to() - Math.min(left / 2, LEAST_SEGMENT)
                        : slowest.position() + Math.min((left + 1) / 2, segment());
        var end = slowest.cut(at);
        if (end > at) {
            free = free.plus(at, end);
        }
    }

    private long segment() {
        var fair = missing() / (4L * Math.max(1, workers));
        return Math.max(LEAST_SEGMENT, Math.min(MOST_SEGMENT, fair));
    }
}
