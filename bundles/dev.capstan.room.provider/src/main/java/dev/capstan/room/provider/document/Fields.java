package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object of a document; a field that is there is never null. */
final class Fields {
    private final Map<?, ?> object;
    private final Pointer at;

    private Fields(Map<?, ?> object, Pointer at) {
        this.object = object;
        this.at = at;
    }

    /**
     * Takes a value for an object with certain fields. Others are refused: a reader that passes
     * over what it does not know would sign for it all the same.
     */
    static Fields of(@Nullable Object value, Pointer at, Set<String> required, Set<String> optional)
            throws RoomException {
        var fields = map(value, at);
        for (var name : fields.names()) {
            if (!required.contains(name) && !optional.contains(name)) {
                throw at.member(name).invalid("is no field of version 1");
            }
        }
        for (var name : required) {
            if (!fields.has(name)) {
                throw at.member(name).invalid("is missing");
            }
        }
        return fields;
    }

    /** Takes a value for an object whose names say something themselves. */
    static Fields map(@Nullable Object value, Pointer at) throws RoomException {
        if (value instanceof Map<?, ?> object) {
            return new Fields(object, at);
        }
        throw at.invalid("must be an object");
    }

    List<String> names() {
        return object.keySet().stream().map(String.class::cast).toList();
    }

    boolean has(String name) {
        return object.containsKey(name);
    }

    Pointer at(String name) {
        return at.member(name);
    }

    @Nullable Object value(String name) {
        return object.get(name);
    }

    /** The version of the document, which decides what the rest means. */
    void checkVersion() throws RoomException {
        if (!Long.valueOf(1).equals(value("version"))) {
            throw at("version").invalid("must be 1, the only version there is");
        }
    }

    String string(String name) throws RoomException {
        if (value(name) instanceof String string) {
            return string;
        }
        throw at(name).invalid("must be a string");
    }

    String line(String name, int shortest, int longest) throws RoomException {
        return Text.line(string(name), shortest, longest, at(name));
    }

    @Nullable String optionalLine(String name, int longest) throws RoomException {
        return has(name) ? line(name, 0, longest) : null;
    }

    /** An integer from 0; −1 if it is not there. */
    long optionalSize(String name) throws RoomException {
        if (!has(name)) {
            return -1;
        }
        if (value(name) instanceof Long size && size >= 0) {
            return size;
        }
        throw at(name).invalid("must be an integer from 0");
    }

    /** 64 hexadecimal digits, as lower-case ones. */
    @Nullable String optionalSha256(String name) throws RoomException {
        return has(name) ? Sha256.checked(string(name), at(name)) : null;
    }

    /** One of several words. */
    <T> T word(String name, Map<String, T> words) throws RoomException {
        var meant = words.get(string(name));
        if (meant == null) {
            throw at(name).invalid("must be one of " + String.join(", ", words.keySet()));
        }
        return meant;
    }

    /** What an array holds, by where each lies. */
    Map<Pointer, @Nullable Object> elements(String name, int most) throws RoomException {
        if (!(value(name) instanceof List<?> array)) {
            throw at(name).invalid("must be an array");
        }
        if (array.size() > most) {
            throw at(name).invalid("must not have more than " + most + " elements");
        }
        var elements = new LinkedHashMap<Pointer, @Nullable Object>();
        for (var i = 0; i < array.size(); i++) {
            elements.put(at(name).element(i), array.get(i));
        }
        return elements;
    }

    /** An array of strings. */
    List<String> strings(String name, int most) throws RoomException {
        var strings = new ArrayList<String>();
        for (var element : elements(name, most).entrySet()) {
            if (!(element.getValue() instanceof String string)) {
                throw element.getKey().invalid("must be a string");
            }
            strings.add(string);
        }
        return strings;
    }
}
