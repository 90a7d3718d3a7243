import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A running host with database, journal and events, and a client of its control socket: what is
 * timed goes from the request to the exit code and holds no start of a process.
 */
final class Capstan {
    /** Column of the CPU seconds that went into SHA-256. */
    static final String HASHING = "hashing CPU s";

    private static final int MAGIC = 0x43415031;
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");
    private static final Pattern SHA256 = Pattern.compile("\"sha256\":\"([0-9a-f]{64})\"");

    private final Process process;
    private final Path data;
    private int queries;

    Capstan(
            Workspace space,
            Path program,
            Path data,
            List<String> prefix,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        this.data = data;
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(program.toString(), "run", "--no-shell", "--port", "0"));
        command.addAll(List.of("--data", data.toString()));
        var log = Path.of(data + ".log");
        this.process = space.start(log, environment, command);
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                call(List.of("stats"));
                return;
            } catch (IOException e) {
                // There is no socket yet, or the one that a killed host left.
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IOException("The host does not answer, see " + data + ".log", e);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private record Answer(int exit, String text, double seconds) {}

    /** Fetches one file as a source that was never seen. */
    Sample get(String url, Path out, List<String> options, Workspace.Served file)
            throws IOException {
        var words = new ArrayList<>(List.of("get", "-q", "--json", "-d", out.toString()));
        words.addAll(options);
        words.add(url + (url.contains("?") ? "&" : "?") + "q=" + queries++);
        return measured(words, Set.of(file.sha256()));
    }

    /** Fetches a list of links. */
    Sample getAll(List<String> urls, Path out, Set<String> digests) throws IOException {
        var list = Path.of(data + ".links");
        var query = "?q=" + queries++ + "\n";
        Files.writeString(list, String.join(query, urls) + query);
        return measured(
                List.of("get", "-q", "--json", "-d", out.toString(), "-i", list.toString()),
                digests);
    }

    private Sample measured(List<String> words, Set<String> digests) throws IOException {
        var pid = process.pid();
        Machine.resetPeak(pid);
        var before = Machine.cpu(pid);
        var hashed = Machine.cpuOfThreads(pid, "capstan-hash");
        var answer = call(words);
        var sample =
                new Sample(answer.seconds(), Machine.cpu(pid) - before, Machine.peak(pid))
                        .with(HASHING, Machine.cpuOfThreads(pid, "capstan-hash") - hashed);
        var right = all(SHA256, answer.text());
        if (answer.exit() != 0 || !right.equals(digests)) {
            throw new IOException("Exit " + answer.exit() + " of " + words + "\n" + answer.text());
        }
        forget(answer.text());
        return sample;
    }

    /** Has the next fetch of the same bytes be a first one: what is placed keeps its content. */
    private void forget(String text) throws IOException {
        var remove = new ArrayList<>(List.of("rm", "--files"));
        remove.addAll(all(ID, text));
        must(remove);
        var evict = new ArrayList<>(List.of("cache", "evict"));
        evict.addAll(all(SHA256, text));
        must(evict);
    }

    private void must(List<String> words) throws IOException {
        var answer = call(words);
        if (answer.exit() != 0) {
            throw new IOException("Exit " + answer.exit() + " of " + words + "\n" + answer.text());
        }
    }

    private static Set<String> all(Pattern pattern, String text) {
        var found = new TreeSet<String>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    /** A link that players read a source by; the web server opens a moment after the host. */
    URI stream(String url) throws IOException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            var answer = call(List.of("play", url));
            if (answer.exit() == 0) {
                return URI.create(answer.text().strip());
            }
            if (System.nanoTime() > end) {
                throw new IOException("Exit " + answer.exit() + " of play\n" + answer.text());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Runs a verb and does not care how it ends, nor whether the host lives on. */
    void attempt(List<String> words) {
        try {
            call(words);
        } catch (IOException e) {
            // The host was killed.
        }
    }

    /** Where its web server is; that opens a moment after the host. */
    URI web() throws IOException, InterruptedException {
        var endpoint = data.resolve("run/endpoint.json");
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(endpoint)) {
            if (System.nanoTime() > end) {
                throw new IOException("The web server does not open, see " + data + ".log");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        var port = PORT.matcher(Files.readString(endpoint));
        if (!port.find()) {
            throw new IOException("No port in " + endpoint);
        }
        return URI.create("http://127.0.0.1:" + port.group(1));
    }

    /** The administrator's token. */
    String token() throws IOException {
        return Files.readString(data.resolve("token")).strip();
    }

    /** What the host took since its start. */
    Sample used(double seconds) throws IOException {
        return new Sample(seconds, Machine.cpu(process.pid()), Machine.peak(process.pid()));
    }

    long pid() {
        return process.pid();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void stop() throws InterruptedException {
        Workspace.stop(process);
    }

    private Answer call(List<String> words) throws IOException {
        var begin = System.nanoTime();
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(data.resolve("run/ctl.sock")));
            channel.write(java.nio.ByteBuffer.wrap(request(words)));
            var in = new DataInputStream(Channels.newInputStream(channel));
            var text = new StringBuilder();
            while (true) {
                var type = in.readByte();
                var payload = in.readNBytes(in.readInt());
                if (type == 3) {
                    var exit = java.nio.ByteBuffer.wrap(payload).getInt();
                    return new Answer(exit, text.toString(), (System.nanoTime() - begin) / 1e9);
                }
                text.append(new String(payload, StandardCharsets.UTF_8));
            }
        }
    }

    private static byte[] request(List<String> words) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        text(out, Path.of("").toAbsolutePath().toString());
        out.writeInt(0);
        out.writeByte(0);
        out.writeInt(words.size());
        for (var word : words) {
            text(out, word);
        }
        out.writeByte(0); // no standard input
        out.writeInt(0);
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
