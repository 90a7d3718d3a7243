package dev.capstan.transfer.http.field;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Status and fields of an answer.
 *
 * @param status three digits
 * @param http10 whether the answer is of HTTP/1.0 or older
 * @param fields values by lower-case name, in the order of their arrival
 */
public record Head(int status, boolean http10, Map<String, List<String>> fields) {

    /** All values of a field. */
    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** The first value of a field, or null. */
    public @Nullable String first(String name) {
        var values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Whether a field that is a list of tokens has one of them. */
    public boolean has(String name, String token) {
        for (var value : all(name)) {
            for (var part : value.split(",", -1)) {
                if (part.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The media type without parameters in lower case, or null. */
    public @Nullable String mediaType() {
        var value = first("content-type");
        if (value == null) {
            return null;
        }
        var type = value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.isEmpty() ? null : type;
    }
}
