package dev.capstan.itest.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between browsers and a host. All passes through, but for event sockets: they can be
 * refused, held up, and cut off, as proxies and bad networks do.
 */
final class Gate implements AutoCloseable {
    private static final String EVENTS = "GET /api/v1/events ";
    private static final int BLOCK = 1 << 16;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        var thread = new Thread(task, "gate");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> events = ConcurrentHashMap.newKeySet();
    private volatile boolean isShut;
    private volatile CountDownLatch held = new CountDownLatch(0);

    Gate(int target) throws IOException {
        this.target = target;
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on no event socket is let through. */
    Gate refuse() {
        isShut = true;
        return this;
    }

    /** Cuts the event sockets that are open; new ones wait until they are let through. */
    void cut() throws IOException {
        held = new CountDownLatch(1);
        for (var socket : events) {
            socket.close();
        }
    }

    void letThrough() {
        held.countDown();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                sockets.add(client);
                threads.execute(() -> pass(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void pass(Socket client) {
        try (client) {
            var first = new byte[BLOCK];
            var length = client.getInputStream().read(first);
            if (length < 0) {
                return;
            }
            if (new String(first, 0, length, StandardCharsets.ISO_8859_1).startsWith(EVENTS)) {
                held.await();
                if (isShut) {
                    return;
                }
                events.add(client);
            }
            try (var host = new Socket(InetAddress.getLoopbackAddress(), target)) {
                sockets.add(host);
                host.getOutputStream().write(first, 0, length);
                threads.execute(() -> copy(host, client));
                copy(client, host);
            }
        } catch (IOException e) {
            // one of both is gone, and so is the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            pour(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            // one of both is gone, and so is the other
        }
    }

    private static void pour(InputStream in, OutputStream out) throws IOException {
        var block = new byte[BLOCK];
        for (int length; (length = in.read(block)) >= 0; ) {
            out.write(block, 0, length);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        letThrough();
        for (var socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
