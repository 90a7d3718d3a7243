package dev.capstan.content.file;

import java.util.HashMap;
import java.util.Map;

/**
 * Who uses which item's file now: any number read it, or one changes its name (publishes, evicts,
 * sets aside). Waits are short: a name changes in the time of a rename and a sync.
 *
 * <p>Safe for any number of threads; the lock guards memory only.
 */
final class Leases {
    private static final class Lease {
        private int readers;
        private boolean naming;
    }

    private final Map<String, Lease> leases = new HashMap<>();

    /** Keeps an item from eviction until {@link #release}. */
    synchronized void hold(String hex) {
        awaitNamed(hex);
        leases.computeIfAbsent(hex, key -> new Lease()).readers++;
    }

    synchronized void release(String hex) {
        var lease = leases.get(hex);
        if (lease != null && --lease.readers == 0 && !lease.naming) {
            leases.remove(hex);
        }
    }

    /** Becomes the one that changes the name, whoever reads; until {@link #named}. */
    synchronized void name(String hex) {
        awaitNamed(hex);
        leases.computeIfAbsent(hex, key -> new Lease()).naming = true;
    }

    /** The same, but only if nobody reads it or changes its name. */
    synchronized boolean tryNameAlone(String hex) {
        if (leases.containsKey(hex)) {
            return false;
        }
        leases.computeIfAbsent(hex, key -> new Lease()).naming = true;
        return true;
    }

    synchronized void named(String hex) {
        var lease = leases.get(hex);
        if (lease != null) {
            lease.naming = false;
            if (lease.readers == 0) {
                leases.remove(hex);
            }
        }
        notifyAll();
    }

    private void awaitNamed(String hex) {
        var interrupted = false;
        while (true) {
            var lease = leases.get(hex);
            if (lease == null || !lease.naming) {
                break;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
