package dev.capstan.transfer.http.move;

import dev.capstan.download.Segment;

/**
 * A run of bytes one connection fetches, front to back. Its end may be moved forward while it is
 * being fetched, when another connection takes over the rest.
 */
final class Part {
    // A connection that is this close to a wanted byte gets there sooner than a new one.
    private static final long SOON = 1L << 20;
    private static final long LEAST_SOON = 64L << 10;

    private static final int YOUNG = 5;

    private final long from;
    private final boolean isOfKnownSpeed;
    private long position;
    private long to;
    private long speed;
    private long sampled;
    private int samples;
    private boolean held;
    private boolean wasHeld;

    /**
     * A run of bytes.
     *
     * @param speed what its connection brought a second before; 0 if it is new
     */
    Part(long from, long to, long speed) {
        this.from = from;
        this.position = from;
        this.to = to;
        this.sampled = from;
        this.speed = speed;
        isOfKnownSpeed = speed > 0;
    }

    /** Takes the next bytes into possession; gives how many of them are still this part's. */
    synchronized int claim(int bytes) {
        var mine = (int) Math.min(bytes, to - position);
        position += mine;
        return mine;
    }

    synchronized long from() {
        return from;
    }

    synchronized long position() {
        return position;
    }

    synchronized long to() {
        return to;
    }

    synchronized boolean isDone() {
        return position >= to;
    }

    /** Moves the end, forward or back. */
    synchronized void to(long newTo) {
        to = newTo;
    }

    /**
     * Cuts it at a position that was not claimed yet; gives the old end, or −1 if it is too late.
     */
    synchronized long cut(long at) {
        if (at <= position || at >= to) {
            return -1;
        }
        var old = to;
        to = at;
        return old;
    }

    /** Bytes still to come; huge where the length is unknown. */
    long remaining() {
        return remaining(Long.MAX_VALUE);
    }

    /** Bytes still to come before a horizon; huge where neither it nor the length is known. */
    synchronized long remaining(long horizon) {
        return Math.max(0, Math.min(to, horizon) - position);
    }

    /** Smoothed bytes a second. */
    synchronized long speed() {
        return speed;
    }

    /** Looks at the speed once in a while. */
    synchronized void sample(double seconds) {
        if (wasHeld) {
            wasHeld = held;
            sampled = position;
            return;
        }
        var now = (position - sampled) / seconds;
        // A part begins between two looks, and with a request.
        if (!isOfKnownSpeed || samples > 0) {
            speed = (long) (speed == 0 ? now : 0.6 * speed + 0.4 * now);
        }
        sampled = position;
        samples++;
    }

    /** How far ahead a byte comes sooner this way than by a new connection. */
    synchronized long soon() {
        return samples < YOUNG ? SOON : Math.max(LEAST_SOON, Math.min(SOON, speed / 2));
    }

    /** As much as is worth a request of its own where connections go side by side. */
    synchronized long strip() {
        return isYoung() ? SOON : Math.max(LEAST_SOON, Math.min(SOON, speed));
    }

    /** While it is held back, its speed says nothing of the way it comes. */
    synchronized void held(boolean now) {
        held = now;
        wasHeld |= now;
    }

    /** Whether it is held back, or was lately. */
    synchronized boolean isHeld() {
        return wasHeld;
    }

    /** Whether its speed was not seen for long enough to be judged by. */
    synchronized boolean isYoung() {
        return !isOfKnownSpeed && samples < YOUNG;
    }

    synchronized Segment segment() {
        return new Segment(from, position, to == Long.MAX_VALUE ? -1 : to, speed);
    }
}
