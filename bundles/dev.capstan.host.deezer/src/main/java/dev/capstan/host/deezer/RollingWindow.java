package dev.capstan.host.deezer;

import dev.capstan.host.spi.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * D9: lets so many calls through that no window of time holds more, wherever it is laid.
 *
 * <p>A place is taken before a call is sent and is free again only when the window's length has
 * gone by since its <em>answer</em>: when the service saw it is not known, but it was before that.
 * So the bound holds at the service too, however long calls are on their way.
 *
 * <p>Safe for any thread.
 */
final class RollingWindow {
    private final int most;
    private final Duration length;
    private final Time time;
    private final List<Instant> answered = new ArrayList<>();
    private int underWay;

    RollingWindow(int most, Duration length, Time time) {
        this.most = most;
        this.length = length;
        this.time = time;
    }

    /**
     * Waits for a place.
     *
     * @param deadline until when
     * @return false if there is none before the deadline
     */
    boolean enter(Instant deadline) throws InterruptedException {
        for (var wait = take(deadline); !wait.isZero(); wait = take(deadline)) {
            if (time.instant().plus(wait).isAfter(deadline)) {
                return false;
            }
            time.sleep(wait);
        }
        return true;
    }

    /** A call that had a place was answered, or failed. */
    synchronized void answered() {
        underWay--;
        answered.add(time.instant());
        notifyAll();
    }

    /** Takes a place, or tells how long there is none. */
    private synchronized Duration take(Instant deadline) throws InterruptedException {
        while (underWay >= most) {
            // All places are with calls under way, and those end by their own deadlines.
            var left = Duration.between(time.instant(), deadline);
            if (left.toMillis() <= 0) {
                return length;
            }
            wait(left.toMillis());
        }
        var now = time.instant();
        // Of a clock that was set back it is not known how long ago they were answered.
        answered.replaceAll(then -> then.isAfter(now) ? now : then);
        answered.removeIf(then -> !then.plus(length).isAfter(now));
        if (underWay + answered.size() < most) {
            underWay++;
            return Duration.ZERO;
        }
        return Duration.between(now, answered.get(0).plus(length));
    }
}
