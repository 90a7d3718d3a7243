package dev.capstan.itest.play;

import dev.capstan.itest.Capstan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real browser whose page holds an audio element, driven over the DevTools protocol. */
final class Chromium implements Player, WebSocket.Listener {
    private static final Pattern PAGE =
            Pattern.compile("\"webSocketDebuggerUrl\":\\s*\"(ws://[^\"]+/page/[^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\\s*(-?[0-9.]+)");

    private final Program program;
    private final WebSocket socket;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private int calls;

    /** Starts it on a page of the stream's own origin, as a user interface would be. */
    Chromium(Path folder, String uri) throws IOException, InterruptedException {
        var profile = Files.createTempDirectory(folder, "chromium");
        program =
                Program.start(
                        folder,
                        List.of(
                                "chromium",
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--mute-audio",
                                "--no-first-run",
                                "--autoplay-policy=no-user-gesture-required",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + profile,
                                URI.create(uri).resolve("/").toString()));
        var port = profile.resolve("DevToolsActivePort");
        Capstan.await("a browser", () -> Files.exists(port) && !lines(port).isEmpty());
        var list = URI.create("http://127.0.0.1:" + lines(port).get(0) + "/json/list");
        var http = HttpClient.newHttpClient();
        var pages = http.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString()).body();
        var page = PAGE.matcher(pages);
        if (!page.find()) {
            throw new AssertionError(pages);
        }
        socket = http.newWebSocketBuilder().buildAsync(URI.create(page.group(1)), this).join();
        var loaded = "location.protocol == 'http:' && document.readyState == 'complete' ? 1 : 0";
        Capstan.await("the page", () -> evaluate(loaded) == 1);
        evaluate("window.tune = new Audio('" + uri + "'); tune.play(); 0");
    }

    @Override
    public double position() {
        return evaluate("tune.seeking || tune.readyState < 2 ? -1 : tune.currentTime");
    }

    @Override
    public void seek(double seconds) {
        evaluate("tune.currentTime = " + seconds);
    }

    @Override
    public boolean runs() {
        return program.runs();
    }

    /** The number a script ends with. */
    private double evaluate(String script) {
        var id = ++calls;
        socket.sendText(
                        "{\"id\":%d,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":\"%s\"}}"
                                .formatted(id, script.replace("\"", "\\\"")),
                        true)
                .join();
        try {
            for (var answer = next(); ; answer = next()) {
                if (answer.contains("\"id\":" + id + ",")) {
                    if (answer.contains("Cannot find default execution context")) {
                        return -1; // between two pages
                    }
                    var value = VALUE.matcher(answer);
                    if (!value.find()) {
                        throw new AssertionError(answer);
                    }
                    return Double.parseDouble(value.group(1));
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String next() throws InterruptedException {
        var answer = answers.poll(60, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("The browser does not answer: " + program.said());
        }
        return answer;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
        partial.append(text);
        if (isLast) {
            answers.add(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
        program.close();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
