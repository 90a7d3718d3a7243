import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a player gets through the streaming endpoint on this machine. */
final class Play {
    private static final int WAITERS = 1000;
    private static final int SECONDS = 10;

    private final Bench bench;
    private final Path data;

    private Play(Bench bench) {
        this.bench = bench;
        data = bench.space().memory().resolve("play/data");
    }

    static List<Table> measure(Bench bench) throws Exception {
        var tables = new ArrayList<Table>();
        tables.add(SlowLink.seek(bench));
        var play = new Play(bench);
        tables.add(play.sequential());
        tables.add(play.waiters());
        return tables;
    }

    /** A finished file, front to back. */
    private Table sequential() throws Exception {
        var file = bench.large();
        var url = bench.nginx().url(file.name());
        var path = bench.www().resolve(file.name());
        var program = new Program(bench.space(), List.of());
        var host = bench.host(data, List.of(), Map.of());
        var stream = host.stream(url);
        var samples =
                new Rounds(bench.rounds(), () -> {})
                        .add("curl, from nginx", () -> program.run("curl -sf -o /dev/null " + url))
                        .add(
                                "curl, from the file itself",
                                () -> program.run("curl -sf -o /dev/null file://" + path))
                        .addWarmed(
                                "curl, from capstan's stream",
                                () -> program.run("curl -sf -o /dev/null " + stream))
                        .run();
        var note = "%s in memory, read whole; CPU and memory are curl's.";
        var table =
                new Table(
                                "A finished file through the stream",
                                note.formatted(LargeFile.mib(file)),
                                LargeFile.gib(file),
                                samples)
                        .ratio("curl, from capstan's stream", "curl, from nginx", "")
                        .ratio("curl, from capstan's stream", "curl, from the file itself", "");
        host.stop();
        return table;
    }

    /** Streams that wait for a source that gives nothing more. */
    private Table waiters() throws Exception {
        var host = bench.host(Workspace.empty(data.getParent()).resolve("idle"), List.of(), Map.of());
        try (var silent = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
            var origin = new Thread(() -> answerAndFallSilent(silent), "capstan-bench-silent");
            origin.setDaemon(true);
            origin.start();
            var stream = host.stream("http://127.0.0.1:" + silent.getLocalPort() + "/silent.bin");
            var samples =
                    // The host looks once a second for clients that have gone.
                    new Rounds(bench.rounds(), () -> TimeUnit.SECONDS.sleep(3))
                            .add("no stream", () -> resting(host))
                            .add(WAITERS + " streams that wait", () -> waiting(host, stream))
                            .run();
            return new Table(
                    "Streams that wait",
                    SECONDS + " s of a host whose streams all wait for bytes that do not come.",
                    0,
                    samples);
        } finally {
            host.stop();
        }
    }

    private static Sample waiting(Capstan host, URI stream) throws Exception {
        var clients = new ArrayList<Socket>();
        try {
            for (int i = 0; i < WAITERS; i++) {
                var client = new Socket(InetAddress.getLoopbackAddress(), stream.getPort());
                clients.add(client);
                var request = "GET " + stream.getRawPath() + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            for (var client : clients) {
                var status = new String(client.getInputStream().readNBytes(12));
                if (!status.endsWith("200")) {
                    throw new IOException("A stream is refused: " + status);
                }
            }
            return resting(host);
        } finally {
            for (var client : clients) {
                client.close();
            }
        }
    }

    private static Sample resting(Capstan host) throws Exception {
        var before = host.used(0).cpu();
        TimeUnit.SECONDS.sleep(SECONDS);
        var after = host.used(SECONDS);
        return new Sample(SECONDS, after.cpu() - before, after.peak());
    }

    /** The first thousand of a million bytes, and then nothing. */
    private static void answerAndFallSilent(ServerSocket server) {
        var kept = new ArrayList<Socket>();
        var head =
                "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nETag: \"1\"\r\n\r\n"
                        + "x".repeat(1000);
        try {
            while (true) {
                var client = server.accept();
                kept.add(client);
                client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // The measurement is over.
        }
    }
}
