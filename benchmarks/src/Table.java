import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of one benchmark, as a table of Markdown, which reads well on a terminal, too. */
final class Table {
    private final String title;
    private final String note;
    private final double gib;
    private final Map<String, List<Sample>> samples;
    private final List<String> ratios = new ArrayList<>();

    /**
     * @param gib what each contender moves, for CPU seconds by GiB; 0 where that means nothing
     */
    Table(String title, String note, double gib, Map<String, List<Sample>> samples) {
        this.title = title;
        this.note = note;
        this.gib = gib;
        this.samples = samples;
    }

    /** Says how many times less seconds than a peer one took, where both ran. */
    Table ratio(String one, String peer, String aim) {
        return ratio("speed", one, peer, Sample::wall, true, aim);
    }

    /** Says what part of a peer's CPU time one took, in all and but for hashing. */
    Table cpuRatio(String one, String peer, String aim) {
        ratio("CPU time", one, peer, Sample::cpu, false, "");
        return ratio(
                "CPU time without hashing",
                one,
                peer,
                sample -> sample.cpu() - sample.more().getOrDefault(Capstan.HASHING, 0.0),
                false,
                aim);
    }

    private Table ratio(
            String what,
            String one,
            String peer,
            ToDoubleFunction<Sample> figure,
            boolean inverse,
            String aim) {
        if (samples.containsKey(one) && samples.containsKey(peer)) {
            var value = median(one, figure) / median(peer, figure);
            ratios.add(
                    String.format(
                            Locale.ROOT,
                            "%s of %s = %.2f x %s%s",
                            what,
                            one,
                            inverse ? 1 / value : value,
                            peer,
                            aim.isEmpty() ? "" : " (aim: " + aim + ")"));
        }
        return this;
    }

    private double median(String name, ToDoubleFunction<Sample> figure) {
        return median(samples.get(name).stream().mapToDouble(figure).toArray());
    }

    static double median(double[] values) {
        Arrays.sort(values);
        var middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    String markdown() {
        var columns = more();
        var rows = new ArrayList<List<String>>();
        var head = new ArrayList<>(List.of("", "seconds", "min", "max"));
        head.add(gib > 0 ? "CPU s/GiB" : "CPU s");
        head.addAll(List.of("peak MiB", "foreign load", "runs"));
        head.addAll(columns);
        rows.add(head);
        samples.forEach((name, list) -> rows.add(row(name, list, columns)));
        var text = new StringBuilder("## " + title + "\n\n" + note + "\n\n" + aligned(rows));
        ratios.forEach(
                line ->
                        text.append(ratios.indexOf(line) == 0 ? "\n" : "")
                                .append("- ")
                                .append(line)
                                .append('\n'));
        return text.toString();
    }

    private List<String> more() {
        return samples.values().stream()
                .flatMap(List::stream)
                .flatMap(sample -> sample.more().keySet().stream())
                .distinct()
                .toList();
    }

    private List<String> row(String name, List<Sample> list, List<String> columns) {
        var walls = list.stream().mapToDouble(Sample::wall).sorted().toArray();
        var row = new ArrayList<>(List.of(name));
        row.add(number(median(name, Sample::wall)));
        row.add(number(walls[0]));
        row.add(number(walls[walls.length - 1]));
        row.add(number(median(name, Sample::cpu) / (gib > 0 ? gib : 1)));
        row.add(String.format(Locale.ROOT, "%.0f", median(name, Sample::peak)));
        row.add(number(median(name, Sample::foreign)));
        row.add(Integer.toString(list.size()));
        for (var column : columns) {
            var known = list.stream().allMatch(sample -> sample.more().containsKey(column));
            row.add(known ? number(median(name, sample -> sample.more().get(column))) : "");
        }
        return row;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    private static String aligned(List<List<String>> rows) {
        var widths =
                IntStream.range(0, rows.get(0).size())
                        .map(i -> rows.stream().mapToInt(r -> r.get(i).length()).max().orElse(0))
                        .map(width -> Math.max(width, 2))
                        .toArray();
        var text = new StringBuilder();
        for (var row : rows) {
            for (var i = 0; i < widths.length; i++) {
                var format = "| %" + (i == 0 ? "-" : "") + widths[i] + "s ";
                text.append(String.format(format, row.get(i)));
            }
            text.append("|\n");
            if (row == rows.get(0)) {
                for (var i = 0; i < widths.length; i++) {
                    text.append(i == 0 ? "|-" : "|").append("-".repeat(widths[i] + 1));
                    text.append(i == 0 ? "" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    /** Every single figure. */
    String json() {
        return samples.entrySet().stream()
                .map(
                        entry ->
                                "    "
                                        + quoted(entry.getKey())
                                        + ": [\n"
                                        + entry.getValue().stream()
                                                .map(Table::json)
                                                .collect(Collectors.joining(",\n"))
                                        + "\n    ]")
                .collect(Collectors.joining(",\n", "  " + quoted(title) + ": {\n", "\n  }"));
    }

    private static String json(Sample sample) {
        var more =
                sample.more().entrySet().stream()
                        .map(e -> ", " + quoted(e.getKey()) + ": " + round(e.getValue()))
                        .collect(Collectors.joining());
        return "      {\"seconds\": %s, \"cpu\": %s, \"peakMiB\": %s, \"foreign\": %s%s}"
                .formatted(
                        round(sample.wall()),
                        round(sample.cpu()),
                        round(sample.peak()),
                        round(sample.foreign()),
                        more);
    }

    private static String round(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
