package dev.capstan.itest.events;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A packaged host and the ways to its event face. */
final class Face implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");

    final Capstan capstan;
    final Control control;
    final int port;
    final String token;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Capstan.Running running;

    Face(Path root, String... options) throws IOException, InterruptedException {
        capstan = new Capstan(root);
        running = capstan.startHost(options);
        control = new Control(capstan.data(), capstan.folder());
        var endpoint = Files.readString(capstan.data().resolve("run/endpoint.json"));
        var found = PORT.matcher(endpoint);
        if (!found.find()) {
            throw new AssertionError(endpoint);
        }
        port = Integer.parseInt(found.group(1));
        token = Files.readString(capstan.data().resolve("token")).strip();
    }

    long pid() {
        // The script becomes the Java process, so they have one number.
        return running.process().pid();
    }

    /** A client that reads, and has said what it wants. */
    Client listen(String wanted) {
        return Client.connect(http, port, token, wanted);
    }

    /** A client that wants everything from now on, and has its snapshot. */
    Client listen() throws InterruptedException {
        var client = listen("{\"type\":\"subscribe\",\"downloads\":\"all\"}");
        client.await("snapshot");
        return client;
    }

    /** What a server says to a request to be upgraded with these lines in its head. */
    String knock(String... lines) throws IOException {
        try (var socket = upgrade(lines)) {
            return head(socket);
        }
    }

    /** Asks to be upgraded, and reads nothing. */
    Socket upgrade(String... lines) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        var request = new StringBuilder("GET /api/v1/events HTTP/1.1\r\n");
        if (!String.join("\n", lines).contains("Host: ")) {
            request.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        request.append("Upgrade: websocket\r\nConnection: Upgrade\r\n")
                .append("Sec-WebSocket-Version: 13\r\n")
                .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (var line : lines) {
            request.append(line).append("\r\n");
        }
        write(socket, request + "\r\n");
        return socket;
    }

    static String head(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("Ended after " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    String bearer() {
        return "Authorization: Bearer " + token;
    }

    /** Adds links that wait for somebody to resume them. */
    void addPaused(String urls) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/downloads"))
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"urls\":[" + urls + "],\"paused\":true}"))
                        .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
    }

    /** Connections that the server has not ended, as the system knows them. */
    long connections() {
        var local = String.format(":%04X", port);
        try (var four = Files.lines(Path.of("/proc/net/tcp"));
                var six = Files.lines(Path.of("/proc/net/tcp6"))) {
            return Stream.concat(four, six)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(field -> field[1].endsWith(local) && field[3].equals("01"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
