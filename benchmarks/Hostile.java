import dev.capstan.tck.Origin;
import dev.capstan.tck.hostile.HostileCase;
import dev.capstan.tck.hostile.HostileCases;
import dev.capstan.tck.hostile.HostileOrigin;
import dev.capstan.tck.hostile.Outcome;
import dev.capstan.tck.hostile.Setting;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Capstan and its peers against every origin that misbehaves and can be told to a command line.
 *
 * <pre>
 * java -cp TCK.jar:API.jar:SPI.jar benchmarks/Hostile.java [--jobs N] [--limit SECONDS]
 *     [--rows 6,17] [--tools curl,wget]
 * </pre>
 *
 * Each gets its usual flags for retries and for going on, and the same limits of time. Where a
 * whole file can be had and a program fails, it is called once more, as its user would. The table
 * goes to standard output and, with all details as JSON, to benchmarks/target/results.
 */
final class Hostile {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path RESULTS = ROOT.resolve("benchmarks/target/results");
    private static final String FILE = "f.bin";

    /** The tools in the order of their columns; the address is added. */
    private static final Map<String, List<String>> TOOLS = new LinkedHashMap<>();

    static {
        tool(
                "capstan",
                ROOT
                        + "/runtime/capstan get -q -o f.bin -d . --data data"
                        + " --set dev.capstan.transfer.http:attempts=3"
                        + " --set dev.capstan.transfer.http:headerTimeoutMs=3000"
                        + " --set dev.capstan.transfer.http:idleTimeoutMs=3000"
                        + " --set dev.capstan.transfer.http:minSpeedWindowMs=3000");
        tool(
                "aria2",
                "aria2c -q -c -o f.bin --max-tries=3 --retry-wait=1 --timeout=3 --connect-timeout=3"
                    + " --lowest-speed-limit=100 --check-certificate=false");
        tool(
                "curl",
                "curl -q -fsSL -k -C - -o f.bin --retry 3 --retry-delay 1 --retry-all-errors"
                        + " --connect-timeout 3 --speed-limit 100 --speed-time 3");
        tool(
                "wget",
                "wget --no-config -q -c -O f.bin --tries=3 --waitretry=1 --timeout=3"
                    + " --no-check-certificate --retry-on-http-error=408,425,429,500,502,503,504");
        tool(
                "wget2",
                "wget2 --no-config -q -c -O f.bin --tries=3 --waitretry=1 --timeout=3"
                        + " --no-check-certificate --no-robots");
        tool("axel", "axel -q -k -n 1 -T 3 -o f.bin");
    }

    /** A program that runs longer hangs. On a busy machine the start of one takes a while. */
    private static Duration longest = Duration.ofSeconds(20);

    /** How a run ended; the words are those of the table. */
    private enum End {
        OK("ok"),
        FAILED("failed clearly"),
        HUNG("hung"),
        RULE_BROKEN("rule broken"),
        NOT_REFUSED("not refused"),
        NO_FILE("no file, exit 0"),
        WRONG_BYTES("WRONG BYTES");

        private final String words;

        End(String words) {
            this.words = words;
        }
    }

    private record Result(End end, String detail, double seconds) {}

    private Hostile() {}

    private static void tool(String name, String command) {
        TOOLS.put(name, List.of(command.split(" ")));
    }

    public static void main(String[] arguments) throws Exception {
        var options = options(arguments);
        longest = Duration.ofSeconds(Long.parseLong(options.getOrDefault("limit", "20")));
        var rows = options.getOrDefault("rows", "");
        var wanted =
                List.of(options.getOrDefault("tools", String.join(",", TOOLS.keySet())).split(","));
        TOOLS.keySet().removeIf(name -> !wanted.contains(name) || !isHere(name));
        var cases =
                HostileCases.all().stream()
                        .filter(HostileCase::suitsEverybody)
                        .filter(
                                it ->
                                        rows.isEmpty()
                                                || List.of(rows.split(",")).contains(it.row() + ""))
                        .sorted(Comparator.comparingInt(HostileCase::row))
                        .toList();
        var space = Files.createTempDirectory("hostile");
        try {
            var trust = trustStore(space.resolve("trust.p12"));
            var jobs =
                    Executors.newFixedThreadPool(
                            Integer.parseInt(options.getOrDefault("jobs", "4")));
            var runs = new ArrayList<Callable<Result>>();
            for (var script : cases) {
                for (var tool : TOOLS.keySet()) {
                    var folder = space.resolve(runs.size() + "");
                    runs.add(() -> run(script, tool, folder, trust));
                }
            }
            var results = jobs.invokeAll(runs).stream().map(Hostile::get).toList();
            jobs.shutdown();
            report(cases, results, !options.containsKey("rows") && !options.containsKey("tools"));
        } finally {
            delete(space);
        }
    }

