package dev.capstan.transfer.http.field;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The Link field (RFC 8288), as far as it names other addresses of the same file, or what describes
 * it (RFC 6249).
 */
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

    private record Link(String address, int priority, List<String> relations, String type) {}

    private LinkFields() {}

    /**
     * Other addresses, the preferred first; a field that is not well formed ends with what cannot
     * be read of it.
     *
     * @param values of all Link fields
     * @return references relative to the address that answered, 16 at most
     */
    public static List<String> duplicates(List<String> values) {
        return addresses(values, link -> link.relations.contains("duplicate"));
    }

    /**
     * Documents of a media type that describe the file, the preferred first.
     *
     * @param values of all Link fields
     * @return references relative to the address that answered, 16 at most
     */
    public static List<String> descriptions(List<String> values, String type) {
        return addresses(
                values, link -> link.relations.contains("describedby") && link.type.equals(type));
    }

    private static List<String> addresses(List<String> values, Predicate<Link> which) {
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
                .filter(which)
                .sorted(Comparator.comparingInt(Link::priority))
                .map(Link::address)
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static void read(String address, String parameters, List<Link> found) {
        var relations = List.<String>of();
        var type = "";
        var priority = LEAST_URGENT;
        var matcher = PARAMETER.matcher(parameters);
        while (matcher.find()) {
            var value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            if (value == null) {
                continue;
            }
            switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                case "rel" ->
                        relations = List.of(value.strip().toLowerCase(Locale.ROOT).split("\\s+"));
                case "type" -> type = value.strip().toLowerCase(Locale.ROOT);
                case "pri" ->
                        priority = value.matches("\\d{1,6}") ? Integer.parseInt(value) : priority;
                // A link that speaks of something else than what was asked for.
                case "anchor" -> {
                    return;
                }
                default -> {}
            }
        }
        found.add(new Link(address, priority, relations, type));
    }
}
