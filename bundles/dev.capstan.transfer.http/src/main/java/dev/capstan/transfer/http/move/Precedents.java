package dev.capstan.transfer.http.move;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many connections paid at a host a short while ago, so that the next transfer from there need
 * not find it out again. It lives in memory only and ages from the moment it was found out, however
 * often it is used: links change. Safe for any number of threads.
 */
public final class Precedents {
    private static final long GOOD_FOR = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST_HOSTS = 256;

    private final LongSupplier clock;
    private final Map<String, Entry> hosts =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
                    return size() > MOST_HOSTS;
                }
            };

    /**
     * What paid.
     *
     * @param connections so many
     * @param before how many there were before them
     * @param speedBefore bytes a second that those brought
     */
    public record Precedent(int connections, int before, double speedBefore) {}

    private record Entry(Precedent precedent, long foundAt) {}

    /** None yet. */
    public Precedents() {
        this(System::nanoTime);
    }

    /** None yet, in a test's own time. */
    Precedents(LongSupplier clock) {
        this.clock = clock;
    }

    /** What paid at a host; null if that is not known, or no longer. */
    public synchronized @Nullable Precedent of(String host) {
        var entry = hosts.get(host);
        if (entry != null && clock.getAsLong() - entry.foundAt >= GOOD_FOR) {
            hosts.remove(host);
            return null;
        }
        return entry == null ? null : entry.precedent;
    }

    /**
     * It was found out what pays at a host.
     *
     * @param precedent null if only one connection does, or if it has to be found out anew
     */
    public synchronized void found(String host, @Nullable Precedent precedent) {
        hosts.remove(host);
        if (precedent != null) {
            hosts.put(host, new Entry(precedent, clock.getAsLong()));
        }
    }
}
