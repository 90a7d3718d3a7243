import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A link of 200 Mbit/s and 50 ms between two network namespaces, through {@code link.c}: clean,
 * with a limit for each connection, and with loss.
 */
final class SlowLink implements AutoCloseable {
    private static final long RATE = 200_000_000 / 8;
    private static final long DELAY_MICROS = 25_000;
    private static final long BLOCK = 512 << 10;
    private static final long ROUND_TRIP_BYTES = RATE * 2 * DELAY_MICROS / 1_000_000;
    private static final long CONNECTION_RATE = 5_000_000;
    private static final long LOSS_PPM = 1_000;
    private static final String ADDRESS = "10.77.0.1";

    private record Report(long millis, long bytes) {}

    private final Bench bench;
    private final int mark;
    private final String origin = "capstan-" + ProcessHandle.current().pid() + "-a";
    private final String client = "capstan-" + ProcessHandle.current().pid() + "-b";
    private final List<Report> reports = new ArrayList<>(); // guarded by itself
    private final Process link;
    private final Capstan host;
    private final Nginx nginx;
    private final Workspace.Served file;
    private final Path out;
    private final Program program;
    private int queries;

    private SlowLink(Bench bench, long size, long connectionRate, long loss) throws Exception {
        this.bench = bench;
        var space = bench.space();
        mark = space.mark();
        space.onClose(this::removeNamespaces);
        for (var namespace : List.of(origin, client)) {
            must("ip netns add " + namespace);
            must("ip -n " + namespace + " link set lo up");
            // What one contender learned of the link must not help or harm the next.
            must("ip netns exec " + namespace + " sysctl -qw net.ipv4.tcp_no_metrics_save=1");
        }
        link =
                new ProcessBuilder(
                                "benchmarks/target/link",
                                origin,
                                client,
                                "" + RATE,
                                "" + DELAY_MICROS,
                                "" + ROUND_TRIP_BYTES,
                                "" + connectionRate,
                                "" + loss,
                                "1")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        space.onClose(() -> Workspace.stop(link));
        var reader = new Thread(() -> read(link.inputReader()), "capstan-bench-link");
        reader.setDaemon(true);
        reader.start();
        Workspace.await("ip -n " + client + " addr show dev link | grep -q inet");
        // What most servers have, whatever this kernel has as its default.
        must("ip -n " + origin + " route replace 10.77.0.0/24 dev link congctl cubic");
        var www = Files.createDirectories(space.memory().resolve("far"));
        nginx = new Nginx(space, www, ADDRESS, in(origin));
        file = Workspace.make(www, "file.bin", size, 7);
        out = space.memory().resolve("out");
        program = new Program(space, in(client));
        host =
                bench.host(
                        Workspace.empty(space.memory().resolve("near")).resolve("data"),
                        in(client),
                        Map.of());
    }

    static List<Table> measure(Bench bench) throws Exception {
        var tables = new ArrayList<Table>();
        try (var clean = new SlowLink(bench, bench.linkSize() / 2, 0, 0)) {
            tables.add(clean.clean());
        }
        try (var limited = new SlowLink(bench, bench.linkSize(), CONNECTION_RATE, 0)) {
            tables.add(limited.limited());
        }
        try (var lossy = new SlowLink(bench, bench.linkSize() / 4, 0, LOSS_PPM)) {
            tables.add(lossy.lossy());
        }
        return tables;
    }

    /** How long it takes a player from a seek to the first byte, beside one that asks the origin. */
    static Table seek(Bench bench) throws Exception {
        try (var clean = new SlowLink(bench, bench.linkSize() / 2, 0, 0)) {
            return clean.seek();
        }
    }

    private Table seek() throws Exception {
        var tune = tune();
        var samples =
                rounds().add("curl -r, from the origin", () -> firstByte(nginx.url(file.name())))
                        .addWarmed(
                                "curl -r, from capstan's stream",
                                () -> inStream(file.name(), this::firstByte))
                        .add("mpv URL, from the origin", () -> firstTone(nginx.url(tune)))
                        .addWarmed(
                                "mpv URL, from capstan's stream",
                                () -> inStream(tune, this::firstTone))
                        .run();
        var note =
                "One byte, and the first tone, at 90 %% of %s, whose beginning is being played"
                        + " meanwhile; the link has 50 ms, and the aim for the byte are three round"
                        + " trips and a block: %.2f s. mpv's time holds its own start and end.";
        return new Table(
                        "From a seek to the first byte",
                        String.format(
                                Locale.ROOT,
                                note,
                                LargeFile.mib(file),
                                6 * DELAY_MICROS / 1e6 + (double) BLOCK / RATE),
                        0,
                        samples)
                .ratio("curl -r, from the origin", "curl -r, from capstan's stream", "")
                .ratio("mpv URL, from the origin", "mpv URL, from capstan's stream", "");
    }

