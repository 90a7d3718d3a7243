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

    // Below this a request of its own costs more than it brings.
    private static final long LEAST_STEAL = 64L << 10;
    private static final double LEAST_GAIN = 0.1;

    // Seconds until a request brings something.
    private static final double BEGINNING = 0.1;
    private static final double ENDING = 2;

    // A request costs a round trip, what is not halved in the end game costs no connection.
    private static final double SHARE = 0.6;
    private static final double LEAST_SECONDS = 0.25;

    private final List<Part> active = new ArrayList<>();
    private RangeSet free = RangeSet.EMPTY;
    private RangeSet undivided = RangeSet.EMPTY;
    private long length = -1;
    private int workers;
    private int wanted = 1;
    private boolean trial;
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
    synchronized void want(int connections, boolean onTrial) {
        wanted = connections;
        trial = onTrial;
    }

    /** Whether one more connection would get a part. */
    synchronized boolean hasWork(long horizon) {
        return hasFree(horizon) || lastToEnd(0, horizon) != null;
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
     * @param upcoming what they come to next
     * @param horizon the first byte that nobody wants yet
     * @param speed what the connection brought a second in its last part; 0 if it is new
     * @return null if there is nothing to do for this connection, which then is no longer counted
     */
    synchronized @Nullable Part take(
            RangeSet demands, RangeSet upcoming, long horizon, long speed) {
        var from = nextFrom(demands, upcoming, horizon, speed);
        if (from < 0) {
            leave();
            return null;
        }
        var end = free.endOfRunAt(from);
        if (isUndivided(from)) {
            end = Math.min(end, undivided.endOfRunAt(from));
        }
        // One connection alone takes all: every request it does not make is a round trip saved.
        var most = workers <= 1 ? end : Math.min(end, from + segment(speed));
        var part = new Part(from, most, speed);
        free = free.minus(from, part.to());
        active.add(part);
        return part;
    }

    /** Replaces the only part by one of the whole file, whose length may be unknown (−1). */
    synchronized Part whole(Part old, long newLength) {
        length = newLength;
        active.remove(old);
        free = RangeSet.EMPTY;
        var part = new Part(0, newLength < 0 ? Long.MAX_VALUE : newLength, old.speed());
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
        end = workers <= 1 ? end : Math.min(end, to + segment(part.speed()));
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

    /**
     * Frees bytes that were thrown away because they were wrong. They are not divided again, so
     * that it is clear who brings them.
     */
    synchronized void free(Range range) {
        free = free.plus(range.from(), range.to());
        undivided = undivided.plus(range.from(), range.to());
    }

    /** Whether a reader waits for bytes that no connection will bring soon. */
    synchronized boolean isUrgent(RangeSet demands) {
        return wantedFrom(demands) >= 0;
    }

    /**
     * From where on connections are no help to readers that wait; −1 if all are where they help.
     */
    synchronized long farFrom(RangeSet upcoming) {
        var part = near(upcoming);
        return part == null ? -1 : part.position() + (workers + 1) * part.strip();
    }

    // ---- back-pressure

    /** Whether some connection was held back lately: then not the way is too slow. */
    synchronized boolean isHeldBack() {
        return active.stream().anyMatch(Part::isHeld);
    }

    /** Holds a connection back while nobody wants its bytes (P10); false if it was cancelled. */
    boolean awaitHorizon(Part part, long position, LongSupplier horizon, Cancellation cancellation)
            throws InterruptedException {
        try {
            while (!cancellation.isCancelled()) {
                var seen = signals();
                // Asked outside the lock: the answer comes from the store, which may be calling us.
                if (position < horizon.getAsLong() || part.isDone()) {
                    return true;
                }
                part.held(true);
                awaitSignal(seen, cancellation);
            }
            return false;
        } finally {
            part.held(false);
        }
    }

    /**
     * Whether bytes before the horizon are nobody's, and all who could bring them are behind it.
     */
    synchronized boolean isStalled(long horizon) {
        return hasFree(horizon) && active.stream().allMatch(Part::isHeld);
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

    private long nextFrom(RangeSet demands, RangeSet upcoming, long horizon, long speed) {
        var urgent = wantedFrom(demands);
        if (urgent >= 0) {
            return urgent;
        }
        var near = near(upcoming);
        if (near != null) {
            var at = near.position() + near.strip();
            free = free.plus(at, near.cut(at));
            return at;
        }
        var next = wantedFrom(upcoming);
        if (next >= 0) {
            return next;
        }
        if (workers > wanted && !isEnding() && !isStalled(horizon)) {
            return relieve(speed, horizon);
        }
        if (!hasFree(horizon)) {
            spare(speed, horizon);
        }
        var first = free.firstAtOrAfter(0).orElse(-1);
        return first >= horizon && !active.isEmpty() ? -1 : first;
    }

    /**
     * The first part that a reader comes to and that has more before it than one connection brings
     * in time: a reader that is faster than each of several connections needs them side by side.
     */
    private @Nullable Part near(RangeSet upcoming) {
        Part first = null;
        for (var range : upcoming.ranges()) {
            for (var part : active) {
                var at = part.position();
                var left = Math.min(range.to(), part.to()) - at;
                var isNext = first == null || at < first.position();
                if (length >= 0
                        && isNext
                        && !isUndivided(at)
                        && range.from() < part.to()
                        && left >= 2 * part.strip()
                        && !hasFree(range.from(), at)) {
                    first = part;
                }
            }
        }
        return first;
    }

    private boolean isUndivided(long position) {
        return undivided.endOfRunAt(position) > position;
    }

    private boolean hasFree(long from, long to) {
        var next = free.firstAtOrAfter(from);
        return next.isPresent() && next.getAsLong() < to;
    }

    private boolean hasFree(long horizon) {
        return free.firstAtOrAfter(0).orElse(Long.MAX_VALUE) < horizon;
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
                if (at < Math.min(demand.to(), part.to()) && ahead > part.soon() && length >= 0) {
                    var end = part.cut(at);
                    if (end > at) {
                        free = free.plus(at, end);
                        // Whoever is held back there has nothing to wait for any more.
                        signal();
                        return at;
                    }
                }
            }
        }
        return -1;
    }

    /** Whether all will be over soon: then whoever is there helps, and nobody is withdrawn. */
    private boolean isEnding() {
        var together = active.stream().mapToDouble(this::speed).sum();
        return missing() < ENDING * together;
    }

    /** Where there are too many, the slowest goes: whoever is much faster takes over from it. */
    private long relieve(long speed, long horizon) {
        var last = lastToEnd(speed, horizon);
        if (last == null || speed < 2 * speed(last)) {
            return -1;
        }
        var at = last.position() + (long) (BEGINNING * speed(last)) + 1;
        var end = last.cut(at);
        free = end > at ? free.plus(at, end) : free;
        return end > at ? at : -1;
    }

    /** Frees some of what another connection would come to last. */
    private void spare(long speed, long horizon) {
        var last = lastToEnd(speed, horizon);
        if (last == null) {
            return;
        }
        var own = speed(last);
        var left = last.remaining(horizon);
        long at;
        if (trial) {
            // It is not clear yet that others help the one: it goes on undisturbed.
            var end = Math.min(last.to(), horizon);
            at = end - Math.max(1, Math.min(left / 16, LEAST_SEGMENT));
        } else {
            // Near the end a connection that was cut off would not come to its speed again.
            var fair = own * secondsTogether(left, own, speed);
            var keeps = isEnding() ? fair : Math.min(fair, segment(last.speed()));
            at = last.position() + (long) Math.max(1, keeps);
        }
        var end = last.cut(at);
        if (end > at) {
            free = free.plus(at, end);
        }
    }

    /**
     * The part whose bytes before the horizon come last, if another connection would have them come
     * earlier.
     */
    private @Nullable Part lastToEnd(long speed, long horizon) {
        Part last = null;
        var longest = 0.0;
        for (var part : active) {
            var seconds = part.remaining(horizon) / speed(part);
            if (seconds > longest && part.to() != Long.MAX_VALUE && !isUndivided(part.position())) {
                last = part;
                longest = seconds;
            }
        }
        if (last == null) {
            return null;
        }
        var left = last.remaining(horizon);
        var pays = longest - secondsTogether(left, speed(last), speed) >= LEAST_GAIN;
        return pays && left >= 2 * LEAST_STEAL ? last : null;
    }

    /** How long so many bytes take if another connection takes as many of them as it can then. */
    private double secondsTogether(long bytes, double own, long speed) {
        var other = Math.max(1, speed > 0 ? speed : usual());
        return (bytes + BEGINNING * other) / (own + other);
    }

    /** What a part gets a second; one that has just begun is not slow for that. */
    private double speed(Part part) {
        return Math.max(1, part.isYoung() ? Math.max(part.speed(), usual()) : part.speed());
    }

    private long usual() {
        return active.stream().mapToLong(Part::speed).max().orElse(0);
    }

    /**
     * How much a connection of a speed takes at once: some of what it will have brought when all is
     * over, so that the last parts are small and end together.
     */
    private long segment(long speed) {
        var usual = usual();
        var own = Math.max(1.0, speed > 0 ? speed : usual);
        var others = active.stream().mapToDouble(this::speed).sum();
        var all = others + own * Math.max(0, workers - active.size());
        var fair = SHARE * missing() * own / Math.max(own, all);
        var least = usual == 0 ? LEAST_SEGMENT : Math.min(LEAST_SEGMENT, LEAST_SECONDS * own);
        return (long) Math.max(Math.max(LEAST_STEAL, least), Math.min(MOST_SEGMENT, fair));
    }
}
