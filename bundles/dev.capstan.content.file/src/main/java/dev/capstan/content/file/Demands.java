package dev.capstan.content.file;

import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * P11: what the filler should fetch first. What a waiting reader demands lasts as long as it waits,
 * so that a player that was dragged to and fro gets the place it came to rest at; what was demanded
 * through a handle lasts until it is there.
 *
 * <p>Safe for any threads; its lock is held for arithmetic only.
 */
final class Demands {
    private final List<Range> waitedFor = new CopyOnWriteArrayList<>();
    private RangeSet asked = RangeSet.EMPTY;
    private volatile @Nullable Runnable listener;

    /** Demands a range until it is there. */
    void add(Range range) {
        synchronized (this) {
            var grown = asked.plus(range.from(), range.to());
            if (grown.equals(asked)) {
                return;
            }
            asked = grown;
        }
        changed();
    }

    /** Demands a range for a reader that begins to wait; it withdraws the same object. */
    void begin(Range range) {
        waitedFor.add(range);
        changed();
    }

    void end(Range range) {
        waitedFor.removeIf(other -> other == range);
    }

    /** What is still wanted of a part. */
    RangeSet open(Part part) {
        var wanted = asked(part);
        var lowestFirst = Comparator.comparingLong(Range::from);
        for (var range : waitedFor.stream().sorted(lowestFirst).toList()) {
            wanted = wanted.plus(range.from(), range.to());
        }
        return missing(wanted, part);
    }

    private synchronized RangeSet asked(Part part) {
        asked = missing(asked, part);
        return asked;
    }

    /** What of some ranges is not there, and not behind the end. */
    static RangeSet missing(RangeSet wanted, Part part) {
        var present = part.present();
        var length = part.identity().length();
        var left = length < 0 ? wanted : wanted.minus(length, Long.MAX_VALUE);
        var missing = RangeSet.EMPTY;
        for (var range : left.ranges()) {
            missing = missing.plus(present.missing(range.from(), range.to()));
        }
        return missing;
    }

    /** Tells the filler that there is something new: a demand, or a reader that has moved on. */
    void changed() {
        var hearing = listener;
        if (hearing != null) {
            hearing.run();
        }
    }

    void onChange(@Nullable Runnable hearing) {
        listener = hearing;
    }
}
