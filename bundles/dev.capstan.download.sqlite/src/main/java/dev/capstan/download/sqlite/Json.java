package dev.capstan.download.sqlite;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The little JSON that rows need for what is nested: objects, arrays, texts and whole numbers.
 * Whatever else a file holds is refused with {@link IllegalArgumentException}.
 */
final class Json {
    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Writes a map with text keys, a collection, a text or a whole number. */
    static String write(Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /** Reads what {@link #write} wrote: maps, lists, strings and longs. */
    static Object read(String text) {
        var json = new Json(text);
        var value = json.value();
        if (json.at != text.length()) {
            throw json.unexpected();
        }
        return value;
    }

    /** Reads an object whose values are texts. */
    static Map<String, String> readTexts(String text) {
        var texts = new LinkedHashMap<String, String>();
        if (!(read(text) instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("Not an object: " + text);
        }
        map.forEach((key, value) -> texts.put((String) key, value.toString()));
        return texts;
    }

    /** Reads an array. */
    static List<?> readList(String text) {
        if (read(text) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("Not an array: " + text);
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            var separator = "{";
            for (var entry : map.entrySet()) {
                out.append(separator);
                quote((String) entry.getKey(), out);
                out.append(':');
                write(entry.getValue(), out);
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> items) {
            out.append('[');
            var separator = "";
            for (var item : items) {
                out.append(separator);
                write(item, out);
                separator = ",";
            }
            out.append(']');
        } else if (value instanceof Number number) {
            out.append(number.longValue());
        } else {
            quote((String) value, out);
        }
    }

    private static void quote(String value, StringBuilder out) {
        out.append('"');
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                // Escaped, so that a half of a pair survives UTF-8.
                out.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private Object value() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("Nested too deep: " + text);
        }
        var value =
                switch (peek()) {
                    case '{' -> object();
                    case '[' -> array();
                    case '"' -> string();
                    default -> number();
                };
        depth--;
        return value;
    }

    private Map<String, Object> object() {
        var map = new LinkedHashMap<String, Object>();
        at++;
        while (more('}', map.isEmpty())) {
            var key = string();
            expect(':');
            map.put(key, value());
        }
        return map;
    }

    private List<Object> array() {
        var list = new ArrayList<>();
        at++;
        while (more(']', list.isEmpty())) {
            list.add(value());
        }
        return list;
    }

    /** Steps over the end, or over the comma before the next item. */
    private boolean more(char end, boolean first) {
        if (peek() == end) {
            at++;
            return false;
        }
        if (!first) {
            expect(',');
        }
        return true;
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            var c = text.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        var c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw unexpected();
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw unexpected();
        };
    }

    private Long number() {
        var from = at;
        while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return Long.valueOf(text.substring(from, at));
    }

    private void expect(char c) {
        if (peek() != c) {
            throw unexpected();
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw unexpected();
        }
        return text.charAt(at);
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("Not what was written, at " + at + ": " + text);
    }
}
