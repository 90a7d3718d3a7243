package dev.capstan.launcher;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * One configuration attribute and the rules of its values.
 *
 * @param name {@code PID:KEY}, for messages
 * @param type the name of its metatype
 * @param array whether it takes a list
 * @param min the least number, or empty
 * @param max the greatest number, or empty
 * @param options the only values there are, or none where any will do
 */
record Attribute(
        String name, String type, boolean array, String min, String max, List<String> options) {

    /** Reads {@code type|cardinality|min|max|options}; options are separated by spaces. */
    static Attribute of(String name, String text) {
        var fields = text.split("\\|", -1);
        var options = fields[4].isEmpty() ? List.<String>of() : List.of(fields[4].split(" "));
        return new Attribute(
                name, fields[0], !fields[1].equals("0"), fields[2], fields[3], options);
    }

    /** The value with this attribute's type. A list may be given as one text with commas. */
    Value check(Value given) throws MistakeException {
        if (given.array() && !array) {
            throw new MistakeException(name + " takes one value, not a list.");
        }
        var texts = new ArrayList<String>();
        for (var text : array && !given.array() ? elements(given) : given.texts()) {
            texts.add(check(text));
        }
        return new Value(type, array, texts);
    }

    private static List<String> elements(Value given) {
        var text = given.texts().get(0).strip();
        return text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*"));
    }

    private String check(String text) throws MistakeException {
        if (!options.isEmpty() && !options.contains(text)) {
            throw wrong(text, "one of " + String.join(", ", options));
        }
        return switch (type) {
            case "Boolean" ->
                    oneOf(text, text.equals("true") || text.equals("false"), "true or false");
            case "Character" -> oneOf(text, text.length() == 1, "one character");
            case "Byte" -> whole(text, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "Short" -> whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
            case "Integer" -> whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "Long" -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case "Double", "Float" -> fraction(text);
            default -> text;
        };
    }

    private String oneOf(String text, boolean right, String wanted) throws MistakeException {
        if (!right) {
            throw wrong(text, wanted);
        }
        return text;
    }

    private String whole(String text, long least, long most) throws MistakeException {
        try {
            var number = new BigInteger(text);
            inRange(text, new BigDecimal(number), least(least), most(most));
            return number.toString();
        } catch (NumberFormatException e) {
            throw wrong(text, "a whole number");
        }
    }

    private String fraction(String text) throws MistakeException {
        try {
            inRange(text, new BigDecimal(text), min, max);
            return text;
        } catch (NumberFormatException e) {
            throw wrong(text, "a number");
        }
    }

    private String least(long ofType) {
        return min.isEmpty() ? Long.toString(ofType) : min;
    }

    private String most(long ofType) {
        return max.isEmpty() ? Long.toString(ofType) : max;
    }

    private void inRange(String text, BigDecimal number, String least, String most)
            throws MistakeException {
        var tooSmall = !least.isEmpty() && number.compareTo(new BigDecimal(least)) < 0;
        var tooGreat = !most.isEmpty() && number.compareTo(new BigDecimal(most)) > 0;
        if (tooSmall || tooGreat) {
            throw wrong(text, tooSmall ? "at least " + least : "at most " + most);
        }
    }

    private MistakeException wrong(String text, String wanted) {
        return new MistakeException("%s must be %s, not \"%s\".".formatted(name, wanted, text));
    }
}
