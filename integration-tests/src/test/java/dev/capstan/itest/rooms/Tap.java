package dev.capstan.itest.rooms;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire between the members of a room over {@code tcp} and its maker that somebody listens to, and
 * who says things again on it. Members take it for the maker.
 */
final class Tap implements AutoCloseable {
    private final ServerSocket server;
    private final InetSocketAddress maker;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** One member's connection. */
    static final class Line {
        private final List<byte[]> said = new ArrayList<>();
        private final DataOutputStream toMaker;

        private Line(DataOutputStream toMaker) {
            this.toMaker = toMaker;
        }

        /** What the member said so far: whole frames, without their lengths. */
        synchronized List<byte[]> said() {
            return List.copyOf(said);
        }

        private synchronized void pass(byte[] frame) throws IOException {
            said.add(frame);
            send(frame);
        }

        /** Says the last frames once more. */
        synchronized void again(int frames) throws IOException {
            for (var frame : said.subList(Math.max(0, said.size() - frames), said.size())) {
                send(frame);
            }
        }

        private void send(byte[] frame) throws IOException {
            toMaker.writeInt(frame.length);
            toMaker.write(frame);
            toMaker.flush();
        }

        private synchronized void sign() throws IOException {
            toMaker.writeInt(-1);
            toMaker.flush();
        }
    }

    Tap(InetAddress here, InetAddress maker) throws IOException {
        server = new ServerSocket(0, 50, here);
        this.maker = new InetSocketAddress(maker, server.getLocalPort());
        daemon(this::accept);
    }

    /** The same on both ends of the wire. */
    int port() {
        return server.getLocalPort();
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    private void accept() throws IOException {
        while (true) {
            var member = server.accept();
            sockets.add(member);
            var up = new Socket();
            sockets.add(up);
            try {
                up.connect(maker, 5_000);
            } catch (IOException e) {
                member.close(); // the maker does not listen yet
                continue;
            }
            var line = new Line(new DataOutputStream(up.getOutputStream()));
            lines.add(line);
            daemon(() -> up(member, up, line));
            daemon(
                    () -> {
                        up.getInputStream().transferTo(member.getOutputStream());
                        member.shutdownOutput();
                    });
        }
    }

    private static void up(Socket member, Socket up, Line line) throws IOException {
        try (up) {
            var in = new DataInputStream(member.getInputStream());
            while (true) {
                var length = in.readInt();
                if (length < 0) {
                    line.sign();
                } else {
                    line.pass(in.readNBytes(length));
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private void daemon(Work work) {
        var thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (IOException e) {
                                // One of both sides is gone, and the other hears of it.
                            }
                        },
                        "tap-" + port());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
