package dev.capstan.host.fshare;

import java.time.Duration;
import java.util.regex.Pattern;

/** Reads lengths of time as people write them. */
final class Spans {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9}) ?(ms|s|min|h)");

    private Spans() {}

    /**
     * Reads a number with its unit.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Duration parse(String name, String text) {
        var span = SPAN.matcher(text.strip());
        if (!span.matches()) {
            throw new IllegalArgumentException(
                    name + " must be a time like \"500 ms\", \"30 s\", \"10 min\" or \"6 h\"");
        }
        var number = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
