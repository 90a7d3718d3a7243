package dev.capstan.itest.stranger;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server on raw sockets that shows one behaviour. It shares no code with any other test server of
 * this project, so that one misreading of HTTP cannot hide in both.
 */
final class Stranger implements AutoCloseable {
    private final Case shown;
    private final Content content;
    private final Content other;
    private final ServerSocket home = listen();
    private final ServerSocket elsewhere = listen();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answering = new AtomicInteger();
    private final CountDownLatch firstOver = new CountDownLatch(1);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private volatile boolean turned;
    private final Queue<String> trespasses = new ConcurrentLinkedQueue<>();

    Stranger(Case shown, int number) throws IOException {
        this.shown = shown;
        content = Content.of(2 * number, shown.size());
        other = Content.of(2 * number + 1, shown.size());
        start("accept", () -> accept(home));
        start("accept", () -> accept(elsewhere));
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    Case shown() {
        return shown;
    }

    /** The file. */
    Content content() {
        return content;
    }

    /** Another version of the file, of the same size. */
    Content other() {
        return other;
    }

    String authority() {
        return "127.0.0.1:" + home.getLocalPort();
    }

    /** Another origin, with the same behaviour. */
    String elsewhere() {
        return "127.0.0.1:" + elsewhere.getLocalPort();
    }

    /** The link, and what belongs to it, as a list of links has them. */
    List<String> linkLines(Path folder) {
        var lines = new ArrayList<String>();
        lines.add("http://" + authority() + shown.path());
        lines.add("  dir=" + folder);
        for (var option : shown.options()) {
            lines.add("  " + option.replace("SHA256", content.sha256()));
        }
        return lines;
    }

    /** From now on the server is as it will be after the downloader's restart. */
    void turn() {
        turned = true;
    }

    boolean isTurned() {
        return turned;
    }

    /** Requests that came. */
    int calls() {
        return calls.get();
    }

    /** Answers that are under way. */
    int answering() {
        return answering.get();
    }

    /** Is open once the downloader needs no more of the first answer. */
    CountDownLatch firstOver() {
        return firstOver;
    }

    /** First lines and ranges of the requests, for the message of a failed test. */
    List<String> log() {
        return log;
    }

    /** What the downloader did and must never do. */
    Queue<String> trespasses() {
        return trespasses;
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                var connection = socket.accept();
                open.add(connection);
                start("talk", () -> talk(connection));
            }
        } catch (IOException e) {
            // The server is closed.
        }
    }

    private void talk(Socket connection) {
        var hadFirst = false;
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedInputStream(connection.getInputStream());
            while (true) {
                var request = Request.read(in);
                if (request == null) {
                    break;
                }
                if (hadFirst) {
                    firstOver.countDown();
                }
                var call = new Call(this, request, calls.incrementAndGet(), connection);
                log.add(request.line() + " " + request.header("Range").orElse(""));
                hadFirst |= call.isFirst();
                answering.incrementAndGet();
                try {
                    shown.behaviour().answer(call);
                } finally {
                    answering.decrementAndGet();
                }
                if (!call.isKept()) {
                    break;
                }
            }
        } catch (IOException e) {
            // The downloader went away, as it may.
        } finally {
            open.remove(connection);
            if (hadFirst) {
                firstOver.countDown();
            }
        }
    }

    private void start(String what, Runnable task) {
        var thread = new Thread(task, "capstan-stranger-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        home.close();
        elsewhere.close();
        for (var connection : open) {
            connection.close();
        }
    }
}
