package dev.capstan.admin.rest.http;

import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that strangers send (S5): well-formed UTF-8, at most {@value #DEEPEST} levels, no
 * name twice in an object, no number that takes more to compute than to read. Values come as {@link
 * Map}, {@link List}, String, Boolean, Long, Double and null.
 */
final class StrictJson {
    private static final int DEEPEST = 32;

    /** As long as the longest number that a long or a double needs. */
    private static final int LONGEST_NUMBER = 24;

    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());
    private static final JsonBuilderFactory VALUES = Json.createBuilderFactory(Map.of());

    private final JsonParser parser;
    private int depth;

    private StrictJson(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads one object, and nothing after it. */
    static Map<String, @Nullable Object> read(byte[] bytes) throws ProblemException {
        try (var parser = PARSERS.createParser(new StringReader(decode(bytes)))) {
            if (parser.next() != JsonParser.Event.START_OBJECT) {
                throw ProblemException.malformed("The body is no JSON object.");
            }
            var object = new StrictJson(parser).object();
            if (parser.hasNext()) {
                throw ProblemException.malformed("Something follows the JSON object.");
            }
            return object;
        } catch (JsonException | IllegalStateException | NoSuchElementException e) {
            throw ProblemException.malformed("The body is no JSON object.");
        }
    }

    /** An object that was read here, written again. */
    static String text(Map<?, ?> object) {
        return json(object).toString();
    }

    private static JsonValue json(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            var made = VALUES.createObjectBuilder();
            object.forEach((name, each) -> made.add(String.valueOf(name), json(each)));
            return made.build();
        }
        if (value instanceof List<?> list) {
            var made = VALUES.createArrayBuilder();
            list.forEach(each -> made.add(json(each)));
            return made.build();
        }
        if (value instanceof Boolean truth) {
            return truth ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Number number) {
            return number instanceof Long whole
                    ? Json.createValue(whole)
                    : Json.createValue(number.doubleValue());
        }
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }

    private static String decode(byte[] bytes) throws ProblemException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.malformed("The body is not in UTF-8.");
        }
    }

    private Map<String, @Nullable Object> object() throws ProblemException {
        enter();
        var object = new LinkedHashMap<String, @Nullable Object>();
        while (true) {
            var event = parser.next();
            if (event == JsonParser.Event.END_OBJECT) {
                depth--;
                return object;
            }
            var name = parser.getString();
            if (object.containsKey(name)) {
                throw ProblemException.malformed("\"" + shown(name) + "\" is there twice.");
            }
            object.put(name, value(name, parser.next()));
        }
    }

    private List<@Nullable Object> array(String name) throws ProblemException {
        enter();
        var array = new ArrayList<@Nullable Object>();
        while (true) {
            var event = parser.next();
            if (event == JsonParser.Event.END_ARRAY) {
                depth--;
                return array;
            }
            array.add(value(name, event));
        }
    }

    private @Nullable Object value(String name, JsonParser.Event event) throws ProblemException {
        return switch (event) {
            case START_OBJECT -> object();
            case START_ARRAY -> array(name);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER -> number(name, parser.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case KEY_NAME, END_OBJECT, END_ARRAY ->
                    throw ProblemException.malformed("The body is no JSON object.");
        };
    }

    private static Object number(String name, String text) throws ProblemException {
        try {
            if (text.length() <= LONGEST_NUMBER) {
                if (text.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
                    return Long.parseLong(text);
                }
                var number = Double.parseDouble(text);
                if (Double.isFinite(number)) {
                    return number;
                }
            }
        } catch (NumberFormatException e) {
            // It is longer than a long.
        }
        throw ProblemException.malformed("\"" + shown(name) + "\" has a number too large to use.");
    }

    private void enter() throws ProblemException {
        if (++depth > DEEPEST) {
            throw ProblemException.malformed("The body has more than " + DEEPEST + " levels.");
        }
    }

    /** A name in a message: as much as tells it. */
    static String shown(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }
}
