package dev.capstan.itest.rest;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A packaged host, and its administrator who only has REST. Keeps whatever was answered. */
final class AdminHost implements AutoCloseable {
    final Capstan capstan;
    final Control control;
    private final List<String> answered = Collections.synchronizedList(new ArrayList<>());
    private final HttpClient http = HttpClient.newHttpClient();
    private final String[] options;
    private Capstan.Running running;
    private int port;

    AdminHost(Path root, String... options) throws IOException, InterruptedException {
        this.options = options;
        capstan = new Capstan(root);
        control = new Control(capstan.data(), capstan.folder());
        start();
    }

    /** An answer. */
    record Answer(int status, String type, String text, HttpHeaders headers) {

        String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        JsonObject json() {
            try (var reader = Json.createReader(new StringReader(text))) {
                return reader.readObject();
            }
        }

        /** The texts of a field of each item of a list. */
        List<String> items(String field) {
            return json().getJsonArray("items").getValuesAs(JsonObject.class).stream()
                    .map(item -> item.getString(field))
                    .toList();
        }

        List<String> texts(String field) {
            return json().getJsonArray(field).getValuesAs(JsonString::getString);
        }
    }

    private void start() throws IOException, InterruptedException {
        running = capstan.startHost(options);
        locate();
    }

    /** Where a host tells where its server is. */
    Path endpoint() {
        return capstan.data().resolve("run/endpoint.json");
    }

    /** Looks where the server is now. */
    void locate() throws IOException {
        try (var reader = Json.createReader(Files.newInputStream(endpoint()))) {
            port = reader.readObject().getInt("port");
        }
    }

    void restart() throws IOException, InterruptedException {
        close();
        start();
    }

    int port() {
        return port;
    }

    long pid() {
        return running.process().pid();
    }

    String token() throws IOException {
        return Files.readString(capstan.data().resolve("token")).strip();
    }

    String out() {
        return running.out() + running.err();
    }

    /** Everything that was answered so far. */
    String answered() {
        return String.join("\n", answered);
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", "/api/v1" + path, null, "Authorization", "Bearer " + token());
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send("DELETE", "/api/v1" + path, null, "Authorization", "Bearer " + token());
    }

    Answer post(String path) throws IOException, InterruptedException {
        return send("POST", "/api/v1" + path, null, "Authorization", "Bearer " + token());
    }

    Answer post(String path, String json) throws IOException, InterruptedException {
        return json("POST", path, json);
    }

    Answer patch(String path, String json) throws IOException, InterruptedException {
        return json("PATCH", path, json);
    }

    Answer put(String path, String json) throws IOException, InterruptedException {
        return json("PUT", path, json);
    }

    private Answer json(String method, String path, String json)
            throws IOException, InterruptedException {
        return send(
                method,
                "/api/v1" + path,
                json.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + token(),
                "Content-Type",
                "application/json");
    }

    Answer upload(byte[] file) throws IOException, InterruptedException {
        return send(
                "POST",
                "/api/v1/bundles?name=sent.jar",
                file,
                "Authorization",
                "Bearer " + token(),
                "Content-Type",
                "application/octet-stream");
    }

    Answer send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(90))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        answered.add(response.headers().map() + "\n" + response.body());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body(),
                response.headers());
    }

    /** Listens to what happens from now on; all of it counts as answered. */
    WebSocket listen() throws IOException {
        var begun = new CompletableFuture<String>();
        var socket =
                http.newWebSocketBuilder()
                        .header("Authorization", "Bearer " + token())
                        .subprotocols("capstan.v1")
                        .buildAsync(
                                URI.create("ws://127.0.0.1:" + port + "/api/v1/events"),
                                new WebSocket.Listener() {
                                    private final StringBuilder message = new StringBuilder();

                                    @Override
                                    public CompletionStage<?> onText(
                                            WebSocket socket, CharSequence text, boolean last) {
                                        message.append(text);
                                        if (last) {
                                            answered.add(message.toString());
                                            begun.complete(message.toString());
                                            message.setLength(0);
                                        }
                                        socket.request(1);
                                        return null;
                                    }
                                })
                        .join();
        begun.orTimeout(60, TimeUnit.SECONDS).join(); // what comes after the snapshot is heard
        return socket;
    }

    /** A request to the letter, as no client library lets one write it; gives the whole answer. */
    String raw(String head) throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout(30_000);
            var text = head.replace("\n", "\r\n") + "\r\nConnection: close\r\n\r\n";
            client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** As {@link Capstan#filesWith} finds them. */
    List<Path> filesWith(List<String> texts) throws IOException {
        return capstan.filesWith(texts);
    }

    @Override
    public void close() throws InterruptedException {
        var result = running.terminate();
        if (result.exit() != 0) {
            throw new AssertionError(result.toString());
        }
    }
}
