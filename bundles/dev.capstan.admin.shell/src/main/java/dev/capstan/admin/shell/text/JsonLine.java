package dev.capstan.admin.shell.text;

import org.jspecify.annotations.Nullable;

/** One JSON object on one line, its members in the order they are put. Not safe for threads. */
public final class JsonLine {
    private final StringBuilder text = new StringBuilder("{");

    /** Adds a text; null leaves the member out. */
    public JsonLine put(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            quote(value);
        }
        return this;
    }

    /** Adds a number. */
    public JsonLine put(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Adds a number that is written already. */
    public JsonLine putNumber(String name, String value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Adds an object; null leaves the member out. */
    public JsonLine put(String name, @Nullable JsonLine value) {
        if (value != null) {
            name(name);
            text.append(value);
        }
        return this;
    }

    /** The object so far. */
    @Override
    public String toString() {
        return text + "}";
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(name);
        text.append(':');
    }

    /** RFC 8259 §7; whatever else a reader of lines may stumble over is escaped too. */
    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (mustBeEscaped(c) || isLone(value, i)) {
                        text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean mustBeEscaped(char c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    private static boolean isLone(String value, int i) {
        var c = value.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
        }
        return Character.isLowSurrogate(c)
                && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
    }
}
