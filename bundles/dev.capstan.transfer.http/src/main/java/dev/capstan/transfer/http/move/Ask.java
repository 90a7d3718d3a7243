package dev.capstan.transfer.http.move;

/**
 * What a request asks for.
 *
 * @param ranged whether it carries Range; else the whole is asked for
 * @param from first byte asked for, the overlap included
 * @param at first byte that is wanted; what is before it is there already and compared
 * @param to first byte after, {@link Long#MAX_VALUE} where the end is open
 * @param ifRange whether it carries If-Range
 */
record Ask(boolean ranged, long from, long at, long to, boolean ifRange) {

    /** Asks for the whole without conditions. */
    static final Ask WHOLE = new Ask(false, 0, 0, Long.MAX_VALUE, false);

    /** The value of Range. */
    String range() {
        return "bytes=" + from + "-" + (to == Long.MAX_VALUE ? "" : to - 1);
    }

    /** Whether bytes that are there are asked for again, to be compared. */
    boolean overlaps() {
        return from < at;
    }
}
