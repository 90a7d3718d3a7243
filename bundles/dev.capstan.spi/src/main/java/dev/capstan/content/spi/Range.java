package dev.capstan.content.spi;

/**
 * Bytes from one position to another.
 *
 * @param from first byte
 * @param to first byte after them
 */
public record Range(long from, long to) {

    /**
     * Creates a range.
     *
     * @throws IllegalArgumentException unless {@code 0 ≤ from < to}
     */
    public Range {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("Not a range: " + from + " to " + to);
        }
    }

    /**
     * How many bytes it covers.
     *
     * @return at least 1
     */
    public long length() {
        return to - from;
    }
}
