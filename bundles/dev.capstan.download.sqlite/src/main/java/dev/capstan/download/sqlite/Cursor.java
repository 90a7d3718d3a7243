package dev.capstan.download.sqlite;

import dev.capstan.download.DownloadQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A position in the order of one query (S6): the sort key and id of the last row of a page. As text
 * it is the base64url form of a JSON array whose first item tells the query it belongs to.
 *
 * @param values the sort key's parts, and the id at the end
 */
record Cursor(List<Object> values) {

    /** The text form. */
    String encode(DownloadQuery query) {
        var parts = new ArrayList<>();
        parts.add(mark(query));
        parts.addAll(values);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.write(parts).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads the text form.
     *
     * @param shape a value of each type that is expected
     * @throws IllegalArgumentException if it was not made for this query
     */
    static Cursor decode(String text, DownloadQuery query, List<Class<?>> shape) {
        try {
            var json = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            var parts = Json.readList(json);
            if (parts.size() == shape.size() + 1 && parts.get(0).equals(mark(query))) {
                var values = new ArrayList<Object>();
                for (var i = 0; i < shape.size(); i++) {
                    values.add(shape.get(i).cast(parts.get(i + 1)));
                }
                return new Cursor(values);
            }
        } catch (IllegalArgumentException | ClassCastException foreign) {
            throw new IllegalArgumentException("The cursor is not one of this list", foreign);
        }
        throw new IllegalArgumentException("The cursor belongs to another list or order");
    }

    /** A number for everything that the order and the choice of rows depend on. */
    private static Long mark(DownloadQuery query) {
        var parts = new ArrayList<String>();
        parts.add(query.sort().name());
        parts.add(String.valueOf(query.descending()));
        parts.add(new TreeSet<>(query.states()).toString());
        parts.add(Json.write(List.of(or(query.batch()), or(query.category()))));
        parts.add(Json.write(List.of(or(query.host()), or(query.text()))));
        return Texts.hash(String.join("\n", parts));
    }

    private static List<String> or(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }
}
