package dev.capstan.itest.web;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A packaged host with its page, and what it says itself of its downloads. */
final class WebHost implements AutoCloseable {
    private static final String OPEN = "--allow-private-networks";

    final Capstan capstan;
    final Control control;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Capstan.Running running;
    private final int port;
    private final String token;

    /** Starts one with a folder of its own, while its caller starts something else. */
    static CompletableFuture<WebHost> starting(Path root, String... options) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new WebHost(root, options);
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private WebHost(Path root, String... options) throws IOException, InterruptedException {
        capstan = new Capstan(Files.createDirectory(root));
        // A port of its own, which a web server that was stopped takes again.
        try (var probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        var all = Stream.concat(Stream.of("--port", "" + port, OPEN), Stream.of(options));
        running = capstan.startHost(all.toArray(String[]::new));
        control = new Control(capstan.data(), capstan.folder());
        token = Files.readString(capstan.data().resolve("token")).strip();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    int port() {
        return port;
    }

    String token() {
        return token;
    }

    /** The address that signs a browser in, as a terminal shows it. */
    String page() {
        return pageAt(port);
    }

    /** The same, for a browser that reaches the host by another port. */
    String pageAt(int other) {
        return "http://127.0.0.1:" + other + "/#token=" + token;
    }

    String out() {
        return running.out();
    }

    HttpResponse<String> get(String path, String... headers) {
        var request = HttpRequest.newBuilder(at(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** What REST answers. */
    JsonObject ask(String path) {
        return json(get("/api/v1/" + path, "Authorization", "Bearer " + token).body());
    }

    /** Adds links that wait until somebody resumes them. */
    void addPaused(Collection<String> links) {
        var body = Json.createObjectBuilder().add("urls", Json.createArrayBuilder(links));
        post("downloads", body.add("paused", true).build().toString());
    }

    /** Sends something over REST that has to be taken, and gives the answer. */
    String post(String path, String json) {
        var request =
                HttpRequest.newBuilder(at("/api/v1/" + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json));
        var answer = send(request);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(answer + answer.body());
        }
        return answer.body();
    }

    /** What the host itself says of the download of a link; empty where there is none. */
    JsonObject download(String link) {
        return ask("downloads?q=" + link.replaceAll(".*/", "")).getJsonArray("items").stream()
                .map(JsonValue::asJsonObject)
                .findFirst()
                .orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    /** How the host itself says a download of a link stands; nothing where there is none. */
    String state(String link) {
        return download(link).getString("state", "");
    }

    void awaitState(String link, String state) throws InterruptedException {
        Capstan.await(link + " " + state, () -> state(link).equals(state));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonObject json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Override
    public void close() throws InterruptedException {
        var result = running.terminate();
        if (result.exit() != 0) {
            throw new AssertionError(result.toString());
        }
    }
}
