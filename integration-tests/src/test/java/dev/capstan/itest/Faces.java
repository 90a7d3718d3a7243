package dev.capstan.itest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * Asks a running host for its downloads all the while, over its control socket, over REST and over
 * its WebSocket, and notes how long each answer took. Closing it ends the asking.
 */
final class Faces implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("\"port\":(\\d+)");
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<Asker> askers;
    private volatile boolean closed;

    Faces(Path data, Control control) throws IOException {
        var endpoint = PORT.matcher(Files.readString(data.resolve("run/endpoint.json")));
        if (!endpoint.find()) {
            throw new AssertionError("No port: " + endpoint);
        }
        var authority = "127.0.0.1:" + endpoint.group(1);
        var token = "Bearer " + Files.readString(data.resolve("token")).strip();
        var list =
                HttpRequest.newBuilder(
                                URI.create("http://" + authority + "/api/v1/downloads?limit=50"))
                        .header("Authorization", token)
                        .timeout(Duration.ofMinutes(1))
                        .build();
        var http = HttpClient.newHttpClient();
        var snapshots = new Snapshots();
        var socket =
                http.newWebSocketBuilder()
                        .header("Authorization", token)
                        .buildAsync(URI.create("ws://" + authority + "/api/v1/events"), snapshots)
                        .join();
        askers =
                List.of(
                        new Asker("ls", () -> control.done("ls")),
                        new Asker(
                                "GET",
                                () -> {
                                    var answer = http.send(list, BodyHandlers.ofString());
                                    if (answer.statusCode() != 200) {
                                        throw new IOException(answer + " " + answer.body());
                                    }
                                }),
                        new Asker("WebSocket", () -> snapshots.ask(socket)));
        askers.forEach(Thread::start);
    }

    private interface Question {
        void ask() throws IOException, InterruptedException;
    }

    /** Wants to hear of something else each time, and waits for the snapshot that follows. */
    private static final class Snapshots implements WebSocket.Listener {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final StringBuilder message = new StringBuilder();
        private boolean wantsAll;

        void ask(WebSocket socket) throws IOException, InterruptedException {
            wantsAll = !wantsAll;
            var wanted = wantsAll ? "\"all\"" : "[]";
            socket.sendText("{\"type\":\"subscribe\",\"downloads\":" + wanted + "}", true).join();
            if (told.poll(1, TimeUnit.MINUTES) == null) {
                throw new IOException("No snapshot for a minute");
            }
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            message.append(text);
            if (last) {
                if (message.indexOf("\"type\":\"snapshot\"") >= 0) {
                    told.add(message.toString());
                }
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    private final class Asker extends Thread {
        private final Question question;
        private final List<Long> nanos = new ArrayList<>();
        private Exception failure;

        private Asker(String name, Question question) {
            super(name);
            this.question = question;
        }

        @Override
        public void run() {
            try {
                while (!closed) {
                    var begin = System.nanoTime();
                    question.ask();
                    nanos.add(System.nanoTime() - begin);
                    LockSupport.parkNanos(PAUSE);
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                failure = e;
            }
        }
    }

    /** Ends the asking; gives the slowest of a hundred answers, of each face. */
    List<Duration> p99() throws InterruptedException {
        closed = true;
        var slow = new ArrayList<Duration>();
        for (var asker : askers) {
            asker.join();
            if (asker.failure != null) {
                throw new AssertionError(asker.getName() + " was not answered", asker.failure);
            }
            asker.nanos.sort(null);
            slow.add(Duration.ofNanos(asker.nanos.get(asker.nanos.size() * 99 / 100)));
            System.out.printf(
                    "%s: %d answers, p50 %d ms, p99 %d ms, slowest %d ms%n",
                    asker.getName(),
                    asker.nanos.size(),
                    asker.nanos.get(asker.nanos.size() / 2) / 1_000_000,
                    slow.get(slow.size() - 1).toMillis(),
                    asker.nanos.get(asker.nanos.size() - 1) / 1_000_000);
        }
        return slow;
    }

    @Override
    public void close() {
        closed = true;
    }
}
