package dev.capstan.transfer.http.field;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The Link field (RFC 8288), as far as it names other addresses of the same file (RFC 6249). */
public final class LinkFields {
    private static final int MOST = 16;
    private static final int LONGEST = 16 << 10;
    private static final int LEAST_URGENT = 999_999;

    private static final Pattern LINK =
            Pattern.compile(
                    "\\s*<([^<>]*)>((?:\\s*;\\s*[^\\s=;,\"<>]+(?:\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\\s;,\"]*))?)*+)\\s*(?:,|$)");
    private static final Pattern PARAMETER =
            Pattern.compile(
                    ";\\s*([^\\s=;,\"<>]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s;,\"]*)))?");

    private record Link(String address, int priority) {}

    private LinkFields() {}

    /**
     * Other addresses, the preferred first; a field that is not well formed ends with what cannot
     * be read of it.
     *
     * @param values of all Link fields
     * @return references relative to the address that answered, 16 at most
     */
    public static List<String> duplicates(List<String> values) {
        var found = new ArrayList<Link>();
        for (var value : values) {
            var matcher = LINK.matcher(value);
            var at = 0;
            while (value.length() <= LONGEST
                    && at < value.length()
                    && matcher.region(at, value.length()).lookingAt()) {
                read(matcher.group(1), matcher.group(2), found);
                at = matcher.end();
            }
        }
        return found.stream()
                .sorted(Comparator.comparingInt(Link::priority))
                .map(Link::address)
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static void read(String address, String parameters, List<Link> found) {
        var duplicate = false;
        var priority = LEAST_URGENT;
        var matcher = PARAMETER.matcher(parameters);
        while (matcher.find()) {
            var value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            if (value == null) {
                continue;
            }
            switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                case "rel" ->
                        duplicate = List.of(value.strip().split("\\s+")).contains("duplicate");
                case "pri" ->
                        priority = value.matches("\\d{1,6}") ? Integer.parseInt(value) : priority;
                // A link that speaks of something else than what was asked for.
                case "anchor" -> {
                    return;
                }
                default -> {}
            }
        }
        if (duplicate) {
            found.add(new Link(address, priority));
        }
    }
}
