package dev.capstan.transfer.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy of HTTP CONNECT or SOCKS5 on the loopback address. It tunnels as it is asked to, or does
 * what a script says. Everything that was said to it before a tunnel is kept.
 */
final class TestProxy implements AutoCloseable {

    /** What it does in place of a tunnel, after the first words of the client. */
    interface Script {
        void play(InputStream in, OutputStream out) throws IOException;
    }

    /** Where tunnels led, {@code host:port} as it was asked for. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** Whole requests for tunnels, or the name and password of SOCKS5. */
    final List<String> heard = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final boolean socks;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, InetAddress> names = new ConcurrentHashMap<>();
    private volatile String login = "";
    private volatile Script script;

    private TestProxy(boolean socks) {
        this.socks = socks;
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    static TestProxy http() {
        return new TestProxy(false);
    }

    static TestProxy socks() {
        return new TestProxy(true);
    }

    /** Wants {@code name:password}. */
    TestProxy login(String value) {
        login = value;
        return this;
    }

    TestProxy script(Script value) {
        script = value;
        return this;
    }

    /** Says the same to everybody. */
    TestProxy says(String text) {
        return script((in, out) -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Knows a name that nobody else knows. */
    TestProxy knows(String name) {
        names.put(name, InetAddress.getLoopbackAddress());
        return this;
    }

    int port() {
        return server.getLocalPort();
    }

    String url() {
        return (socks ? "socks5" : "http") + "://127.0.0.1:" + port();
    }

    /** With a name and password. */
    String url(String credentials) {
        return url().replace("://", "://" + credentials + "@");
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = client.getInputStream();
            var out = client.getOutputStream();
            if (script != null) {
                if (socks) {
                    in.readNBytes(in.readNBytes(2)[1]);
                } else {
                    head(in);
                }
                script.play(in, out);
                return;
            }
            var to = socks ? socks(new DataInputStream(in), out) : connect(in, out);
            if (to == null) {
                return;
            }
            try (var origin = new Socket(to.getAddress(), to.getPort())) {
                open.add(origin);
                origin.setTcpNoDelay(true);
                out.write(
                        socks
                                ? new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0}
                                : bytes("HTTP/1.1 200 Connection established\r\n\r\n"));
                daemon(() -> relay(origin, client));
                relay(client, origin);
            }
        } catch (IOException e) {
            // Somebody left.
        }
    }

    private InetSocketAddress connect(InputStream in, OutputStream out) throws IOException {
        var head = head(in);
        heard.add(head);
        if (!login.isEmpty()) {
            var pair = Base64.getEncoder().encodeToString(bytes(login));
            if (!head.contains("Proxy-Authorization: Basic " + pair + "\r\n")) {
                out.write(
                        bytes(
                                "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                                        + "Content-Length: 0\r\n\r\n"));
                return null;
            }
        }
        var place = head.split(" ")[1];
        asked.add(place);
        var colon = place.lastIndexOf(':');
        return address(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
    }

    private InetSocketAddress socks(DataInputStream in, OutputStream out) throws IOException {
        in.readByte();
        var methods = in.readNBytes(in.readByte());
        var wanted = login.isEmpty() ? 0 : 2;
        if (new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) < 0) {
            out.write(new byte[] {5, -1});
            return null;
        }
        out.write(new byte[] {5, (byte) wanted});
        if (wanted == 2) {
            in.readByte();
            var user = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            var pass = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            heard.add(user + ":" + pass);
            var right = login.equals(user + ":" + pass);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return null;
            }
        }
        in.readNBytes(3);
        var host =
                switch (in.readByte()) {
                    case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
                    case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
                    default ->
                            new String(
                                    in.readNBytes(in.readUnsignedByte()),
                                    StandardCharsets.ISO_8859_1);
                };
        var port = in.readUnsignedShort();
        asked.add(host + ":" + port);
        return address(host, port);
    }

    private InetSocketAddress address(String host, int port) throws IOException {
        var known = names.get(host);
        return new InetSocketAddress(known != null ? known : InetAddress.getByName(host), port);
    }

    private static void relay(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Gone it is.
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (var next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            var text = head.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith("\r\n\r\n")) {
                return text;
            }
        }
        throw new IOException("The client left");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "capstan-test-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
