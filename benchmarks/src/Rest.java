import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How soon REST answers where the list is long and downloads run. */
final class Rest {
    private static final int ROWS = 100_000;
    private static final int AT_ONCE = 10_000;
    private static final int RUNNING = 8;
    private static final int REQUESTS = 300;
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9A-Z]{26})\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Capstan host;
    private final String base;
    private final String bearer;

    private Rest(Capstan host) throws IOException, InterruptedException {
        this.host = host;
        base = host.web() + "/api/v1";
        bearer = "Bearer " + host.token();
    }

    static Table measure(Bench bench) throws Exception {
        var data = Workspace.empty(bench.space().disk().resolve("rest")).resolve("data");
        var host = bench.host(data, List.of(), Map.of());
        try {
            return new Rest(host).measure(bench, bench.nginx().url(bench.large().name()));
        } finally {
            host.stop();
        }
    }

    private Table measure(Bench bench, String large) throws Exception {
        for (var from = 0; from < ROWS; from += AT_ONCE) {
            var links =
                    IntStream.range(from, from + AT_ONCE)
                            .mapToObj(i -> "\"https://files.example/" + i % 97 + "/" + i + ".bin\"")
                            .collect(Collectors.joining(","));
            answer("POST", "/downloads", "{\"paused\":true,\"urls\":[" + links + "]}");
        }
        var add = new ArrayList<>(List.of("add", "--max-download-limit", "200K"));
        IntStream.range(0, RUNNING).forEach(i -> add.add(large + "?rest=" + i));
        host.attempt(add);
        while (!get("/downloads?state=DOWNLOADING&limit=1").contains("\"total\":" + RUNNING)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        var id = first(ID, get("/downloads?state=DOWNLOADING&limit=1"));
        var rounds = new Rounds(bench.rounds(), () -> {});
        for (var sort : List.of("added", "name", "size", "state", "priority")) {
            var page = "/downloads?limit=50&order=desc&sort=" + sort;
            rounds.addWarmed("50 rows by " + sort, () -> measured(page));
        }
        rounds.addWarmed("200 rows by name", () -> measured("/downloads?limit=200&sort=name"));
        rounds.addWarmed("50 rows with a text", () -> measured("/downloads?q=7/4242"));
        rounds.addWarmed("page after page", this::walk);
        rounds.addWarmed("one that runs", () -> measured("/downloads/" + id));
        rounds.addWarmed("statistics", () -> measured("/stats"));
        return new Table(
                "REST over a long list",
                "%,d rows and %d running downloads; each run is %d requests, one after another over one connection. Aim: p99 below 50 ms."
                        .formatted(ROWS, RUNNING, REQUESTS),
                0,
                rounds.run());
    }

    private interface Requests {
        void one() throws IOException, InterruptedException;
    }

    private Sample measured(String path) throws IOException, InterruptedException {
        return measured(() -> get(path));
    }

    /** Pages by their cursors, from the first on. */
    private Sample walk() throws IOException, InterruptedException {
        var cursor = new String[] {null};
        return measured(
                () -> {
                    var more = cursor[0] == null ? "" : "&cursor=" + cursor[0];
                    cursor[0] = first(NEXT, get("/downloads?limit=200&sort=name" + more));
                });
    }

    private Sample measured(Requests requests) throws IOException, InterruptedException {
        var millis = new double[REQUESTS];
        var cpu = Machine.cpu(host.pid());
        Machine.resetPeak(host.pid());
        var begin = System.nanoTime();
        for (var i = 0; i < REQUESTS; i++) {
            var since = System.nanoTime();
            requests.one();
            millis[i] = (System.nanoTime() - since) / 1e6;
        }
        var wall = (System.nanoTime() - begin) / 1e9;
        Arrays.sort(millis);
        return new Sample(wall, Machine.cpu(host.pid()) - cpu, Machine.peak(host.pid()))
                .with("p50 ms", millis[REQUESTS / 2])
                .with("p99 ms", millis[REQUESTS * 99 / 100])
                .with("worst ms", millis[REQUESTS - 1]);
    }

    private String get(String path) throws IOException, InterruptedException {
        return answer("GET", path, "");
    }

    private String answer(String method, String path, String body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Authorization", bearer)
                        .method(method, BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.body());
        }
        return answer.body();
    }

    private static String first(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        return found.find() ? found.group(1) : null;
    }
}
