package dev.capstan.host.deezer;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of an object that the service sent. What is absent or null reads as empty; what is of
 * another type than it should be is an error of class HOST.
 */
record Fields(JsonObject object) {

    /** Whether a field is there. */
    boolean has(String name) {
        return object.containsKey(name) && object.get(name) != JsonValue.NULL;
    }

    /** A text, or a number as text. */
    String text(String name) throws DownloadException {
        var value = object.getOrDefault(name, JsonValue.NULL);
        if (value instanceof JsonString text) {
            return text.getString();
        }
        if (value instanceof JsonNumber number) {
            return number.toString();
        }
        return absent(name, value, "");
    }

    /** An id: a number. What listeners uploaded themselves has one below 0, and no link. */
    String id() throws DownloadException {
        var id = text("id");
        if (!id.matches("-?[0-9]{1,19}")) {
            throw notUnderstood("id");
        }
        return id;
    }

    /** A whole number, 0 where there is none. */
    int number(String name) throws DownloadException {
        var value = object.getOrDefault(name, JsonValue.NULL);
        if (value instanceof JsonNumber number && number.isIntegral()) {
            var digits = number.bigIntegerValue();
            if (digits.bitLength() < 32) {
                return digits.intValue();
            }
        }
        return absent(name, value, 0);
    }

    boolean flag(String name, boolean otherwise) throws DownloadException {
        var value = object.getOrDefault(name, JsonValue.NULL);
        return switch (value.getValueType()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> absent(name, value, otherwise);
        };
    }

    Fields object(String name) throws DownloadException {
        var value = object.getOrDefault(name, JsonValue.NULL);
        return new Fields(
                value instanceof JsonObject inner
                        ? inner
                        : absent(name, value, JsonValue.EMPTY_JSON_OBJECT));
    }

    List<Fields> list(String name) throws DownloadException {
        var value = object.getOrDefault(name, JsonValue.NULL);
        var array =
                value instanceof JsonArray inner
                        ? inner
                        : absent(name, value, JsonValue.EMPTY_JSON_ARRAY);
        var list = new ArrayList<Fields>(array.size());
        for (var element : array) {
            if (!(element instanceof JsonObject inner)) {
                throw notUnderstood(name);
            }
            list.add(new Fields(inner));
        }
        return list;
    }

    private static <T> T absent(String name, JsonValue value, T otherwise)
            throws DownloadException {
        if (value != JsonValue.NULL) {
            throw notUnderstood(name);
        }
        return otherwise;
    }

    private static DownloadException notUnderstood(String field) {
        return new DownloadException(
                ErrorClass.HOST,
                "Deezer's answer is not understood: its field \"" + field + "\" is malformed.");
    }
}
