package dev.capstan.itest.rooms;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Somebody who has no key, and wants a room to end badly. Lets go of nothing until it is closed.
 */
final class Intruder implements AutoCloseable {
    private static final int WITHIN = 20_000;

    private final InetSocketAddress door;
    private final List<SocketChannel> held = new ArrayList<>();

    Intruder(InetSocketAddress door) {
        this.door = door;
    }

    /** A request for a WebSocket, up to where frames begin. */
    static byte[] upgrade(String path) {
        return ("GET "
                        + path
                        + " HTTP/1.1\r\nHost: room\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Noise, of any length, behind a beginning that is right. */
    static byte[] noise(byte[] beginning, long seed) {
        var noise = new byte[20_000];
        new Random(seed).nextBytes(noise);
        return join(beginning, noise);
    }

    /** Frames behind their lengths. */
    static byte[] frames(List<byte[]> frames) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        for (var frame : frames) {
            out.writeInt(frame.length);
            out.write(frame);
        }
        return bytes.toByteArray();
    }

    /** One byte string behind another. */
    static byte[] join(byte[] first, byte... second) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }

    /** Says something and listens until it is thrown out; gives what it heard. */
    String say(byte[] bytes) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(door, WITHIN);
            socket.setSoTimeout(WITHIN);
            var heard = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(bytes);
                socket.getInputStream().transferTo(heard);
            } catch (java.net.SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                // Thrown out while it was still talking.
            }
            return heard.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** Connects so many times and says nothing. */
    void lurk(int times) throws IOException {
        for (var i = 0; i < times; i++) {
            var channel = SocketChannel.open();
            held.add(channel);
            channel.configureBlocking(false);
            channel.connect(door);
        }
    }

    /** Says something as often as it is taken, and never reads what is answered. */
    void talk(byte[] beginning, byte[] again) throws IOException {
        var channel = SocketChannel.open();
        held.add(channel);
        channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 2_048);
        channel.connect(door);
        try {
            channel.write(ByteBuffer.wrap(beginning));
            channel.configureBlocking(false);
            for (var i = 0; i < 10_000; i++) {
                channel.write(ByteBuffer.wrap(again));
            }
        } catch (IOException e) {
            // It was thrown out.
        }
    }

    @Override
    public void close() throws IOException {
        for (var channel : held) {
            channel.close();
        }
    }
}
