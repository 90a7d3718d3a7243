package dev.capstan.content.file;

import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import org.jspecify.annotations.Nullable;

/** P11: what readers wait for and the filler should fetch first. Safe for any threads. */
final class Demands {
    private RangeSet wanted = RangeSet.EMPTY;
    private volatile @Nullable Runnable listener;

    /** Adds a range; the filler hears of it if that is news. */
    void add(Range range) {
        synchronized (this) {
            var grown = wanted.plus(range.from(), range.to());
            if (grown.equals(wanted)) {
                return;
            }
            wanted = grown;
        }
        var hearing = listener;
        if (hearing != null) {
            hearing.run();
        }
    }

    /** What is still wanted of a part: not there, and not behind its end. */
    synchronized RangeSet open(Part part) {
        for (var range : part.present().ranges()) {
            wanted = wanted.minus(range.from(), range.to());
        }
        var length = part.identity().length();
        if (length >= 0) {
            wanted = wanted.minus(length, Long.MAX_VALUE);
        }
        return wanted;
    }

    void onChange(@Nullable Runnable hearing) {
        listener = hearing;
    }
}
