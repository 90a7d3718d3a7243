package dev.capstan.content.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;

/**
 * Keeps the store within its limits (P6): least recently used first, and only what nobody holds.
 */
final class Evictor {
    private static final System.Logger LOG = System.getLogger(Evictor.class.getName());

    /** The one that was used last may be about to be placed or read. */
    static final Duration GRACE = Duration.ofMinutes(1);

    private final Limits limits;
    private final Space space;
    private final Index index;
    private final Vault vault;
    private final InstantSource clock;

    Evictor(Limits limits, Space space, Index index, Vault vault, InstantSource clock) {
        this.limits = limits;
        this.space = space;
        this.index = index;
        this.vault = vault;
        this.clock = clock;
    }

    long maxBytes() throws IOException {
        return limits.bytesOf(space.total());
    }

    /** Gives up what is beyond the limits. */
    void run() {
        makeRoom(0);
    }

    /**
     * Gives up what is beyond the limits of size, which is quickly seen; age is left to others.
     *
     * @return whether it is still beyond them, since what is left is being used
     */
    boolean runIfOver() {
        try {
            if (!isOver()) {
                return false;
            }
            evict(0, clock.instant());
            return isOver();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The content folder''s volume cannot be looked at: {0}", e);
            return false;
        }
    }

    /** Gives up what is beyond the limits, and so many bytes more if they are not held. */
    void makeRoom(long bytes) {
        try {
            var now = clock.instant();
            if (bytes > 0 || isOver() || !limits.maxAge().isZero()) {
                evict(bytes, now);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The content folder''s volume cannot be looked at: {0}", e);
        }
    }

    /** One at a time: two that saw the same excess would give up twice as much. */
    private synchronized void evict(long bytes, Instant now) throws IOException {
        var oldestFirst =
                index.all().stream()
                        .filter(item -> item.pins().isEmpty())
                        .sorted(Comparator.comparing(Item::used))
                        .toList();
        var last = oldestFirst.isEmpty() ? null : oldestFirst.get(oldestFirst.size() - 1);
        var freed = 0L;
        for (var item : oldestFirst) {
            if (item == last && !item.used().isBefore(now.minus(GRACE))) {
                return;
            }
            if (freed >= bytes && !isOver() && !isExpired(item, now)) {
                return;
            }
            if (vault.evict(item.hex())) {
                freed += item.size();
            }
        }
    }

    private boolean isExpired(Item item, Instant now) {
        return !limits.maxAge().isZero() && item.used().plus(limits.maxAge()).isBefore(now);
    }

    private boolean isOver() throws IOException {
        var totals = index.totals();
        return totals.bytes() - totals.heldBytes() > maxBytes()
                || (limits.maxItems() > 0
                        && totals.items() - totals.heldItems() > limits.maxItems())
                || (space.shortage() > 0 && totals.items() > totals.heldItems());
    }

    /** Learns which placed files are alone again, so that they count. */
    void refreshPlaced() throws IOException {
        for (var item : index.all()) {
            if (item.placed()) {
                vault.isShared(item);
            }
        }
    }
}
