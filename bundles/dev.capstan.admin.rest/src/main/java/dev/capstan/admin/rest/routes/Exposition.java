package dev.capstan.admin.rest.routes;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Numbers in the text format of Prometheus, version 0.0.4. Used by one thread. */
final class Exposition {
    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();

    /** What a number may do. */
    enum Kind {
        /** Rise only, until the host starts anew. */
        COUNTER,
        /** Rise and fall. */
        GAUGE
    }

    /** All that was added. */
    String text() {
        return text.toString();
    }

    /** Begins numbers of one name, whose samples follow before any other name. */
    Family family(String name, Kind kind, String help) {
        text.append("# HELP ").append(name).append(' ');
        text.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        text.append("# TYPE ").append(name).append(' ');
        text.append(kind == Kind.COUNTER ? "counter" : "gauge").append('\n');
        return new Family(name);
    }

    /** Numbers of one name. */
    final class Family {
        private final String name;

        private Family(String name) {
            this.name = name;
        }

        Family sample(double value) {
            return sample(Map.of(), value);
        }

        Family sample(Map<String, String> labels, double value) {
            text.append(name);
            if (!labels.isEmpty()) {
                text.append(
                        new TreeMap<>(labels)
                                .entrySet().stream()
                                        .map(
                                                label ->
                                                        label.getKey()
                                                                + "="
                                                                + quoted(label.getValue()))
                                        .collect(Collectors.joining(",", "{", "}")));
            }
            text.append(' ').append(number(value)).append('\n');
            return this;
        }
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String number(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
}
