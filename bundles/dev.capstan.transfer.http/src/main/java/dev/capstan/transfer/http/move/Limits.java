package dev.capstan.transfer.http.move;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of speed that downloads share: one for all and one for each host that has one. A
 * change counts at once for every connection there is. Safe for any number of threads.
 */
public final class Limits {
    private final LongSupplier clock;
    private final Limiter all;
    private volatile Map<String, Limiter> hosts = Map.of();

    /** No limits yet. */
    public Limits() {
        this(System::nanoTime);
    }

    /** Limits in a test's own time. */
    Limits(LongSupplier clock) {
        this.clock = clock;
        all = new Limiter(clock);
    }

    /**
     * Limits all downloads together.
     *
     * @param bytesPerSecond most, 0 for no limit
     */
    public void all(long bytesPerSecond) {
        all.rate(bytesPerSecond);
    }

    /**
     * Limits what comes from single hosts.
     *
     * @param bytesPerSecond most, by host name in lower case; a host that is not in it has no limit
     */
    public synchronized void hosts(Map<String, Long> bytesPerSecond) {
        var next = new HashMap<String, Limiter>();
        bytesPerSecond.forEach(
                (host, rate) -> {
                    var known = hosts.get(host);
                    var limiter = known == null ? new Limiter(clock) : known;
                    limiter.rate(rate);
                    next.put(host, limiter);
                });
        // Whoever is in debt to one that is no more shall not pay it back.
        hosts.forEach(
                (host, limiter) -> {
                    if (!next.containsKey(host)) {
                        limiter.rate(0);
                    }
                });
        hosts = Map.copyOf(next);
    }

    Limiter all() {
        return all;
    }

    /** The limit of a host; null if it has none. */
    @Nullable Limiter host(String name) {
        return hosts.get(name);
    }
}
