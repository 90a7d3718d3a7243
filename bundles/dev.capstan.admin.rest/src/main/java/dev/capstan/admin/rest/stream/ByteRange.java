package dev.capstan.admin.rest.stream;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A single range of a Range field (RFC 9110 §14.1.2) as it was asked for.
 *
 * @param first first byte; −1 for the last ones
 * @param last last byte, or how many of the last ones; −1 for all that follow
 */
record ByteRange(long first, long last) {
    private static final Pattern SINGLE =
            Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})", Pattern.CASE_INSENSITIVE);

    /**
     * Reads a field; empty where the whole is to be sent: several ranges, another unit, rubbish.
     */
    static Optional<ByteRange> parse(String field) {
        var found = SINGLE.matcher(field.strip());
        if (!found.matches()) {
            return Optional.empty();
        }
        var range = new ByteRange(number(found.group(1)), number(found.group(2)));
        var isRubbish =
                range.first < 0 ? range.last < 0 : range.last >= 0 && range.last < range.first;
        return isRubbish ? Optional.empty() : Optional.of(range);
    }

    /** The same range in something of a length; empty where none of it is there. */
    Optional<Part> within(long length) {
        if (first < 0) {
            var count = Math.min(last, length);
            return count == 0 ? Optional.empty() : Optional.of(new Part(length - count, length));
        }
        if (first >= length) {
            return Optional.empty();
        }
        return Optional.of(new Part(first, last < 0 ? length : Math.min(last + 1, length)));
    }

    /**
     * Bytes that are to be sent.
     *
     * @param from first byte
     * @param to first byte after
     */
    record Part(long from, long to) {}

    private static long number(String digits) {
        return digits.isEmpty() ? -1 : Long.parseLong(digits);
    }
}
