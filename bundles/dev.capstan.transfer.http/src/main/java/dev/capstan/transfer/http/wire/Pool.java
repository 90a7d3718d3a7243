package dev.capstan.transfer.http.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Connections between two requests, by origin and the way to it, for some seconds. Safe for any
 * number of threads; its lock is never held while a connection is used.
 */
final class Pool implements AutoCloseable {
    private static final long MOST_IDLE = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_FOR_EACH = 8;

    /** What two requests must have in common to share a connection. */
    private record Key(String origin, @Nullable Proxy proxy, @Nullable Set<String> certificates) {
        static Key of(Route route) {
            return new Key(route.target().origin(), route.proxy(), route.certificates());
        }
    }

    private final Map<Key, Deque<Wire>> resting = new HashMap<>();
    private boolean closed;

    /** A connection that is still good, the one that rested last; or null. */
    @Nullable Wire take(Route route, boolean mayBePrivate) {
        for (var wire = poll(route); wire != null; wire = poll(route)) {
            var fits = mayBePrivate || !wire.isToPrivate();
            if (fits && System.nanoTime() - wire.idleSince() < MOST_IDLE && wire.isFresh()) {
                return wire;
            }
            wire.abort();
        }
        return null;
    }

    /** Keeps a connection for the next request, or closes it if it cannot serve another. */
    void give(Wire wire) {
        if (wire.isReusable()) {
            keep(wire, Deque::addLast);
        } else {
            wire.abort();
        }
    }

    /**
     * Keeps a connection over which nothing was asked yet. It comes after those that were used, and
     * after those that were made earlier: a server that serves one after the other waits for them
     * in this order.
     */
    void await(Wire wire) {
        keep(wire, Deque::addFirst);
    }

    private void keep(Wire wire, BiConsumer<Deque<Wire>, Wire> place) {
        Wire surplus = wire;
        wire.rest();
        synchronized (this) {
            if (!closed) {
                var same = resting.computeIfAbsent(Key.of(wire.route()), key -> new ArrayDeque<>());
                place.accept(same, wire);
                surplus = same.size() > MOST_FOR_EACH ? same.removeFirst() : null;
            }
        }
        if (surplus != null) {
            surplus.abort();
        }
    }

    /** Connections to an origin over which nothing was asked yet. */
    synchronized int unused(String origin) {
        return (int)
                resting.values().stream()
                        .flatMap(Deque::stream)
                        .filter(wire -> isUnused(wire, origin))
                        .count();
    }

    /** Closes those over which nothing was asked yet. */
    void dropUnused(String origin) {
        close(wire -> isUnused(wire, origin));
    }

    private static boolean isUnused(Wire wire, String origin) {
        return !wire.isAnswered() && wire.route().target().origin().equals(origin);
    }

    /** Closes what rests too long. */
    void sweep() {
        var now = System.nanoTime();
        close(wire -> now - wire.idleSince() > MOST_IDLE);
    }

    /** Closes what rests for one origin. */
    void drop(String origin) {
        close(wire -> wire.route().target().origin().equals(origin));
    }

    /** Closes all, and whatever is given from now on. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        close(wire -> true);
    }

    private void close(Predicate<Wire> which) {
        var due = new ArrayList<Wire>();
        synchronized (this) {
            for (var same : resting.values()) {
                same.stream().filter(which).forEach(due::add);
                same.removeIf(which);
            }
            resting.values().removeIf(Deque::isEmpty);
        }
        due.forEach(Wire::abort);
    }

    private synchronized @Nullable Wire poll(Route route) {
        var same = resting.get(Key.of(route));
        return same == null ? null : same.pollLast();
    }
}
