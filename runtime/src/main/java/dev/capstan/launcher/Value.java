package dev.capstan.launcher;

import java.util.List;
import java.util.Map;

/**
 * One configuration value.
 *
 * @param type a metatype name: String, Integer, Long, Short, Byte, Character, Double, Float,
 *     Boolean
 * @param array whether it is a list
 * @param texts its elements; one where it is no list
 */
record Value(String type, boolean array, List<String> texts) {

    private static final Map<String, String> CODES =
            Map.of(
                    "String", "T",
                    "Integer", "I",
                    "Long", "L",
                    "Short", "S",
                    "Byte", "X",
                    "Character", "C",
                    "Double", "D",
                    "Float", "F",
                    "Boolean", "B");

    Value {
        texts = List.copyOf(texts);
    }

    static Value text(String text) {
        return new Value("String", false, List.of(text));
    }

    /** The value in the notation of the Configuration Admin service's {@code .config} files. */
    String notation() {
        var written = new StringBuilder(CODES.getOrDefault(type, "T")).append(array ? "[" : "");
        for (var index = 0; index < texts.size(); index++) {
            written.append(index == 0 ? "\"" : ",\"");
            quote(bits(texts.get(index)), written);
            written.append('"');
        }
        return written.append(array ? "]" : "").toString();
    }

    /** That notation holds fractions as the bits of their binary form. */
    private String bits(String text) {
        return switch (type) {
            case "Double" -> Long.toString(Double.doubleToRawLongBits(Double.parseDouble(text)));
            case "Float" -> Integer.toString(Float.floatToRawIntBits(Float.parseFloat(text)));
            default -> text;
        };
    }

    private static void quote(String text, StringBuilder written) {
        for (var at = 0; at < text.length(); at++) {
            var letter = text.charAt(at);
            if (letter < ' ') {
                written.append(String.format("\\u%04x", (int) letter));
            } else {
                written.append("\\\"= ".indexOf(letter) < 0 ? "" : "\\").append(letter);
            }
        }
    }
}
