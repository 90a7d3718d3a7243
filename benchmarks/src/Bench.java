import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs the benchmarks that are named, prints their tables and keeps their figures. */
final class Bench implements AutoCloseable {
    private static final List<String> ALL =
            List.of(
                    "memory", "disk", "tls", "small", "link", "crash", "start", "play", "rest",
                    "page");
    private static final String RESULTS_ONLY = "results";
    private static final Set<String> FLAGS = Set.of("--write", "--quick");
    private static final Set<String> VALUES =
            Set.of("--rounds", "--size", "--files", "--link", "--capstan");
    private static final Path RESULTS = Path.of("benchmarks/target/results");

    /**
     * What was asked for.
     *
     * @param size MiB of the large file
     * @param files how many small ones there are
     * @param link MiB through the link
     */
    private record Options(int rounds, int size, int files, int link, boolean write, Path program) {
        Options(Map<String, String> given, boolean quick) {
            this(
                    number(given, "rounds", quick ? 1 : 5),
                    number(given, "size", quick ? 256 : 2048),
                    number(given, "files", quick ? 500 : 2000),
                    number(given, "link", quick ? 40 : 100),
                    given.containsKey("write"),
                    Path.of(given.getOrDefault("capstan", "runtime/capstan")).toAbsolutePath());
        }

        private static int number(Map<String, String> given, String name, int otherwise) {
            return Integer.parseInt(given.getOrDefault(name, "" + otherwise));
        }
    }

    private final Options options;
    private final Workspace space;
    private final Path www;
    private final Nginx nginx;
    private Workspace.Served large;

    private Bench(Options options) throws Exception {
        this.options = options;
        this.space = new Workspace();
        this.www = Files.createDirectories(space.memory().resolve("www"));
        this.nginx = new Nginx(space, www, "127.0.0.1", List.of());
    }

    Workspace space() {
        return space;
    }

    Path www() {
        return www;
    }

    Nginx nginx() {
        return nginx;
    }

    Path program() {
        return options.program;
    }

    int rounds() {
        return options.rounds;
    }

    int files() {
        return options.files;
    }

    long linkSize() {
        return (long) options.link << 20;
    }

    long largeSize() {
        return (long) options.size << 20;
    }

    Workspace.Served large() throws Exception {
        if (large == null) {
            large = Workspace.make(www, "large.bin", largeSize(), 42);
        }
        return large;
    }

    Capstan host(Path data, List<String> prefix, Map<String, String> environment)
            throws IOException, InterruptedException {
        Files.createDirectories(data.getParent());
        return new Capstan(space, options.program, data, prefix, environment);
    }

    public static void main(String[] words) throws Exception {
        var names = new ArrayList<String>();
        var given = new LinkedHashMap<String, String>();
        for (var i = 0; i < words.length; i++) {
            var word = words[i];
            if (ALL.contains(word) || word.equals(RESULTS_ONLY)) {
                names.add(word);
            } else if (FLAGS.contains(word)) {
                given.put(word.substring(2), "");
            } else if (VALUES.contains(word) && i + 1 < words.length) {
                given.put(word.substring(2), words[++i]);
            } else {
                System.err.println(
                        "benchmarks: what is \"" + word + "\"? See benchmarks/run --help");
                System.exit(2);
            }
        }
        Files.createDirectories(RESULTS);
        var options = new Options(given, given.containsKey("quick"));
        var onlyResults = names.remove(RESULTS_ONLY);
        var exit = onlyResults && names.isEmpty() ? 0 : measureAll(options, names);
        if (options.write || onlyResults) {
            Results.write(
                    RESULTS, Path.of("benchmarks/RESULTS.md"), Machine.facts(options.program));
        }
        System.exit(exit);
    }

    private static int measureAll(Options options, List<String> names) throws Exception {
        var exit = 0;
        try (var bench = new Bench(options)) {
            for (var name : names.isEmpty() ? ALL : names) {
                System.err.println(name);
                try {
                    bench.keep(name, bench.measure(name));
                } catch (IOException e) {
                    System.err.println("benchmarks: without " + name + ": " + e.getMessage());
                    exit = 1;
                }
            }
        }
        return exit;
    }

    private List<Table> measure(String name) throws Exception {
        return switch (name) {
            case "memory" -> List.of(new LargeFile(this).inMemory());
            case "disk" -> List.of(new LargeFile(this).onDisk());
            case "tls" -> List.of(new LargeFile(this).tls());
            case "small" -> {
                var small = new SmallFiles(this);
                yield List.of(
                        small.measure("in memory", space.memory()),
                        small.measure("on disk", space.disk()));
            }
            case "link" -> SlowLink.measure(this);
            case "crash" -> List.of(new Crash(this).measure());
            case "start" -> List.of(new Startup(this).measure());
            case "play" -> Play.measure(this);
            case "rest" -> List.of(Rest.measure(this));
            case "page" -> List.of(Page.measure(this));
            default -> throw new IllegalArgumentException("There is no benchmark \"" + name + '"');
        };
    }

    private void keep(String name, List<Table> tables) throws IOException {
        var text =
                tables.stream()
                        .map(table -> table.markdown() + "\n" + measured() + "\n")
                        .collect(Collectors.joining("\n"));
        System.out.println(text);
        Files.writeString(RESULTS.resolve(name + ".md"), text);
        Files.writeString(
                RESULTS.resolve(name + ".json"),
                tables.stream()
                        .map(Table::json)
                        .collect(Collectors.joining(",\n", "{\n", "\n}\n")));
    }

    private static String measured() {
        return Machine.output("date -u '+Measured %F %H:%M UTC'")
                + ", revision "
                + Machine.output("git describe --always --dirty --tags")
                + ".";
    }

    @Override
    public void close() {
        space.close();
    }
}
