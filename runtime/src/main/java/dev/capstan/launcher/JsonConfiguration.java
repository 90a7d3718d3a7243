package dev.capstan.launcher;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParsingException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.eclipse.parsson.JsonProviderImpl;

/** Reads configuration written as JSON: an object of PIDs, each an object of keys and values. */
final class JsonConfiguration {

    private JsonConfiguration() {}

    static Map<String, Map<String, Value>> read(Reader text) throws MistakeException {
        // The provider is named, since the search for one costs more than the reading.
        try (var reader = new JsonProviderImpl().createReader(text)) {
            if (reader.readValue() instanceof JsonObject json) {
                return configurations(json);
            }
            throw new MistakeException("it must hold one JSON object.");
        } catch (JsonParsingException e) {
            throw new MistakeException(
                    "line %d, column %d is not JSON."
                            .formatted(
                                    e.getLocation().getLineNumber(),
                                    e.getLocation().getColumnNumber()));
        } catch (JsonException e) {
            throw new MistakeException("it cannot be read: " + Plain.reason(e) + ".");
        }
    }

    private static Map<String, Map<String, Value>> configurations(JsonObject json)
            throws MistakeException {
        var configurations = new LinkedHashMap<String, Map<String, Value>>();
        for (var pid : json.entrySet()) {
            if (!(pid.getValue() instanceof JsonObject keys)) {
                throw new MistakeException(pid.getKey() + " must be an object of keys and values.");
            }
            var values = new LinkedHashMap<String, Value>();
            for (var key : keys.entrySet()) {
                values.put(key.getKey(), value(pid.getKey() + ":" + key.getKey(), key.getValue()));
            }
            configurations.put(pid.getKey(), values);
        }
        return configurations;
    }

    private static Value value(String name, JsonValue json) throws MistakeException {
        var list = json instanceof JsonArray array ? array : List.of(json);
        var types = new LinkedHashSet<String>();
        var texts = new ArrayList<String>();
        for (var element : list) {
            types.add(type(name, element));
            texts.add(element instanceof JsonString text ? text.getString() : element.toString());
        }
        var type = types.size() == 1 ? types.iterator().next() : "String";
        return new Value(type, json instanceof JsonArray, texts);
    }

    private static String type(String name, JsonValue json) throws MistakeException {
        return switch (json.getValueType()) {
            case STRING -> "String";
            case TRUE, FALSE -> "Boolean";
            case NUMBER -> ((JsonNumber) json).isIntegral() ? "Long" : "Double";
            default ->
                    throw new MistakeException(name + " must be a text, number, boolean or list.");
        };
    }
}
