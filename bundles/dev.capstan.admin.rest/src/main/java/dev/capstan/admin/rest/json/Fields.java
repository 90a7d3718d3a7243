package dev.capstan.admin.rest.json;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, in the order they are put. What does not apply is left out: null
 * puts nothing. Times are RFC 3339 in UTC to the millisecond, durations are seconds, bytes are
 * integers. Used by one thread.
 */
public final class Fields {
    /** Made once: finding the implementation takes longer than most objects do. */
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    private final JsonObjectBuilder object = JSON.createObjectBuilder();

    /** A text. */
    public Fields put(String name, @Nullable String value) {
        if (value != null) {
            object.add(name, value);
        }
        return this;
    }

    /** A text that is told even where there is none, as the end of a list is. */
    public Fields putOrNull(String name, @Nullable String value) {
        if (value == null) {
            object.addNull(name);
        }
        return put(name, value);
    }

    /** One of a closed list, by its name. */
    public Fields put(String name, @Nullable Enum<?> value) {
        return put(name, value == null ? null : value.name());
    }

    /** A whole number. */
    public Fields put(String name, long value) {
        object.add(name, value);
        return this;
    }

    /** A whole number, if there is one. */
    public Fields put(String name, @Nullable Long value) {
        return value == null ? this : put(name, value.longValue());
    }

    /** A part of the whole, to four places. */
    public Fields put(String name, double value) {
        object.add(name, Math.round(value * 10_000) / 10_000.0);
        return this;
    }

    /** A truth. */
    public Fields put(String name, boolean value) {
        object.add(name, value);
        return this;
    }

    /** A time. */
    public Fields put(String name, @Nullable Instant value) {
        return put(name, value == null ? null : value.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    /** A duration in seconds. */
    public Fields put(String name, @Nullable Duration value) {
        return value == null ? this : put(name, value.toSeconds());
    }

    /** An object or a list. */
    public Fields put(String name, @Nullable JsonValue value) {
        if (value != null) {
            object.add(name, value);
        }
        return this;
    }

    /** An object that is being made. */
    public Fields put(String name, @Nullable Fields value) {
        return put(name, value == null ? null : value.object());
    }

    /** The object. */
    public JsonObject object() {
        return object.build();
    }

    /** Objects as a list. */
    public static JsonArray list(Collection<? extends JsonValue> values) {
        var list = builder();
        values.forEach(list::add);
        return list.build();
    }

    /** Texts as a list. */
    public static JsonArray texts(Collection<String> values) {
        var list = builder();
        values.forEach(list::add);
        return list.build();
    }

    /** Two numbers as a list. */
    public static JsonArray pair(long first, long second) {
        return builder().add(first).add(second).build();
    }

    private static JsonArrayBuilder builder() {
        return JSON.createArrayBuilder();
    }
}
