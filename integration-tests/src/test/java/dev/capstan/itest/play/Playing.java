package dev.capstan.itest.play;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** A packaged host with a web server and the tests' own cipher, and what tests want of it. */
final class Playing implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");

    final Capstan capstan;
    final Control control;
    final HttpClient http = HttpClient.newHttpClient();
    private final Capstan.Running running;
    private final int port;

    Playing(Path root, String... options) throws IOException, InterruptedException {
        capstan = new Capstan(root);
        SealedBundle.write(capstan.data().resolve("bundles/sealed.jar"));
        running = capstan.startHost(options);
        control = new Control(capstan.data(), capstan.folder());
        var endpoint = Files.readString(capstan.data().resolve("run/endpoint.json"));
        var found = PORT.matcher(endpoint);
        if (!found.find()) {
            throw new AssertionError(endpoint);
        }
        port = Integer.parseInt(found.group(1));
        Capstan.await("the plug-in of the tests", () -> hosts().contains(SealedHost.SCHEME));
    }

    /** The stream link that {@code capstan play} prints. */
    URI play(String link) throws IOException {
        return URI.create(control.done("play", link).strip());
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    String token() throws IOException {
        return Files.readString(capstan.data().resolve("token")).strip();
    }

    HttpResponse<byte[]> get(URI uri, String... headers) throws IOException, InterruptedException {
        return send("GET", uri, headers);
    }

    HttpResponse<byte[]> send(String method, URI uri, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    String out() {
        return running.out();
    }

    /** Threads of the host that are in the middle of a stream. */
    long streams() {
        try {
            var dump = new ProcessBuilder("jcmd", pid(), "Thread.print").start();
            var text = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Pattern.compile("stream\\.Stream\\.run\\(").matcher(text).results().count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String pid() {
        // The script becomes the Java process, so they have one number.
        return Long.toString(running.process().pid());
    }

    private String hosts() {
        try {
            return control.done("hosts");
        } catch (IOException e) {
            throw new AssertionError(e);
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
