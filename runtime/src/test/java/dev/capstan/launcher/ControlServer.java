package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The host's end of the control socket, by the byte tables of its contract. */
final class ControlServer implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServerSocketChannel listening;

    ControlServer(Path socket) throws IOException {
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
    }

    /** What happens with one client. */
    interface Conversation {
        void hold(SocketChannel client) throws Exception;
    }

    /** Takes one client. */
    Future<?> serve(Conversation conversation) {
        Callable<Boolean> task =
                () -> {
                    try (var client = listening.accept()) {
                        conversation.hold(client);
                        return true;
                    }
                };
        return threads.submit(task);
    }

    /** Does something beside the test. */
    void meanwhile(Callable<?> task) {
        threads.submit(task);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }

    static ByteBuffer take(SocketChannel from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && from.read(bytes) >= 0) {}
        return bytes.flip();
    }

    static String takeText(SocketChannel from) throws IOException {
        return UTF_8.decode(take(from, take(from, 4).getInt())).toString();
    }

    /** Reads a request up to its words. */
    static List<String> takeWords(SocketChannel from) throws IOException {
        take(from, 4);
        takeText(from);
        take(from, 5);
        var words = new ArrayList<String>();
        for (var left = take(from, 4).getInt(); left > 0; left--) {
            words.add(takeText(from));
        }
        return words;
    }

    static void send(SocketChannel to, int type, byte[] payload) throws IOException {
        var frame = ByteBuffer.allocate(5 + payload.length);
        frame.put((byte) type).putInt(payload.length).put(payload).flip();
        while (frame.hasRemaining()) {
            to.write(frame);
        }
    }

    static void exit(SocketChannel to, int code) throws IOException {
        send(to, 3, ByteBuffer.allocate(4).putInt(code).array());
    }
}
