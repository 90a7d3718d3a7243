package dev.capstan.itest.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.itest.Capstan;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A real browser, driven over the DevTools protocol. Each tab has a storage of its own, as if it
 * were another browser.
 */
final class Browser implements AutoCloseable, WebSocket.Listener {
    private static final String PROGRAM = "chromium";

    private final Process process;
    private final WebSocket socket;
    private final StringBuilder partial = new StringBuilder();
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> answers = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonObject>> listeners = new ConcurrentHashMap<>();

    /** Skips the test, and says so, where there is no browser; in CI there must be one. */
    static void needed() {
        var there =
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError(PROGRAM + " is not installed; install-tools does it");
        }
        assumeTrue(there, "skipped: " + PROGRAM + " is not installed");
    }

    Browser(Path folder) throws IOException, InterruptedException {
        var profile = Files.createTempDirectory(folder, PROGRAM);
        var builder =
                new ProcessBuilder(
                        PROGRAM,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--mute-audio",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--autoplay-policy=no-user-gesture-required",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank");
        builder.environment().put("HOME", profile.toString());
        builder.environment().put("XDG_RUNTIME_DIR", profile.toString());
        process =
                builder.redirectErrorStream(true)
                        .redirectOutput(profile.resolve("output").toFile())
                        .start();
        var told = profile.resolve("DevToolsActivePort");
        Capstan.await("a browser", () -> lines(told).size() > 1);
        var address = "ws://127.0.0.1:" + lines(told).get(0) + lines(told).get(1);
        socket =
                HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create(address), this)
                        .join();
    }

    /** A tab that looks at a page. */
    Tab open(String uri) {
        var context = call("", "Target.createBrowserContext", JsonObject.EMPTY_JSON_OBJECT);
        var target =
                call(
                        "",
                        "Target.createTarget",
                        Json.createObjectBuilder()
                                .add("url", "about:blank")
                                .add("browserContextId", context.getString("browserContextId"))
                                .build());
        var session =
                call(
                        "",
                        "Target.attachToTarget",
                        Json.createObjectBuilder()
                                .add("targetId", target.getString("targetId"))
                                .add("flatten", true)
                                .build());
        return new Tab(this, session.getString("sessionId"), uri);
    }

    /** Hears what happens in a session. */
    void listen(String session, Consumer<JsonObject> listener) {
        listeners.put(session, listener);
    }

    JsonObject call(String session, String method, JsonObject parameters) {
        var id = calls.incrementAndGet();
        var message =
                Json.createObjectBuilder()
                        .add("id", id)
                        .add("method", method)
                        .add("params", parameters);
        if (!session.isEmpty()) {
            message.add("sessionId", session);
        }
        var answer = new CompletableFuture<JsonObject>();
        answers.put(id, answer);
        synchronized (socket) {
            socket.sendText(message.build().toString(), true).join();
        }
        var told = answer.orTimeout(60, TimeUnit.SECONDS).join();
        if (told.containsKey("error")) {
            throw new AssertionError(method + ": " + told.get("error"));
        }
        return told.getJsonObject("result");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
        partial.append(text);
        if (isLast) {
            try (var reader = Json.createReader(new StringReader(partial.toString()))) {
                hear(reader.readObject());
            }
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void hear(JsonObject message) {
        if (message.containsKey("id")) {
            var waiting = answers.remove(message.getInt("id"));
            if (waiting != null) {
                waiting.complete(message);
            }
        } else {
            listeners.getOrDefault(message.getString("sessionId", ""), any -> {}).accept(message);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        call("", "Browser.close", JsonObject.EMPTY_JSON_OBJECT);
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
