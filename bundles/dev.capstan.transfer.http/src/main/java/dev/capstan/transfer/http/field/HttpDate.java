package dev.capstan.transfer.http.field;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * HTTP dates in their three forms (RFC 9110 §5.6.7). By hand, because the JDK's formatters load
 * locale data, which a short run of the command line would feel.
 */
public final class HttpDate {
    private static final List<String> DAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private HttpDate() {}

    /** Reads a date; null if it is none. */
    public static @Nullable Instant parse(@Nullable String value) {
        if (value == null || value.length() > 64) {
            return null;
        }
        // Sun, 06 Nov 1994 08:49:37 GMT · Sunday, 06-Nov-94 08:49:37 GMT · Sun Nov  6 08:49:37 1994
        var parts = value.strip().split("[ ,-]+", -1);
        if (parts.length < 5) {
            return null;
        }
        try {
            var asctime = parts[3].indexOf(':') > 0;
            var day = Integer.parseInt(parts[asctime ? 2 : 1]);
            var month = MONTHS.indexOf(capital(parts[asctime ? 1 : 2])) + 1;
            var year = year(parts[asctime ? 4 : 3]);
            var time = parts[asctime ? 3 : 4].split(":", -1);
            if (time.length != 3 || month == 0) {
                return null;
            }
            // A leap second is the last one of its minute, as far as anything here cares.
            var second = Math.min(59, Integer.parseInt(time[2]));
            return LocalDateTime.of(
                            year,
                            month,
                            day,
                            Integer.parseInt(time[0]),
                            Integer.parseInt(time[1]),
                            second)
                    .toInstant(ZoneOffset.UTC);
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    /** Writes a date in the preferred form. */
    public static String format(Instant value) {
        var at = LocalDateTime.ofInstant(value, ZoneOffset.UTC);
        return DAYS.get(at.getDayOfWeek().getValue() - 1)
                + ", "
                + two(at.getDayOfMonth())
                + " "
                + MONTHS.get(at.getMonthValue() - 1)
                + " "
                + at.getYear()
                + " "
                + two(at.getHour())
                + ":"
                + two(at.getMinute())
                + ":"
                + two(at.getSecond())
                + " GMT";
    }

    // Two digits mean the century that is not more than 50 years ahead; 70 is a good enough pivot.
    private static int year(String text) {
        var year = Integer.parseInt(text);
        return text.length() > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
    }

    private static String capital(String text) {
        return text.length() < 3
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1, 3).toLowerCase(Locale.ROOT);
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
