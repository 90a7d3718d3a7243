package dev.capstan.admin.shell.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A server on loopback that has one file and no manners. It is slow for each connection, and as the
 * file goes out it cuts connections, refuses, lies about what it sends, falls silent, and dies for
 * a moment; each once, at a fixed share of the file.
 *
 * <p>A thread accepts, and each connection has one. What it did is told by {@link #story}.
 */
public final class DemoOrigin implements AutoCloseable {
    private static final int BYTES_A_SECOND = 1 << 20;
    private static final int TICK_MILLIS = 20;
    private static final int CHUNK = BYTES_A_SECOND / 1000 * TICK_MILLIS;
    private static final int REFUSED_REQUESTS = 2;
    private static final int SILENT_CONNECTIONS = 2;
    private static final long DEAD_MILLIS = 1_500;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final DemoFile file;
    private final InetSocketAddress address;
    private final ExecutorService threads;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> story = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final List<Trouble> ahead = new ArrayList<>(List.of(Trouble.values()));
    private ServerSocket listener;
    private int toRefuse;
    private int toSilence;
    private boolean lies;

    /** What it does, in this order, each when so many hundredths of the file have gone out. */
    private enum Trouble {
        SILENCE(15),
        LIE(30),
        CUT(50),
        DEATH(75);

        private final int percent;

        Trouble(int percent) {
            this.percent = percent;
        }
    }

    /** Opens it on a free port. */
    public DemoOrigin(DemoFile file) throws IOException {
        this.file = file;
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        address = (InetSocketAddress) listener.getLocalSocketAddress();
        threads =
                Executors.newCachedThreadPool(
                        work -> {
                            var thread = new Thread(work, "capstan-demo");
                            thread.setDaemon(true);
                            return thread;
                        });
        accept(listener);
    }

    /** The file's link. */
    public String link() {
        return "http://127.0.0.1:" + address.getPort() + "/" + DemoFile.NAME;
    }

    /** Bytes of the file that went out so far, again and again where they were asked for again. */
    public long sent() {
        return sent.get();
    }

    /** What it has done since it was last asked, in order. */
    public List<String> story() {
        var lines = new ArrayList<String>();
        for (var line = story.poll(); line != null; line = story.poll()) {
            lines.add(line);
        }
        return lines;
    }

    @Override
    public synchronized void close() throws IOException {
        closed.countDown();
        die();
        threads.shutdownNow();
    }

    private void accept(ServerSocket at) {
        threads.execute(
                () -> {
                    while (!at.isClosed()) {
                        try {
                            var socket = at.accept();
                            open.add(socket);
                            threads.execute(() -> serve(socket));
                        } catch (IOException e) {
                            return; // closed: it died, or the demonstration is over
                        }
                    }
                });
    }

    private void serve(Socket socket) {
        try (socket;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            var out = socket.getOutputStream();
            while (answer(in, socket, out)) {
                out.flush();
            }
        } catch (IOException e) {
            // The other side left, or this one cut it: either is what it is here for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** Answers one request; false at the end of the connection. */
    private boolean answer(BufferedReader in, Socket socket, OutputStream out)
            throws IOException, InterruptedException {
        var request = in.readLine();
        if (request == null) {
            return false;
        }
        var from = 0L;
        var to = DemoFile.SIZE;
        var part = false;
        for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            var range = RANGE.matcher(line);
            if (line.regionMatches(true, 0, "Range:", 0, 6) && range.find()) {
                part = true;
                from = Long.parseLong(range.group(1));
                var last = range.group(2);
                to = last.isEmpty() ? to : Math.min(to, Long.parseLong(last) + 1);
            }
        }
        if (isRefused()) {
            head(out, "503 Service Unavailable", "Retry-After: 1", 0);
            return true;
        }
        if (part) {
            var shift = isLie() ? 4096 : 0;
            var shown = "bytes " + (from + shift) + "-" + (to - 1) + "/" + DemoFile.SIZE;
            head(out, "206 Partial Content", "Content-Range: " + shown, to - from - shift);
        } else {
            head(out, "200 OK", "Accept-Ranges: bytes", to - from);
        }
        return request.startsWith("HEAD ") || send(from, to, socket, out);
    }

    private static void head(OutputStream out, String status, String header, long length)
            throws IOException {
        var text =
                "HTTP/1.1 %s\r\nETag: \"demo\"\r\n%s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(status, header, length);
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private boolean send(long from, long to, Socket socket, OutputStream out)
            throws IOException, InterruptedException {
        var chunk = new byte[CHUNK];
        for (var position = from; position < to; ) {
            var length = (int) Math.min(chunk.length, to - position);
            file.read(position, chunk, length);
            out.write(chunk, 0, length);
            position += length;
            if (isSilent(sent.addAndGet(length))) {
                closed.await(); // it never says another word here
                return false;
            }
            if (socket.isClosed() || closed.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private synchronized boolean isRefused() {
        if (toRefuse == 0) {
            return false;
        }
        toRefuse--;
        story.add("refuses: 503 Service Unavailable, come back in a second");
        return true;
    }

    private synchronized boolean isLie() {
        if (!lies) {
            return false;
        }
        lies = false;
        story.add("lies: sends another part of the file than it was asked for");
        return true;
    }

    /** Does what is due by now; true where this connection is one to fall silent. */
    private synchronized boolean isSilent(long total) throws IOException {
        while (!ahead.isEmpty() && total >= DemoFile.SIZE / 100 * ahead.get(0).percent) {
            begin(ahead.remove(0));
        }
        if (toSilence == 0) {
            return false;
        }
        toSilence--;
        story.add("stalls: a connection stays open and says nothing more");
        return true;
    }

    private void begin(Trouble trouble) throws IOException {
        switch (trouble) {
            case CUT -> {
                story.add("cuts all its connections in the middle of their bytes: " + cut());
                toRefuse = REFUSED_REQUESTS;
            }
            case LIE -> lies = true;
            case SILENCE -> toSilence = SILENT_CONNECTIONS;
            case DEATH -> {
                story.add("dies: its port is closed, its connections are gone");
                die();
                threads.execute(this::rise);
            }
        }
    }

    private int cut() {
        var cut = 0;
        for (var socket : open) {
            try {
                socket.setSoLinger(true, 0); // a reset, as from a machine that crashed
                socket.close();
                cut++;
            } catch (IOException e) {
                // It ended by itself just now.
            }
        }
        return cut;
    }

    private void die() throws IOException {
        listener.close();
        cut();
    }

    private void rise() {
        try {
            if (closed.await(DEAD_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            synchronized (this) {
                listener = new ServerSocket();
                listener.setReuseAddress(true);
                listener.bind(address);
                story.add("is back");
                accept(listener);
            }
        } catch (IOException e) {
            story.add("does not come back: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
