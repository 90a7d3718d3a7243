package dev.capstan.room.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Somebody who speaks HTTP and WebSocket by hand, well or badly. */
final class Stranger implements Closeable {
    private final Socket socket;
    private final DataInputStream in;

    Stranger(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Asks to be upgraded; gives the whole head of the answer. */
    String upgrade(String path, String... headers) throws IOException {
        return ask(
                path,
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + String.join("", headers));
    }

    String ask(String path, String headers) throws IOException {
        write(
                ("GET " + path + " HTTP/1.1\r\nHost: room\r\n" + headers + "\r\n")
                        .getBytes(ISO_8859_1));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** The head of a frame, as a client must send it: masked, with a mask that changes nothing. */
    void head(int first, long length) throws IOException {
        var head = ByteBuffer.allocate(14).put((byte) first);
        if (length < 126) {
            head.put((byte) (0x80 | length));
        } else {
            head.put((byte) 0xff).putLong(length);
        }
        write(head.putInt(0).flip());
    }

    void write(byte... bytes) throws IOException {
        write(ByteBuffer.wrap(bytes));
    }

    private void write(ByteBuffer bytes) throws IOException {
        socket.getOutputStream().write(bytes.array(), 0, bytes.limit());
    }

    /** The first byte of the next frame, whose payload is dropped; negative at the end. */
    int next() throws IOException {
        int first = in.read();
        if (first >= 0) {
            in.readNBytes(in.readUnsignedByte());
        }
        return first;
    }

    /** Whether the connection is ended, however that shows. */
    boolean isEnded() {
        try {
            while (true) {
                if (in.read() < 0) {
                    return true;
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether the connection is ended while a header that has no end comes slowly. */
    boolean isEndedDripping(Duration pause) throws IOException {
        write("GET / HTTP/1.1\r\nHost: ".getBytes(ISO_8859_1));
        socket.setSoTimeout(Math.toIntExact(pause.toMillis()));
        for (var i = 0; i < 60; i++) {
            try {
                write((byte) 'x');
                if (in.read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                // Nothing came; the next byte goes.
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    /** All there is until the end. */
    String rest() throws IOException {
        var rest = new ByteArrayOutputStream();
        in.transferTo(rest);
        return rest.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
