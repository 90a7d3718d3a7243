package dev.capstan.admin.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who offered wrong passwords, by address: after some of them each further one has to wait, longer
 * each time (S5). The right one is taken all the same, since nobody guesses 256 bits and its owner
 * may share an address with the one who tries. Safe for any number of threads.
 */
final class Attempts {
    private static final int FREE = 5;
    private static final int MOST_DOUBLINGS = 6;
    private static final int REMEMBERED = 1000;

    private final Clock clock;

    private record Failures(int count, Instant until) {}

    private final Map<String, Failures> failures =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                    return size() > REMEMBERED;
                }
            };

    Attempts(Clock clock) {
        this.clock = clock;
    }

    synchronized void succeeded(String caller) {
        failures.remove(caller);
    }

    /** Counts a failure; tells how long its caller has to wait now, nothing while it need not. */
    synchronized Duration failed(String caller) {
        var now = clock.instant();
        var before = failures.getOrDefault(caller, new Failures(0, Instant.MIN));
        if (now.isBefore(before.until)) {
            return Duration.between(now, before.until);
        }
        var count = before.count + 1;
        var wait =
                count < FREE
                        ? Duration.ZERO
                        : Duration.ofSeconds(1L << Math.min(count - FREE, MOST_DOUBLINGS));
        failures.put(caller, new Failures(count, now.plus(wait)));
        return Duration.ZERO;
    }
}
