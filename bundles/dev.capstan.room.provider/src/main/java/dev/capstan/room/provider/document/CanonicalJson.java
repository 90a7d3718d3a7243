package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one text of a JSON value that signatures and digests are made of (R1): RFC 8785, restricted
 * to objects, arrays, strings, integers within ±(2⁵³ − 1), true, false and null. Pure functions.
 *
 * <p>Values are those of {@link StrictJson}: {@link Map}, {@link List}, String, Long, Boolean,
 * null.
 */
public final class CanonicalJson {
    /** The largest integer that every reader of JSON keeps as it is. */
    static final long MAX_INTEGER = (1L << 53) - 1;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder();

    private CanonicalJson() {}

    /**
     * The canonical form of a value.
     *
     * @param value a value
     * @return JSON without white space, to be encoded as UTF-8
     * @throws RoomException with INVALID and the JSON pointer of what has no canonical form
     */
    public static String of(@Nullable Object value) throws RoomException {
        var canonical = new CanonicalJson();
        canonical.write(value, Pointer.ROOT);
        return canonical.text.toString();
    }

    private void write(@Nullable Object value, Pointer at) throws RoomException {
        if (value instanceof Map<?, ?> object) {
            writeObject(object, at);
        } else if (value instanceof List<?> array) {
            writeArray(array, at);
        } else if (value instanceof String string) {
            writeString(string, at);
        } else if (value instanceof Long || value instanceof Integer) {
            writeInteger(((Number) value).longValue(), at);
        } else if (value == null || value instanceof Boolean) {
            text.append(value);
        } else {
            throw at.invalid("must be an integer, a string, an object, an array or a truth value");
        }
    }

    private void writeObject(Map<?, ?> object, Pointer at) throws RoomException {
        // Strings compare by UTF-16 code units, as RFC 8785 section 3.2.3 wants it.
        var names = object.keySet().stream().map(String.class::cast).sorted().toList();
        var separator = '{';
        for (var name : names) {
            text.append(separator);
            writeString(name, at.member(name));
            text.append(':');
            write(object.get(name), at.member(name));
            separator = ',';
        }
        text.append(names.isEmpty() ? "{}" : "}");
    }

    private void writeArray(List<?> array, Pointer at) throws RoomException {
        text.append('[');
        for (var i = 0; i < array.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            write(array.get(i), at.element(i));
        }
        text.append(']');
    }

    private void writeInteger(long value, Pointer at) throws RoomException {
        if (Math.abs(value) > MAX_INTEGER || value == Long.MIN_VALUE) {
            throw at.invalid("must lie within ±" + MAX_INTEGER);
        }
        text.append(value);
    }

    private void writeString(String string, Pointer at) throws RoomException {
        text.append('"');
        for (var i = 0; i < string.length(); i++) {
            var c = string.charAt(i);
            if (Character.isSurrogate(c)) {
                if (i + 1 == string.length()
                        || !Character.isSurrogatePair(c, string.charAt(i + 1))) {
                    throw at.invalid("has half a surrogate pair");
                }
                text.append(c).append(string.charAt(++i));
            } else {
                writeCharacter(c);
            }
        }
        text.append('"');
    }

    private void writeCharacter(char c) {
        switch (c) {
            case '"', '\\' -> text.append('\\').append(c);
            case '\b' -> text.append("\\b");
            case '\t' -> text.append("\\t");
            case '\n' -> text.append("\\n");
            case '\f' -> text.append("\\f");
            case '\r' -> text.append("\\r");
            default -> {
                if (c < ' ') {
                    text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
                } else {
                    text.append(c);
                }
            }
        }
    }
}
