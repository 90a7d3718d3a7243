package dev.capstan.transfer.http.move;

import java.util.concurrent.TimeUnit;

/**
 * How many connections pay. It starts with one, lets it come to its own speed, and doubles while
 * the whole grows by a tenth, as soon as that shows; a step that shows nothing in good time is
 * taken back and tried again later, since links change. Where the end is near anyway, nothing is
 * added. Used by one thread.
 */
final class Ramp {
    private static final double WORTH = 1.1;
    private static final double LEAST_SECONDS_LEFT = 2;
    private static final long SETTLE = TimeUnit.MILLISECONDS.toNanos(90);

    // A connection begins slowly. What it still gains by itself is not to be taken for what others
    // brought.
    private static final double GROWS = 1.15;
    private static final long GROWN_UP = TimeUnit.SECONDS.toNanos(1);
    private static final long GIVE_UP = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(16);

    // Many servers begin with a burst. Whoever is this much slower afterwards was measured in one,
    // and what came of a step cannot be told from it.
    private static final double WAS_A_BURST = 0.8;

    private int count = 1;
    private int before = 1;
    private double baseline;
    private long changedAt;
    private long bytesThen;
    private long lookedAt;
    private long bytesSeen;
    private double pace;
    private long rest = SETTLE;
    private long nextRest = GIVE_UP;
    private boolean trying;
    private boolean refused;

    /** The first bytes arrived: measuring begins. */
    void start(long now, long bytes) {
        changedAt = now;
        bytesThen = bytes;
        lookedAt = now;
        bytesSeen = bytes;
    }

    /**
     * Decides.
     *
     * @param now nanoseconds
     * @param bytes received by all connections since the start
     * @param missing bytes still to come
     * @param running connections that there are
     * @param flowing whether all of them bring bytes, so that their worth can be judged
     * @param most connections allowed
     * @return how many there shall be
     */
    int next(long now, long bytes, long missing, int running, boolean flowing, int most) {
        if (running > count) {
            // Those that were taken back still finish their parts, and would be measured too.
            start(now, bytes);
        }
        var paceBefore = pace;
        pace = (bytes - bytesSeen) * 1e9 / Math.max(1, now - lookedAt);
        lookedAt = now;
        bytesSeen = bytes;
        var elapsed = now - changedAt;
        var speed = (bytes - bytesThen) * 1e9 / Math.max(1, elapsed);
        if (elapsed >= SETTLE && !refused && missing >= LEAST_SECONDS_LEFT * speed) {
            judge(speed, elapsed, flowing, now, bytes);
            var young = count == 1 && elapsed < GROWN_UP && pace >= GROWS * paceBefore;
            if (!trying && !young && count < most && now - changedAt >= rest) {
                trying = true;
                before = count;
                baseline = count == 1 ? Math.max(speed, pace) : speed;
                step(Math.min(most, 2 * count), now, bytes);
            }
        }
        return Math.min(count, most);
    }

    /** The server takes no more than this many. */
    void refused(int accepted) {
        count = Math.max(1, accepted);
        refused = true;
    }

    private void judge(double speed, long elapsed, boolean flowing, long now, long bytes) {
        if (!trying) {
            return;
        }
        var inTime = elapsed < (flowing ? 1 : 2) * GIVE_UP;
        if (speed >= WORTH * baseline || (!inTime && speed < WAS_A_BURST * baseline)) {
            trying = false;
            rest = SETTLE;
            nextRest = GIVE_UP;
        } else if (!inTime) {
            trying = false;
            rest = nextRest;
            nextRest = Math.min(LONGEST_REST, 2 * nextRest);
            step(before, now, bytes);
        }
    }

    private void step(int to, long now, long bytes) {
        count = to;
        start(now, bytes);
    }
}