    private static Map<String, String> options(String[] arguments) {
        var options = new LinkedHashMap<String, String>();
        for (var i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].matches("--(jobs|limit|rows|tools)") || i + 1 == arguments.length) {
                System.err.println(
                        "Usage: Hostile.java [--jobs N] [--limit SECONDS] [--rows 6,17] [--tools"
                            + " curl,wget]");
                System.exit(2);
            }
            options.put(arguments[i].substring(2), arguments[i + 1]);
        }
        return options;
    }

    private static Result get(java.util.concurrent.Future<Result> run) {
        try {
            return run.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- one run

    private static Result run(HostileCase script, String tool, Path folder, Path trust)
            throws Exception {
        Files.createDirectories(folder);
        var setting = new Setting(!script.fits(new Setting(false, false, 1)), false, 1);
        try (var origin = HostileOrigin.start(script, setting)) {
            var begun = System.nanoTime();
            var exit = call(tool, folder, trust, origin, begun);
            if (exit > 0 && script.mayBeWhole()) {
                // Nobody types faster, and no origin here wants a longer pause.
                TimeUnit.SECONDS.sleep(4);
                exit = call(tool, folder, trust, origin, begun);
            }
            var took = Duration.ofNanos(System.nanoTime() - begun);
            var result = judge(origin, exit, folder.resolve(FILE), took);
            System.err.printf("%s, %s: %s%n", script, tool, result.end.words);
            return result;
        } finally {
            delete(folder);
        }
    }

    /** Gives the exit code, or −1 if the program had to be ended. */
    private static int call(String tool, Path folder, Path trust, HostileOrigin origin, long begun)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(TOOLS.get(tool));
        command.add(origin.uri().toString());
        var builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment()
                .put(
                        "JAVA_TOOL_OPTIONS",
                        "-Djavax.net.ssl.trustStorePassword=origin -Djavax.net.ssl.trustStore="
                                + trust);
        builder.environment().keySet().removeIf(name -> name.toLowerCase().endsWith("_proxy"));
        var process = builder.start();
        process.getOutputStream().close();
        var left = longest.toNanos() - (System.nanoTime() - begun);
        if (process.waitFor(left, TimeUnit.NANOSECONDS)) {
            return process.exitValue();
        }
        // The program may be the child of a script.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        return -1;
    }

    private static Result judge(HostileOrigin origin, int exit, Path file, Duration took)
            throws IOException {
        var seconds = took.toMillis() / 1e3;
        if (exit < 0) {
            return new Result(End.HUNG, "not over after " + longest.toSeconds() + " s", seconds);
        }
        if (exit == 0 && !Files.isRegularFile(file)) {
            return new Result(End.NO_FILE, "exit 0", seconds);
        }
        var outcome = exit == 0 ? Outcome.success(file, took) : Outcome.failure(null, took);
        var judgement = origin.judge(outcome);
        var end =
                switch (judgement.kind()) {
                    case RIGHT, WASTEFUL -> End.OK;
                    case RULE_BROKEN -> End.RULE_BROKEN;
                    case WRONG_ERROR, GAVE_UP -> End.FAILED;
                    case NOT_REFUSED -> End.NOT_REFUSED;
                    case FALSE_SUCCESS -> End.WRONG_BYTES;
                };
        return new Result(end, "exit " + exit + ". " + judgement.detail(), seconds);
    }

    // ---- the report

    private static void report(List<HostileCase> cases, List<Result> results, boolean isAll)
            throws IOException {
        var tools = List.copyOf(TOOLS.keySet());
        var lines = new ArrayList<List<String>>();
        lines.add(Stream.concat(Stream.of("case", "right"), tools.stream()).toList());
        var sums = new LinkedHashMap<String, Map<End, Integer>>();
        tools.forEach(tool -> sums.put(tool, new EnumMap<>(End.class)));
        for (var i = 0; i < cases.size(); i++) {
            var line =
                    new ArrayList<>(List.of(escaped(cases.get(i).toString()), right(cases.get(i))));
            for (var j = 0; j < tools.size(); j++) {
                var end = results.get(i * tools.size() + j).end;
                line.add(end.words);
                sums.get(tools.get(j)).merge(end, 1, Integer::sum);
            }
            lines.add(line);
        }
        for (var end : End.values()) {
            var line = new ArrayList<>(List.of("**" + end.words + "**", ""));
            tools.forEach(tool -> line.add("**" + sums.get(tool).getOrDefault(end, 0) + "**"));
            lines.add(line);
        }
        var text =
                """
                ## Hostile origins

                %d origins that break the rules, each for one connection of each program. *ok* is
                the whole file, or a failure where there is nothing whole to be had; *failed
                clearly* is a failure where the file could be had; *WRONG BYTES* is exit code 0
                with a file that is not the right one. *Not refused* is exit code 0 and the right
                bytes, where nothing but luck made them so; *rule broken* is the right end after
                something that must not be done, such as showing credentials to another host.
                Whatever runs longer than %d s is *hung*. A coded body that is saved as it came
                (32) is not the file; and who does not know the digests that answers carry (36)
                cannot see that the bytes are damaged.

                %s
                Measured %s: %s.
                """
                        .formatted(
                                cases.size(),
                                longest.toSeconds(),
                                table(lines),
                                Instant.now().toString().substring(0, 16).replace('T', ' ')
                                        + " UTC",
                                tools.stream()
                                        .map(Hostile::version)
                                        .collect(Collectors.joining(", ")));
        System.out.print(text);
        Files.createDirectories(RESULTS);
        var name = isAll ? "hostile" : "hostile-some";
        Files.writeString(RESULTS.resolve(name + ".md"), text);
        Files.writeString(RESULTS.resolve(name + ".json"), json(cases, tools, results));
    }

    private static String right(HostileCase script) {
        var mayFail = script.mayFail(new Setting(false, false, 1));
        return script.mayBeWhole() ? mayFail ? "whole or error" : "whole" : "error";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }

    private static String table(List<List<String>> lines) {
        var text = new StringBuilder();
        for (var line : lines) {
            text.append("| ").append(String.join(" | ", line)).append(" |\n");
            if (line == lines.get(0)) {
                text.append("|---".repeat(line.size())).append("|\n");
            }
        }
        return text.toString();
    }

    private static String json(List<HostileCase> cases, List<String> tools, List<Result> results) {
        var text = new StringBuilder("{\n");
        for (var i = 0; i < results.size(); i++) {
            var script = cases.get(i / tools.size());
            if (i % tools.size() == 0) {
                text.append("  ").append(quoted(script.toString())).append(": {\n");
            }
            var result = results.get(i);
            text.append(
                    "    %s: {\"end\": %s, \"seconds\": %.1f, \"detail\": %s}"
                            .formatted(
                                    quoted(tools.get(i % tools.size())),
                                    quoted(result.end.words),
                                    result.seconds,
                                    quoted(result.detail)));
            var last = i % tools.size() == tools.size() - 1;
            text.append(!last ? ",\n" : i < results.size() - 1 ? "\n  },\n" : "\n  }\n");
        }
        return text.append("}\n").toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ") + '"';
    }

    // ---- the machine

    private static boolean isHere(String tool) {
        return !version(tool).isEmpty();
    }

    private static String version(String tool) {
        var program = TOOLS.get(tool).get(0);
        try {
            var argument = tool.equals("capstan") ? "version" : "--version";
            var process = new ProcessBuilder(program, argument).redirectErrorStream(true).start();
            var line = new String(process.getInputStream().readAllBytes()).lines().findFirst();
            var number =
                    line.orElse("").replaceFirst("^.*? (?=\\d)", "").replaceFirst("[ ,].*", "");
            return tool + " " + number;
        } catch (IOException e) {
            System.err.println(program + " is not here");
            return "";
        }
    }

    /** The origins' certificate, for the program that has no flag to trust everybody. */
    private static Path trustStore(Path file) throws Exception {
        var password = "origin".toCharArray();
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (var in = Origin.class.getResourceAsStream("origin.p12")) {
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            trusted.setCertificateEntry("origin", keys.getCertificate("origin"));
        }
        try (var out = Files.newOutputStream(file)) {
            trusted.store(out, password);
        }
        return file;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.deleteIfExists(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }
}
