package dev.capstan.admin.shell.socket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The other end of the control socket, byte for byte. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    final StringBuilder out = new StringBuilder();
    final StringBuilder err = new StringBuilder();

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    static byte[] request(Path folder, int columns, int terminals, String... words)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        var data = new DataOutputStream(bytes);
        data.writeInt(0x43415031);
        text(data, folder.toString());
        data.writeInt(columns);
        data.writeByte(terminals);
        data.writeInt(words.length);
        for (var word : words) {
            text(data, word);
        }
        return bytes.toByteArray();
    }

    void send(byte... bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void ask(Path folder, String... words) throws IOException {
        send(request(folder, 0, 0, words));
    }

    void frame(int type, int length, byte... payload) throws IOException {
        var frame = ByteBuffer.allocate(5 + payload.length);
        send(frame.put((byte) type).putInt(length).put(payload).array());
    }

    void input(String text) throws IOException {
        var bytes = text.getBytes(UTF_8);
        frame(0, bytes.length, bytes);
    }

    void interrupt() throws IOException {
        frame(1, 0);
    }

    /** Reads frames to the exit code. */
    int exit() throws IOException {
        while (true) {
            var header = read(5);
            var type = header.get();
            var payload = read(header.getInt());
            switch (type) {
                case 1 -> out.append(UTF_8.decode(payload));
                case 2 -> err.append(UTF_8.decode(payload));
                case 3 -> {
                    return payload.getInt();
                }
                default -> throw new IOException("type " + type);
            }
        }
    }

    /** Reads the one frame that is a question. */
    String question() throws IOException {
        var header = read(5);
        if (header.get() != 4) {
            throw new IOException("no question");
        }
        return UTF_8.decode(read(header.getInt())).toString();
    }

    /** Reads frames until something was said. */
    String wordsUpTo(String what) throws IOException {
        var words = new StringBuilder();
        while (words.indexOf(what) < 0) {
            var header = read(5);
            header.get();
            words.append(UTF_8.decode(read(header.getInt())));
        }
        return words.toString();
    }

    /** Whether the other side closed the connection without a further byte. */
    boolean isDropped() throws IOException {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            return true; // reset, since it did not read all of what was sent
        }
    }

    void shutOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private ByteBuffer read(int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("closed");
            }
        }
        return bytes.flip();
    }

    private static void text(DataOutputStream data, String text) throws IOException {
        var bytes = text.getBytes(UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }
}
