package dev.capstan.transfer.http.move;

/**
 * How many connections pay. It starts with one and doubles while the whole grows by a tenth; when
 * it does not, the last step is taken back. Where the end is near anyway, nothing is added. Used by
 * one thread.
 */
final class Ramp {
    private static final double WORTH = 1.1;
    private static final double LEAST_SECONDS_LEFT = 1;

    private final long settle;
    private int count = 1;
    private int before = 1;
    private double baseline;
    private long changedAt;
    private boolean done;

    /**
     * A ramp.
     *
     * @param settle nanoseconds a step is given to show what it brings
     */
    Ramp(long settle) {
        this.settle = settle;
    }

    /** The first byte arrived: measuring begins. */
    void start(long now) {
        changedAt = now;
    }

    /**
     * Decides.
     *
     * @param now nanoseconds
     * @param speed bytes a second of all connections
     * @param missing bytes still to come
     * @param most connections allowed
     * @return how many there shall be
     */
    int next(long now, double speed, long missing, int most) {
        if (!done
                && now - changedAt >= settle
                && missing / Math.max(1, speed) > LEAST_SECONDS_LEFT) {
            if (count > 1 && speed < WORTH * baseline) {
                count = before;
                done = true;
            } else if (count < most) {
                baseline = speed;
                before = count;
                count = Math.min(most, 2 * count);
                changedAt = now;
            }
        }
        return Math.min(count, most);
    }

    /** The server takes no more than this many. */
    void refused(int accepted) {
        count = Math.max(1, accepted);
        done = true;
    }
}
