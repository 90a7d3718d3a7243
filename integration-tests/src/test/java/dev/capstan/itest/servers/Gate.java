package dev.capstan.itest.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The link between a client and a server, as a relay on the loopback address: it can be slow, it
 * can be shut at a byte, and it can be cut. What the server sends is counted where it passes. Safe
 * for any number of threads; two threads for each connection end with it.
 */
final class Gate implements AutoCloseable {
    private static final int BLOCK = 16 << 10;

    private final ServerSocket door;
    private final int target;
    private final long bytesPerSecond;
    private final Set<Socket> sockets = new HashSet<>();
    private long room;
    private long passed;
    private int open;
    private int mostOpen;

    private Gate(int target, long room, long bytesPerSecond) throws IOException {
        this.target = target;
        this.room = room;
        this.bytesPerSecond = bytesPerSecond;
        door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        run("door", this::accept);
    }

    /** Lets so many bytes pass from the server, heads included, and then none until it opens. */
    static Gate shutAfter(int port, long bytes) throws IOException {
        return new Gate(port, bytes, Long.MAX_VALUE);
    }

    /** Lets each connection have so much. */
    static Gate slow(int port, long bytesPerSecond) throws IOException {
        return new Gate(port, Long.MAX_VALUE, bytesPerSecond);
    }

    int port() {
        return door.getLocalPort();
    }

    synchronized boolean isShut() {
        return room == 0;
    }

    synchronized long passed() {
        return passed;
    }

    /** Most connections that were there at a time. */
    synchronized int mostOpen() {
        return mostOpen;
    }

    synchronized void open() {
        room = Long.MAX_VALUE;
        notifyAll();
    }

    /** Ends all connections that there are, from both ends. */
    synchronized void cut() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }

    private void accept() throws IOException {
        while (true) {
            var client = door.accept();
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            synchronized (this) {
                sockets.add(client);
                sockets.add(server);
                mostOpen = Math.max(mostOpen, ++open);
            }
            run("asks", () -> copy(client, server, false));
            run("answers", () -> answers(server, client));
        }
    }

    private void answers(Socket server, Socket client) throws IOException {
        try (server;
                client) {
            copy(server, client, true);
        } finally {
            synchronized (this) {
                open--;
                sockets.remove(server);
                sockets.remove(client);
            }
        }
    }

    private void copy(Socket from, Socket to, boolean counts) throws IOException {
        var block = new byte[BLOCK];
        var begin = System.nanoTime();
        var sent = 0L;
        int count;
        while ((count = from.getInputStream().read(block)) > 0) {
            for (var at = 0; at < count; ) {
                var step = counts ? pass(from, count - at) : count - at;
                to.getOutputStream().write(block, at, step);
                at += step;
                sent += step;
            }
            if (counts && bytesPerSecond != Long.MAX_VALUE) {
                await(from, begin + sent * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
            }
        }
        to.shutdownOutput();
    }

    /** Waits until some of so many bytes may pass. */
    private synchronized int pass(Socket from, int count) throws IOException {
        while (room == 0) {
            await(from);
        }
        var step = (int) Math.min(room, count);
        room -= room == Long.MAX_VALUE ? 0 : step;
        passed += step;
        return step;
    }

    private synchronized void await(Socket from, long time) throws IOException {
        for (var left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (from.isClosed()) {
                throw new IOException("Cut");
            }
        }
    }

    private void await(Socket from) throws IOException {
        if (from.isClosed()) {
            throw new IOException("Cut");
        }
        try {
            wait();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void run(String what, Work work) {
        var thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException e) {
                                // One side has left, or the gate was closed.
                            }
                        },
                        "capstan-gate-" + target + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
