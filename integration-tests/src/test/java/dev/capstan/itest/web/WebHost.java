package dev.capstan.itest.web;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import jakarta.json.Json;
import jakarta.json.JsonObject;
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

/** A packaged host with its page, and what it says itself of its downloads. */
final class WebHost implements AutoCloseable {
    final Capstan capstan;
    final Control control;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Capstan.Running running;
    private final int port;
    private final String token;

    WebHost(Path root) throws IOException, InterruptedException {
        capstan = new Capstan(root);
        // A port of its own, which a web server that was stopped takes again.
        try (var probe = new ServerSocket(0)) {
            port = probe.getLocalPort();
        }
        running = capstan.startHost("--port", "" + port, "--allow-private-networks");
        control = new Control(capstan.data(), capstan.folder());
        token = Files.readString(capstan.data().resolve("token")).strip();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The address that signs a browser in, as a terminal shows it. */
    String page() {
        return at("/") + "#token=" + token;
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
        var request =
                HttpRequest.newBuilder(at("/api/v1/downloads"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.add("paused", true).build().toString()));
        var answer = send(request);
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.body());
        }
    }

    /** How the host itself says a download of a link stands; nothing where there is none. */
    String state(String link) {
        return ask("downloads?q=" + link.replaceAll(".*/", "")).getJsonArray("items").stream()
                .map(item -> item.asJsonObject().getString("state"))
                .findFirst()
                .orElse("");
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