    /** The same bytes as sound, in which a player finds each place by itself. */
    private String tune() throws IOException {
        var size = (int) file.size();
        var head = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
        head.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + size);
        head.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        head.putShort((short) 1).putShort((short) 2).putInt(44_100).putInt(4 * 44_100);
        head.putShort((short) 4).putShort((short) 16);
        head.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(size);
        var folder = bench.space().memory().resolve("far");
        try (var out = Files.newOutputStream(folder.resolve("tune.wav"))) {
            out.write(head.array());
            Files.copy(folder.resolve(file.name()), out);
        }
        return "tune.wav";
    }

    private Sample firstByte(String url) throws IOException, InterruptedException {
        var at = file.size() / 10 * 9;
        return program.run("curl -sf -o /dev/null -r %d-%d '%s'".formatted(at, at, url));
    }

    private Sample firstTone(String url) throws IOException, InterruptedException {
        var mpv = "mpv --no-config --no-terminal --vid=no --ao=null --start=90%% --length=0.1 '%s'";
        return program.run(mpv.formatted(url));
    }

    private interface Player {
        Sample play(String url) throws IOException, InterruptedException;
    }

    /** A source of its own each time, so that nothing of it is here. */
    private Sample inStream(String name, Player player) throws IOException, InterruptedException {
        var stream = host.stream(nginx.url(name) + "?q=" + queries++).toString();
        var words = new ArrayList<>(in(client));
        // One that reads what it needs for now.
        words.addAll(List.of("curl", "-s", "-o", "/dev/null", "--limit-rate", "500k", stream));
        var first = new ProcessBuilder(words).start();
        try {
            return player.play(stream);
        } finally {
            Workspace.stopAll(first);
        }
    }

    private Table clean() throws Exception {
        var samples =
                rounds().add("curl", () -> peer("curl -s -o %2$s/file %1$s"))
                        .add("wget2", () -> peer("wget2 -q -O %2$s/file %1$s"))
                        .add("aria2", () -> peer(aria2("")))
                        .add("aria2 -x16 -s16 -k1M", () -> peer(aria2("-x16 -s16 -k1M ")))
                        .addWarmed("capstan", this::capstan)
                        .run();
        return table("Link of 200 Mbit/s and 50 ms", "", samples)
                .ratio("capstan", "curl", ">= 0.98")
                .ratio("capstan", "aria2", "");
    }

    private Table limited() throws Exception {
        var samples =
                rounds().addSlow("curl", () -> peer("curl -s -o %2$s/file %1$s"))
                        .addSlow("wget2", () -> peer("wget2 -q -O %2$s/file %1$s"))
                        .addSlow("aria2", () -> peer(aria2("")))
                        .add("axel", () -> peer("axel -q -o %2$s/file %1$s"))
                        .add("aria2 -x16 -s16 -k1M", () -> peer(aria2("-x16 -s16 -k1M ")))
                        .addWarmed("capstan", this::capstan)
                        .run();
        return table(
                        "The same link, 5 MB/s for each connection",
                        " Each connection gets 5 MB/s of it.",
                        samples)
                .ratio("capstan", "curl", ">= 4")
                .ratio("capstan", "wget2", ">= 4")
                .ratio("capstan", "aria2", ">= 4")
                .ratio("capstan", "axel", "")
                .ratio("capstan", "aria2 -x16 -s16 -k1M", ">= 1");
    }

    private Table lossy() throws Exception {
        var samples =
                rounds().add("curl", () -> peer("curl -s -o %2$s/file %1$s"))
                        .add("aria2", () -> peer(aria2("")))
                        .add("aria2 -x16 -s16 -k1M", () -> peer(aria2("-x16 -s16 -k1M ")))
                        .addWarmed("capstan", this::capstan)
                        .run();
        return table("The same link, 0.1 % loss", " One packet of 1,000 is lost.", samples)
                .ratio("capstan", "curl", "")
                .ratio("capstan", "aria2 -x16 -s16 -k1M", "");
    }

    private Rounds rounds() {
        return new Rounds(bench.rounds(), () -> Workspace.empty(out));
    }

    private Table table(String title, String more, Map<String, List<Sample>> samples) {
        var note =
                "%s from nginx (cubic) through a link with a queue of one round trip;"
                                .formatted(LargeFile.mib(file))
                        + " every tool with its default settings but where options are named."
                        + more
                        + " The last column is the time until the link carried 90 % of what it can"
                        + " for 200 ms.";
        return new Table(title, note, LargeFile.gib(file), samples);
    }

    private static String aria2(String options) {
        return "aria2c -q --no-conf --file-allocation=none " + options + "-d %2$s -o file %1$s";
    }

    private Sample peer(String line) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var sample = program.run(line.formatted(nginx.url(file.name()), out));
        if (Files.size(out.resolve("file")) != file.size()) {
            throw new IOException("Not whole: " + line);
        }
        return ramp(sample, begin);
    }

    private Sample capstan() throws IOException {
        var begin = System.nanoTime();
        return ramp(host.get(nginx.url(file.name()), out, List.of(), file), begin);
    }

    /** Adds when the link was nearly full for the first time. */
    private Sample ramp(Sample sample, long begin) {
        // Both clocks are CLOCK_MONOTONIC.
        var beginMillis = begin / 1_000_000;
        synchronized (reports) {
            for (var i = 4; i < reports.size(); i++) {
                var now = reports.get(i);
                var before = reports.get(i - 4);
                var rate = (now.bytes - before.bytes) * 1000.0 / (now.millis - before.millis);
                if (before.millis >= beginMillis && rate >= 0.9 * RATE) {
                    return sample.with("s to 90 %", (before.millis - beginMillis) / 1000.0);
                }
            }
        }
        return sample;
    }

    private void read(BufferedReader lines) {
        try {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var fields = line.split(" ");
                synchronized (reports) {
                    reports.add(new Report(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
                }
            }
        } catch (IOException e) {
            // The link was stopped.
        }
    }

    private static List<String> in(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    private static void must(String command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command.split(" ")).inheritIO().start().waitFor() != 0) {
            throw new IOException("It failed: " + command);
        }
    }

    private void removeNamespaces() throws InterruptedException, IOException {
        for (var namespace : List.of(origin, client)) {
            new ProcessBuilder("ip", "netns", "del", namespace)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    @Override
    public void close() {
        bench.space().close(mark);
    }
}
