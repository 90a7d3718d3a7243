package dev.capstan.admin.rest.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for, and what it knows already.
 *
 * @param headOnly whether it wants no body
 * @param range the one range it asks for, or null for the whole
 * @param ifRange the tag its range is meant for, or null
 * @param ifNoneMatch tags of what it has, or null
 */
record Demand(
        boolean headOnly,
        @Nullable ByteRange range,
        @Nullable String ifRange,
        @Nullable String ifNoneMatch) {

    static Demand of(HttpServletRequest request) {
        var range = request.getHeader("Range");
        return new Demand(
                request.getMethod().equals("HEAD"),
                range == null || !request.getMethod().equals("GET")
                        ? null
                        : ByteRange.parse(range).orElse(null),
                request.getHeader("If-Range"),
                request.getHeader("If-None-Match"));
    }

    /**
     * The position that is asked for first: whoever seeks waits for that and for nothing before.
     */
    long position() {
        return range == null ? 0 : Math.max(0, range.first());
    }

    /** RFC 9110 §13.1.5: a range counts only for the version it is meant for, strongly compared. */
    Optional<ByteRange> range(Tags tags) {
        var asked = Optional.ofNullable(range);
        if (ifRange == null) {
            return asked;
        }
        return !ifRange.startsWith("W/") && tags.all().contains(ifRange) ? asked : Optional.empty();
    }

    /** RFC 9110 §13.1.2, weakly compared. */
    boolean knows(Tags tags) {
        if (ifNoneMatch == null) {
            return false;
        }
        return ifNoneMatch.strip().equals("*")
                || Stream.of(ifNoneMatch.split(","))
                        .map(tag -> weak(tag.strip()))
                        .anyMatch(
                                tag -> tags.all().stream().map(Demand::weak).anyMatch(tag::equals));
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
