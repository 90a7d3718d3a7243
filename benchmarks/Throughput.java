import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Times one large file from nginx on loopback to tmpfs, by Capstan in a running host (SHA-256 and
 * durable journal on) and by its peers. Rounds are shuffled; before each measurement the memory the
 * target needs is touched, because a virtual machine may have given it back.
 *
 * <p>CPU seconds are those of the downloading processes, for Capstan of host and client together.
 */
public final class Throughput {
    record Sample(double wall, double cpu, double inner) {}

    interface Contender {
        Sample run(int round) throws Exception;
    }

    private final Path root;
    private final Path out;
    private final long size;
    private final int port;
    private final String sha256;
    private final String url;
    private final Path capstan = Path.of("runtime/capstan").toAbsolutePath();
    private Process host;

    private Throughput(Path root, long size) throws Exception {
        this.root = root;
        this.size = size;
        this.out = Files.createDirectories(root.resolve("out"));
        this.port = freePort();
        this.url = "http://127.0.0.1:" + port + "/file.bin";
        this.sha256 = makeFile(Files.createDirectories(root.resolve("www")).resolve("file.bin"));
    }

    public static void main(String[] args) throws Exception {
        var options = options(args);
        var rounds = Integer.parseInt(options.getOrDefault("rounds", "5"));
        var size = Long.parseLong(options.getOrDefault("size", "2048")) << 20;
        var connections = options.getOrDefault("connections", "1,4").split(",");
        var root = Files.createTempDirectory(Path.of("/dev/shm"), "capstan-bench-");
        var bench = new Throughput(root, size);
        var nginx = bench.startNginx();
        try {
            bench.startHost();
            bench.compare(rounds, connections, options.get("json"));
        } finally {
            bench.stop(bench.host);
            bench.stop(nginx);
            bench.delete(root);
        }
    }

    private void compare(int rounds, String[] connections, String json) throws Exception {
        var contenders = new LinkedHashMap<String, Contender>();
        contenders.put("copy (cat file to file)", this::copy);
        contenders.put("curl", this::curl);
        for (var n : connections) {
            contenders.put("aria2 -x" + n, round -> aria2(n, false));
            contenders.put("capstan -x" + n, round -> capstan(n, round));
        }
        contenders.put("aria2 -x1 --checksum", round -> aria2("1", true));
        contenders.put("curl then sha256sum", this::curlVerified);

        var samples = new LinkedHashMap<String, List<Sample>>();
        contenders.keySet().forEach(name -> samples.put(name, new ArrayList<>()));
        var order = new ArrayList<>(contenders.keySet());
        var random = new Random(1);
        for (var round = 0; round <= rounds; round++) {
            Collections.shuffle(order, random);
            for (var name : order) {
                touchMemory();
                var sample = contenders.get(name).run(round);
                // Round 0 warms caches and compilers and is not counted.
                if (round > 0) {
                    samples.get(name).add(sample);
                }
                System.err.printf(
                        Locale.ROOT,
                        "  round %d  %-24s %6.2f s  %5.2f CPU s%n",
                        round, name, sample.wall, sample.cpu);
                clear(out);
            }
        }
        print(samples, rounds);
        if (json != null) {
            Files.writeString(Path.of(json), json(samples));
        }
    }

