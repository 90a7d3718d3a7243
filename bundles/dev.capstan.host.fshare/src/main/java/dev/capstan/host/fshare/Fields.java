package dev.capstan.host.fshare;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object whose types nobody promises (F22): numbers may be texts, and what is
 * of another type is not there.
 */
record Fields(JsonObject object) {
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");

    boolean isEmpty() {
        return object.isEmpty();
    }

    /** A text that is not blank, or a number as text. */
    @Nullable String text(String name) {
        var value = object.get(name);
        if (value instanceof JsonString text) {
            return text.getString().isBlank() ? null : text.getString().strip();
        }
        return value instanceof JsonNumber number ? number.toString() : null;
    }

    /** A whole number, or a text that is one. */
    @Nullable Long number(String name) {
        var text = text(name);
        // Not by way of a big number: what the service writes must not decide how much is computed.
        return text != null && WHOLE.matcher(text).matches() ? Long.valueOf(text) : null;
    }

    /** An object within; empty where there is none. */
    Fields within(String name) {
        return new Fields(
                object.get(name) instanceof JsonObject inner ? inner : JsonValue.EMPTY_JSON_OBJECT);
    }

    /** A list within, or null. */
    @Nullable JsonArray list(String name) {
        return object.get(name) instanceof JsonArray list ? list : null;
    }

    /** The objects of a list; what is none is left out. */
    static List<Fields> all(JsonArray list) {
        return list.stream()
                .filter(JsonObject.class::isInstance)
                .map(value -> new Fields((JsonObject) value))
                .toList();
    }
}
