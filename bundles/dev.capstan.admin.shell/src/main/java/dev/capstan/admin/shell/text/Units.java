package dev.capstan.admin.shell.text;

import java.time.Duration;

/**
 * Numbers as people read them. What is not exact is cut and never rounded up, so that nothing looks
 * finished before it is.
 */
public final class Units {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Units() {}

    /** Bytes with three digits: {@code 512 B}, {@code 1.50 KiB}, {@code 12.3 MiB}. */
    public static String bytes(long bytes) {
        if (bytes < 0) {
            return "?";
        }
        var unit = unit(bytes);
        return number(bytes, unit) + " " + BINARY[unit];
    }

    /** A part and the whole in the unit of the whole: {@code 12.3/400 MiB}. */
    public static String bytes(long part, long whole) {
        if (whole < 0) {
            return bytes(part);
        }
        var unit = unit(whole);
        return number(part, unit) + "/" + number(whole, unit) + " " + BINARY[unit];
    }

    /** Bytes a second. */
    public static String speed(long bytesPerSecond) {
        return bytes(bytesPerSecond) + "/s";
    }

    /** A time that is left, as a clock shows it: {@code 0:07}, {@code 1:02:03}, {@code 3 d 4 h}. */
    public static String clock(Duration duration) {
        var seconds = Math.max(0, duration.toSeconds());
        if (seconds < 3600) {
            return seconds / 60 + ":" + two(seconds % 60);
        }
        if (seconds < 86_400) {
            return seconds / 3600 + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
        }
        return seconds / 86_400 + " d " + seconds / 3600 % 24 + " h";
    }

    /** A time that was needed: {@code 0.3 s}, {@code 12 s}, {@code 3 min 7 s}. */
    public static String took(Duration duration) {
        var millis = Math.max(0, duration.toMillis());
        if (millis < 10_000) {
            return millis / 1000 + "." + millis / 100 % 10 + " s";
        }
        var seconds = millis / 1000;
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }

    /** Seconds with three decimals, whatever the locale. */
    public static String seconds(Duration duration) {
        var millis = Math.max(0, duration.toMillis());
        var fraction = Long.toString(1000 + millis % 1000).substring(1);
        return millis / 1000 + "." + fraction;
    }

    /** A part of the whole: {@code 42%}. */
    public static String percent(double fraction) {
        return (int) (fraction * 100) + "%";
    }

    /** A count with its noun: {@code 1 download}, {@code 2 downloads}. */
    public static String count(long count, String noun) {
        if (count == 1) {
            return "1 " + noun;
        }
        return count + " " + (noun.endsWith("ch") ? noun + "es" : noun + "s");
    }

    private static int unit(long bytes) {
        var unit = 0;
        while (unit < BINARY.length - 1 && bytes >> 10 * unit >= 1024) {
            unit++;
        }
        return unit;
    }

    private static String number(long bytes, int unit) {
        var whole = bytes >> 10 * unit;
        if (unit == 0 || whole >= 100) {
            return Long.toString(whole);
        }
        var rest = bytes >> 10 * (unit - 1) & 1023;
        var fraction = two(rest * 100 / 1024);
        return whole + "." + (whole >= 10 ? fraction.substring(0, 1) : fraction);
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
