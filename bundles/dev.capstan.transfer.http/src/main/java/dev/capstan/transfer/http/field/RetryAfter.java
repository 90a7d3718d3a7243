package dev.capstan.transfer.http.field;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Retry-After in both forms (RFC 9110 §10.2.3). */
public final class RetryAfter {
    /** Nobody is believed beyond this. */
    public static final Duration MOST = Duration.ofHours(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");

    private RetryAfter() {}

    /** How long to wait, at most {@link #MOST}; null if the value is rubbish. */
    public static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null) {
            return null;
        }
        var text = value.strip();
        Duration wait;
        if (SECONDS.matcher(text).matches()) {
            wait = Duration.ofSeconds(Long.parseLong(text));
        } else {
            var date = HttpDate.parse(text);
            if (date == null) {
                return null;
            }
            wait = Duration.between(now, date);
        }
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(MOST) > 0 ? MOST : wait;
    }
}
