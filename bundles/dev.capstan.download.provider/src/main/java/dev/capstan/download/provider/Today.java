package dev.capstan.download.provider;

import dev.capstan.download.Statistics.Totals;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * What ended today: all there ever was, less what there was when the day began. The former is
 * stored with the downloads themselves, so that nothing is lost or counted twice by a restart.
 *
 * <p>Safe for any thread.
 */
final class Today {
    private final LocalState state;
    private final Clock clock;

    /**
     * A day and what had ended before it.
     *
     * @param date the day
     * @param before totals when it began
     */
    record Day(LocalDate date, Totals before) {}

    Today(LocalState state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    /** Whether another day has begun since anybody asked. */
    boolean isOver() {
        var known = state.day();
        return known == null || !known.date().equals(now());
    }

    /**
     * What ended today.
     *
     * @param allTime what ever ended
     */
    synchronized Totals of(Totals allTime) {
        var known = state.day();
        if (known == null || isOver() || known.before().bytes() > allTime.bytes()) {
            // A database that was set aside, and an older one restored, begins the day anew.
            known = new Day(now(), allTime);
            state.remember(known);
        }
        var before = known.before();
        return new Totals(
                allTime.completed() - before.completed(),
                allTime.failed() - before.failed(),
                allTime.bytes() - before.bytes());
    }

    private LocalDate now() {
        return LocalDate.ofInstant(clock.instant(), ZoneId.systemDefault());
    }
}
