package dev.capstan.itest.rest;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the text format of Prometheus as strictly as its own tools do: names, labels, escapes,
 * numbers, and for each name one HELP and one TYPE before its samples, which stand together.
 */
final class MetricsText {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL =
            "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (\\S.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge)");
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "(" + NAME + ")(\\{" + LABEL + "(?:," + LABEL + ")*\\})? (-?\\d+(?:\\.\\d+)?)");

    private final Set<String> helped = new HashSet<>();
    private final Map<String, String> types = new HashMap<>();
    private final Set<String> samples = new HashSet<>();
    private String current = "";

    private MetricsText() {}

    static void check(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("The last line does not end");
        }
        var reader = new MetricsText();
        text.lines().forEach(reader::line);
        if (reader.samples.isEmpty()) {
            throw new AssertionError("There is no sample");
        }
    }

    private void line(String line) {
        var help = HELP.matcher(line);
        var type = TYPE.matcher(line);
        var sample = SAMPLE.matcher(line);
        if (help.matches()) {
            isTrue(helped.add(help.group(1)), "Two HELPs: " + line);
            current = help.group(1);
        } else if (type.matches()) {
            isTrue(types.put(type.group(1), type.group(2)) == null, "Two TYPEs: " + line);
            isTrue(current.equals(type.group(1)), "Not after its HELP: " + line);
        } else if (sample.matches()) {
            var name = sample.group(1);
            isTrue(current.equals(name) && types.containsKey(name), "Of another family: " + line);
            isTrue(samples.add(name + sample.group(2)), "Twice: " + line);
            isTrue(
                    types.get(name).equals("counter") == name.endsWith("_total"),
                    "A counter ends in _total, and nothing else does: " + line);
        } else {
            throw new AssertionError("Not of the format: " + line);
        }
    }

    private static void isTrue(boolean condition, String complaint) {
        if (!condition) {
            throw new AssertionError(complaint);
        }
    }
}
