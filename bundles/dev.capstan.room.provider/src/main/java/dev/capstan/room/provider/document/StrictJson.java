package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that has a canonical form, and only that: at most {@value #DEEPEST} levels, no name
 * twice in an object, integers only, no half surrogate pairs. Values come as {@link Map} (in the
 * order of the text), {@link List}, String, Long, Boolean and null. Pure functions.
 */
public final class StrictJson {
    /** How many bytes a match lock or a room file has at most. */
    static final int DOCUMENT = 1024 * 1024;

    private static final int DEEPEST = 16;
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,16}");
    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());

    private final JsonParser parser;

    private StrictJson(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads one object, and nothing after it.
     *
     * @param text JSON
     * @param maxBytes how much of UTF-8 it may be
     * @return the object, which the caller may change
     * @throws RoomException with INVALID and the JSON pointer of what is wrong
     */
    public static Map<String, @Nullable Object> object(String text, int maxBytes)
            throws RoomException {
        // A text never has fewer bytes than chars, so a huge one is refused before it is encoded.
        if (text.length() > maxBytes || text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw Pointer.ROOT.invalid("is larger than " + maxBytes + " bytes");
        }
        try (var parser = PARSERS.createParser(new StringReader(text))) {
            if (parser.next() != JsonParser.Event.START_OBJECT) {
                throw Pointer.ROOT.invalid("is no JSON object");
            }
            var object = new StrictJson(parser).object(Pointer.ROOT, 1);
            if (parser.hasNext()) {
                throw Pointer.ROOT.invalid("is followed by something else");
            }
            return object;
        } catch (JsonException | IllegalStateException | NoSuchElementException e) {
            throw Pointer.ROOT.invalid("is not JSON");
        }
    }

    private Map<String, @Nullable Object> object(Pointer at, int depth) throws RoomException {
        enter(at, depth);
        var object = new LinkedHashMap<String, @Nullable Object>();
        while (parser.next() != JsonParser.Event.END_OBJECT) {
            var name = parser.getString();
            var member = at.member(name);
            Text.check(name, member);
            if (object.containsKey(name)) {
                throw member.invalid("is there twice");
            }
            object.put(name, value(parser.next(), member, depth));
        }
        return object;
    }

    private List<@Nullable Object> array(Pointer at, int depth) throws RoomException {
        enter(at, depth);
        var array = new ArrayList<@Nullable Object>();
        for (var event = parser.next();
                event != JsonParser.Event.END_ARRAY;
                event = parser.next()) {
            array.add(value(event, at.element(array.size()), depth));
        }
        return array;
    }

    private @Nullable Object value(JsonParser.Event event, Pointer at, int depth)
            throws RoomException {
        return switch (event) {
            case START_OBJECT -> object(at, depth + 1);
            case START_ARRAY -> array(at, depth + 1);
            case VALUE_STRING -> Text.check(parser.getString(), at);
            case VALUE_NUMBER -> integer(parser.getString(), at);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case KEY_NAME, END_OBJECT, END_ARRAY -> throw at.invalid("is not JSON");
        };
    }

    private static Long integer(String text, Pointer at) throws RoomException {
        if (INTEGER.matcher(text).matches()) {
            var number = Long.parseLong(text);
            if (Math.abs(number) <= CanonicalJson.MAX_INTEGER) {
                return number;
            }
        }
        throw at.invalid(
                "must be an integer within ±"
                        + CanonicalJson.MAX_INTEGER
                        + ", written without fraction and exponent");
    }

    private static void enter(Pointer at, int depth) throws RoomException {
        if (depth > DEEPEST) {
            throw at.invalid("lies deeper than " + DEEPEST + " levels");
        }
    }
}
