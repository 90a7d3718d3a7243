package dev.capstan.tck;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One accepted connection: reads requests, writes bytes, ends in the scripted way. */
final class Connection {
    private static final int MOST_HEAD = 1 << 20;

    private final int number;
    private final Socket tcp;
    private final Socket socket;
    private final InetAddress peer;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;

    /** A connection over {@code socket}, which is {@code tcp} itself or TLS upon it. */
    Connection(int number, Socket tcp, Socket socket) {
        this.number = number;
        this.tcp = tcp;
        this.socket = socket;
        peer = tcp.getInetAddress();
    }

    int number() {
        return number;
    }

    /** The address at the other end, also after the end. */
    InetAddress peer() {
        return peer;
    }

    /** The next request, or null when the peer has closed. */
    @Nullable Request read() throws IOException {
        if (in == null) {
            in = new BufferedInputStream(socket.getInputStream());
        }
        var first = line(in);
        if (first == null) {
            return null;
        }
        var parts = first.split(" ", 3);
        if (parts.length != 3) {
            throw new IOException("Not a request line: " + first);
        }
        var headers = new LinkedHashMap<String, List<String>>();
        for (var line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            var colon = line.indexOf(':');
            headers.computeIfAbsent(
                            line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT),
                            name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        var length = headers.getOrDefault("content-length", List.of("0")).get(0);
        var body = in.readNBytes(Integer.parseInt(length));
        return new Request(parts[0], parts[1], headers, body);
    }

    record Request(String method, String target, Map<String, List<String>> headers, byte[] body) {}

    void write(byte[] bytes, int from, int count) throws IOException {
        if (out == null) {
            out = socket.getOutputStream();
        }
        out.write(bytes, from, count);
        out.flush();
    }

    /** Blocks until the peer ends the connection. */
    void awaitPeerClose() throws IOException {
        var block = new byte[1024];
        while (socket.getInputStream().read(block) >= 0) {
            // What is sent meanwhile is of no interest.
        }
    }

    /** Ends the connection as a good server does. */
    void end() throws IOException {
        if (socket instanceof SSLSocket) {
            socket.close();
        }
        close();
    }

    /** Ends the TCP connection in order; TLS is not told. */
    void close() throws IOException {
        tcp.close();
    }

    void reset() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    boolean isClosed() {
        return tcp.isClosed();
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new EOFException("The peer left in the middle of a request");
            }
            if (line.size() > MOST_HEAD) {
                throw new IOException("A request line without end");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
