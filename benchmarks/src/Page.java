import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How smoothly the page moves while many downloads do, by the trace that Chromium keeps of its own
 * frames.
 */
final class Page {
    private static final int MOVING = 100;

    /** Seconds after the browser's first frame in which the page loads, and those that count. */
    private static final int LOADS = 6;

    private static final int COUNTS = 10;

    /** A line of the trace: the process whose own window the page's is drawn in. */
    private static final Pattern BROWSER =
            Pattern.compile("\\{\"name\":\"Browser\"}.*\"name\":\"process_name\".*\"pid\":(\\d+)");

    /** A line of the trace: a frame begins, how it ends, whose it is and when, in µs. */
    private static final Pattern FRAME =
            Pattern.compile(
                    "\"state\":\"STATE_(\\w+)\".*\"name\":\"PipelineReporter\",\"ph\":\"b\""
                            + ",\"pid\":(\\d+).*\"ts\":(\\d+)");

    /** The second half of a frame whose first was shown without it, and is counted there. */
    private static final String SECOND_HALF = "\"FORKED\"";

    private final Bench bench;
    private final Capstan host;

    private Page(Bench bench, Capstan host) {
        this.bench = bench;
        this.host = host;
    }

    static Table measure(Bench bench) throws Exception {
        var data = Workspace.empty(bench.space().disk().resolve("page")).resolve("data");
        var settings = Files.createDirectories(data.resolve("etc")).resolve("page.json");
        Files.writeString(
                settings,
                "{\"dev.capstan.download.provider\":{\"maxConcurrent\":%d}}".formatted(MOVING));
        var host = bench.host(data, List.of(), Map.of());
        try {
            return new Page(bench, host).measure(bench.nginx().url(bench.large().name()));
        } finally {
            host.stop();
        }
    }

    private Table measure(String large) throws Exception {
        var add = new ArrayList<>(List.of("add", "--max-download-limit", "100K"));
        IntStream.range(0, MOVING).forEach(i -> add.add(large + "?page=" + i));
        host.attempt(add);
        return new Table(
                "Frames of the page",
                """
                A list of %d downloads that all move, seen in Chromium for %d seconds, without a \
                graphics processor; a frame in which nothing changed is neither shown nor \
                dropped. Aim: 60 a second, none dropped."""
                        .formatted(MOVING, COUNTS),
                0,
                new Rounds(bench.rounds(), () -> {})
                        .add("1440 x 900", () -> frames(1440, 900))
                        .add("2560 x 1440", () -> frames(2560, 1440))
                        .run());
    }

    private Sample frames(int width, int height) throws IOException, InterruptedException {
        var profile = Workspace.empty(bench.space().memory().resolve("page"));
        var trace = profile.resolve("trace.json");
        var cpu = Machine.cpu(host.pid());
        Machine.resetPeak(host.pid());
        var browser =
                bench.space()
                        .start(
                                profile.resolve("log"),
                                Map.of("HOME", profile.toString()),
                                List.of(
                                        "chromium",
                                        "--headless",
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--user-data-dir=" + profile.resolve("profile"),
                                        "--window-size=" + width + "," + height,
                                        "--trace-startup=-*,disabled-by-default-devtools.timeline.frame",
                                        "--trace-startup-duration=" + (LOADS + COUNTS + 2),
                                        "--trace-startup-format=json",
                                        "--trace-startup-file=" + trace,
                                        host.web() + "/#token=" + host.token()));
        try {
            awaitWhole(trace);
            var ends = ends(trace);
            return new Sample(COUNTS, Machine.cpu(host.pid()) - cpu, Machine.peak(host.pid()))
                    .with("shown/s", perSecond(ends, "PRESENTED_ALL", "PRESENTED_PARTIAL"))
                    .with("unchanged/s", perSecond(ends, "NO_UPDATE_DESIRED"))
                    .with("dropped/s", perSecond(ends, "DROPPED"));
        } finally {
            Workspace.stopAll(browser);
        }
    }

    /** The browser gives the trace its name when it is whole. */
    private static void awaitWhole(Path trace) throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!Files.exists(trace)) {
            if (System.nanoTime() > end) {
                throw new IOException("No trace of the browser");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static double perSecond(Map<String, Integer> ends, String... names) {
        return Stream.of(names).mapToInt(name -> ends.getOrDefault(name, 0)).sum()
                / (double) COUNTS;
    }

    /** How many of the page's frames ended how, in the seconds that count. */
    private static Map<String, Integer> ends(Path trace) throws IOException {
        var ends = new TreeMap<String, Integer>();
        var browser = "";
        var first = 0L;
        for (var line : Files.readAllLines(trace)) {
            var process = BROWSER.matcher(line);
            if (process.find()) {
                browser = process.group(1);
            }
            var frame = FRAME.matcher(line);
            if (!frame.find() || frame.group(2).equals(browser) || line.contains(SECOND_HALF)) {
                continue;
            }
            var at = Long.parseLong(frame.group(3));
            first = first == 0 ? at : first;
            var second = (at - first) / 1e6 - LOADS;
            if (second >= 0 && second < COUNTS) {
                ends.merge(frame.group(1), 1, Integer::sum);
            }
        }
        if (ends.isEmpty()) {
            throw new IOException("No frame of the page in " + trace);
        }
        return ends;
    }
}
