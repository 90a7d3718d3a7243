package dev.capstan.host.deezer;

import dev.capstan.name.SafeNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * D8: a path with fields in braces, {@code {artist}} or {@code {track_number:02d}}; a part in
 * brackets is left out where a field of it has no value. Each segment is made safe (S3), and no
 * value adds one: separators inside of values are replaced.
 */
final class NameTemplate {
    private static final Set<String> FIELDS =
            Set.of(
                    "artist",
                    "album_artist",
                    "album",
                    "title",
                    "track_number",
                    "disc_number",
                    "playlist",
                    "playlist_position",
                    "year");
    private static final Pattern FIELD = Pattern.compile("\\{([a-z_]+)(?::0([1-9])d)?}");
    private static final Pattern OPTIONAL = Pattern.compile("\\[([^\\[\\]]*)]");
    private static final Pattern SEPARATOR = Pattern.compile("(?i)[/\\\\]|%(?:25)*(?:2f|5c)");
    private static final String NAMELESS = "unknown";

    private final String template;

    /**
     * Takes a template.
     *
     * @throws IllegalArgumentException with a sentence if it has a field that does not exist
     */
    NameTemplate(String template) {
        this.template = template.strip();
        var rest = FIELD.matcher(this.template).replaceAll("");
        if (this.template.isEmpty() || rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
            throw new IllegalArgumentException("\"" + template + "\" is no template for names.");
        }
        var fields = FIELD.matcher(this.template);
        while (fields.find()) {
            if (!FIELDS.contains(fields.group(1))) {
                throw new IllegalArgumentException(
                        "There is no field {" + fields.group(1) + "} for names.");
            }
        }
    }

    /**
     * Fills it in.
     *
     * @param values by field; empty ones count as absent
     * @param ending goes behind the last segment
     * @return safe segments, at least one
     */
    List<String> path(Map<String, String> values, String ending) {
        var optional = OPTIONAL.matcher(template);
        var shown =
                optional.replaceAll(
                        part ->
                                Matcher.quoteReplacement(
                                        isFilled(part.group(1), values) ? part.group(1) : ""));
        var segments = new ArrayList<String>();
        for (var segment : shown.split("/")) {
            if (!segment.isBlank()) {
                segments.add(fill(segment, values));
            }
        }
        var last = segments.isEmpty() ? NAMELESS : segments.remove(segments.size() - 1);
        var safe = new ArrayList<String>();
        segments.forEach(segment -> safe.add(SafeNames.fileName(segment, NAMELESS)));
        safe.add(SafeNames.fileName(last + ending, NAMELESS + ending));
        return safe;
    }

    private static boolean isFilled(String part, Map<String, String> values) {
        return FIELD.matcher(part)
                .results()
                .noneMatch(field -> values.getOrDefault(field.group(1), "").isEmpty());
    }

    private static String fill(String segment, Map<String, String> values) {
        return FIELD.matcher(segment)
                .replaceAll(
                        field ->
                                Matcher.quoteReplacement(
                                        padded(
                                                values.getOrDefault(field.group(1), ""),
                                                field.group(2))));
    }

    private static String padded(String value, @Nullable String width) {
        var flat = SEPARATOR.matcher(value).replaceAll("_");
        return width == null || flat.isEmpty() || !flat.chars().allMatch(Character::isDigit)
                ? flat
                : "0".repeat(Math.max(0, Integer.parseInt(width) - flat.length())) + flat;
    }
}