    private void print(Map<String, List<Sample>> samples, int rounds) throws Exception {
        var curl = median(samples.get("curl").stream().mapToDouble(Sample::wall).toArray());
        var gib = size / (double) (1 << 30);
        System.out.printf(
                Locale.ROOT,
                "%n%.1f GiB over loopback to tmpfs, medians of %d, %s, %d cores, Java %s%n%n",
                gib, rounds, LocalDate.now(), Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        System.out.printf(
                "%-26s %8s %8s %8s %10s %10s%n",
                "", "wall s", "min", "max", "CPU s/GiB", "x curl");
        samples.forEach(
                (name, list) -> {
                    var walls = list.stream().mapToDouble(Sample::wall).toArray();
                    var wall = median(walls);
                    System.out.printf(
                            Locale.ROOT,
                            "%-26s %8.2f %8.2f %8.2f %10.2f %10.2f%n",
                            name, wall, Arrays.stream(walls).min().orElse(0),
                            Arrays.stream(walls).max().orElse(0),
                            median(list.stream().mapToDouble(Sample::cpu).toArray()) / gib,
                            wall / curl);
                    var inner = list.stream().mapToDouble(Sample::inner).toArray();
                    if (name.startsWith("capstan")) {
                        System.out.printf(
                                Locale.ROOT,
                                "%-26s %8.2f%n", "  in the host, without client", median(inner));
                    }
                });
    }

    private static String json(Map<String, List<Sample>> samples) {
        var text = new StringBuilder("{");
        samples.forEach(
                (name, list) -> {
                    text.append(text.length() > 1 ? ",\n " : "\n ").append('"').append(name);
                    text.append("\": [");
                    for (var i = 0; i < list.size(); i++) {
                        var s = list.get(i);
                        text.append(i > 0 ? ", " : "");
                        text.append(
                                String.format(
                                        Locale.ROOT, "{\"wall\": %.3f, \"cpu\": %.3f}",
                                        s.wall, s.cpu));
                    }
                    text.append(']');
                });
        return text.append("\n}\n").toString();
    }

    // ------------------------------------------------------------------ contenders

    private Sample copy(int round) throws Exception {
        return timed("cat " + root.resolve("www/file.bin") + " > " + out.resolve("copy"));
    }

    private Sample curl(int round) throws Exception {
        return timed("curl -s -o " + out.resolve("curl") + " " + url);
    }

    private Sample curlVerified(int round) throws Exception {
        var file = out.resolve("curl");
        return timed(
                "curl -s -o " + file + " " + url
                        + " && echo '" + sha256 + "  " + file + "' | sha256sum -c --quiet");
    }

    private Sample aria2(String connections, boolean verified) throws Exception {
        return timed(
                "aria2c -q --no-conf --file-allocation=none -k1M -s" + connections + " -x"
                        + connections + (verified ? " --checksum=sha-256=" + sha256 : "")
                        + " -d " + out + " -o aria2 " + url);
    }

    private Sample capstan(String connections, int round) throws Exception {
        // Another query is another source, so that nothing is known of it; the bytes of the round
        // before are evicted below, so that they are not known either.
        var before = cpuOf(host.pid());
        var sample =
                timed(
                        capstan + " get --data " + root.resolve("data") + " --json -q -x"
                                + connections + " -d " + out + " " + url + "?" + connections + "."
                                + round + " > " + root.resolve("get.json"));
        var cpu = cpuOf(host.pid()) - before;
        var answer = Files.readString(root.resolve("get.json"));
        if (!answer.contains(sha256)) {
            throw new IllegalStateException("Not the right bytes: " + answer);
        }
        var inner = Double.parseDouble(answer.replaceAll("(?s).*\"seconds\":([0-9.]+).*", "$1"));
        clear(out);
        var id = answer.replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        timed(capstan + " rm --data " + root.resolve("data") + " " + id + " >/dev/null");
        timed(capstan + " cache --data " + root.resolve("data") + " evict " + sha256 + " >/dev/null");
        return new Sample(sample.wall, sample.cpu + cpu, inner);
    }

    // ------------------------------------------------------------------ measuring

    /** Runs a command in bash and takes its wall and CPU time from bash's own accounting. */
    private Sample timed(String command) throws Exception {
        var process =
                new ProcessBuilder(
                                "bash", "-c", "TIMEFORMAT='%R %U %S'; time { " + command + "; }")
                        .redirectErrorStream(true)
                        .start();
        var text = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + " failed: " + text);
        }
        var fields = text.substring(text.lastIndexOf('\n') + 1).split(" ");
        return new Sample(
                Double.parseDouble(fields[0]),
                Double.parseDouble(fields[1]) + Double.parseDouble(fields[2]),
                0);
    }

    private static double cpuOf(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private void touchMemory() throws Exception {
        var file = root.resolve("touch");
        timed("head -c " + (size + (64 << 20)) + " /dev/zero > " + file + "; rm " + file);
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    // ------------------------------------------------------------------ surroundings

    private String makeFile(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        var random = new Random(42);
        var block = new byte[1 << 20];
        try (var stream = Files.newOutputStream(file)) {
            for (var written = 0L; written < size; written += block.length) {
                random.nextBytes(block);
                digest.update(block);
                stream.write(block);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Process startNginx() throws Exception {
        var conf = root.resolve("nginx.conf");
        Files.writeString(
                conf,
                """
                daemon off; master_process off; pid %1$s/nginx.pid; error_log %1$s/nginx.log;
                events {}
                http { access_log off; sendfile on; tcp_nopush on;
                  client_body_temp_path %1$s/t1; proxy_temp_path %1$s/t2; fastcgi_temp_path %1$s/t3;
                  uwsgi_temp_path %1$s/t4; scgi_temp_path %1$s/t5;
                  server { listen 127.0.0.1:%2$d; root %1$s/www; } }
                """
                        .formatted(root, port));
        var process = new ProcessBuilder("nginx", "-c", conf.toString()).inheritIO().start();
        await("curl -sfI -o /dev/null " + url);
        return process;
    }

    private void startHost() throws Exception {
        host =
                new ProcessBuilder(
                                capstan.toString(), "run", "--no-shell", "--data",
                                root.resolve("data").toString())
                        .redirectOutput(root.resolve("host.log").toFile())
                        .redirectErrorStream(true)
                        .start();
        await("test -S " + root.resolve("data/run/ctl.sock"));
        await(capstan + " ls --data " + root.resolve("data") + " >/dev/null");
    }

    private void await(String command) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (new ProcessBuilder("bash", "-c", command).start().waitFor() != 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("In vain: " + command);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void stop(Process process) throws InterruptedException {
        if (process != null) {
            process.destroy();
            process.waitFor(15, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void clear(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(this::delete);
        }
    }

    private void delete(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Collections.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> options(String[] args) {
        var options = new LinkedHashMap<String, String>();
        for (var i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i].replaceFirst("^--", ""), args[i + 1]);
        }
        return options;
    }
}
