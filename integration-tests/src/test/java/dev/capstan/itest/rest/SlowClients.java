package dev.capstan.itest.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Connections that never send a whole request: nothing at all, a head or a body byte by byte. */
final class SlowClients implements AutoCloseable {

    /** What each sends at once; the first two go on by a byte at a time, the others do not. */
    private final List<String> beginnings;

    private final InetSocketAddress server;
    private final ByteBuffer answer = ByteBuffer.allocate(4096);
    private final List<SocketChannel> sending = new ArrayList<>();
    private final List<SocketChannel> silent = new ArrayList<>();

    SlowClients(int port, String token) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        var head = "GET /api/v1/stats HTTP/1.1\r\nHost: localhost:" + port + "\r\nX-Slow: ";
        var body =
                "POST /api/v1/downloads HTTP/1.1\r\nHost: localhost:"
                        + port
                        + "\r\nAuthorization: Bearer "
                        + token
                        + "\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n{\"";
        beginnings = List.of(head, body, body, "");
    }

    /** Opens one more of them, each of another kind than the one before. */
    void open(int number) throws IOException {
        var kind = number % beginnings.size();
        var channel = SocketChannel.open(server);
        channel.write(ByteBuffer.wrap(beginnings.get(kind).getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        (kind < 2 ? sending : silent).add(channel);
    }

    /** Another byte from each that still sends. */
    void sendOn() throws IOException {
        for (var client : List.of(sending, silent)) {
            for (Iterator<SocketChannel> each = client.iterator(); each.hasNext(); ) {
                var channel = each.next();
                if (isClosed(channel, client == sending)) {
                    channel.close();
                    each.remove();
                }
            }
        }
    }

    private boolean isClosed(SocketChannel channel, boolean sends) {
        try {
            if (sends) {
                channel.write(ByteBuffer.wrap(new byte[] {'x'}));
            }
            return channel.read(answer.clear()) < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Those that the server has not closed. */
    int left() {
        return sending.size() + silent.size();
    }

    @Override
    public void close() throws IOException {
        for (var channel : sending) {
            channel.close();
        }
        for (var channel : silent) {
            channel.close();
        }
    }
}
