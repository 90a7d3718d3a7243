package dev.capstan.transfer.http.field;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Content-Range (RFC 9110 §14.4).
 *
 * @param from first byte of the part; −1 in the form {@code bytes * /N} of a 416
 * @param to first byte after the part; −1 likewise
 * @param total bytes of the whole, −1 if the server does not tell
 */
public record ContentRange(long from, long to, long total) {
    private static final Pattern FORM =
            Pattern.compile("(?i:bytes) +(?:(\\d{1,19})-(\\d{1,19})|\\*)/(?:(\\d{1,19})|\\*)");

    /** Reads a value; null if it is not well formed or contradicts itself. */
    public static @Nullable ContentRange parse(@Nullable String value) {
        if (value == null) {
            return null;
        }
        var matcher = FORM.matcher(value.strip());
        if (!matcher.matches()) {
            return null;
        }
        try {
            var total = matcher.group(3) == null ? -1 : Long.parseLong(matcher.group(3));
            if (matcher.group(1) == null) {
                return total < 0 ? null : new ContentRange(-1, -1, total);
            }
            var from = Long.parseLong(matcher.group(1));
            var last = Long.parseLong(matcher.group(2));
            var sound = from <= last && last < Long.MAX_VALUE && (total < 0 || last < total);
            return sound ? new ContentRange(from, last + 1, total) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
