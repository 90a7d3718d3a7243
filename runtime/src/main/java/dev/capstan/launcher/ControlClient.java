package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The client's end of the control socket: sends a command to the host that runs, copies what it
 * answers to this process's streams, and gives back its exit code.
 *
 * <p>Threads: one calls {@link #run}; any may call {@link #interrupt} meanwhile, and a third, made
 * here, sends standard input. The lock keeps the frames they write apart, so it is held while one
 * is written. The channel itself is read and written, since the streams the JDK makes of a channel
 * cannot be read and written at once.
 */
final class ControlClient implements AutoCloseable, Ending.Work {

    /** The first bytes of every connection: the protocol and its version. */
    private static final int MAGIC = 0x43415031;

    private static final int LARGEST_PAYLOAD = 65_536;
    private static final int LARGEST_STRING = 1 << 20;

    private static final byte TO_INPUT = 0;
    private static final byte TO_INTERRUPT = 1;
    private static final byte TO_ANSWER = 2;
    private static final byte FROM_OUTPUT = 1;
    private static final byte FROM_ERROR = 2;
    private static final byte FROM_EXIT = 3;
    private static final byte FROM_QUESTION = 4;

    private final SocketChannel channel;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean asked;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects to the socket a host listens on. */
    static ControlClient connect(Path socket) throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new ControlClient(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Runs a command in the host and waits for its end.
     *
     * <p>Standard input is sent only where an argument names it with {@code -}: it may belong to
     * somebody else, such as the loop of a shell script this process was started from.
     *
     * @return the command's exit code
     */
    int run(
            List<String> command,
            Terminal terminal,
            InputStream in,
            OutputStream out,
            OutputStream err)
            throws IOException {
        var wantsInput = command.stream().anyMatch(word -> word.equals("-") || word.endsWith("=-"));
        write(ByteBuffer.wrap(request(command, terminal, wantsInput)));
        asked = true;
        if (wantsInput) {
            var sender = new Thread(() -> send(in), "capstan-stdin");
            sender.setDaemon(true);
            sender.start();
        }
        while (true) {
            var header = read(5);
            var type = header.get();
            var payload = read(length(header.getInt()));
            switch (type) {
                case FROM_OUTPUT -> {
                    if (!copied(payload, out)) {
                        return LaunchException.FAILED;
                    }
                }
                case FROM_ERROR -> copied(payload, err);
                case FROM_QUESTION -> answer(Question.of(payload));
                case FROM_EXIT -> {
                    return payload.getInt();
                }
                default -> throw new IOException("unknown frame " + type);
            }
        }
    }

    /**
     * Asks the host to end the command; its exit code comes as always. Where the host takes no
     * frame any more, or was not asked for anything yet, the connection is closed, which it
     * understands as the same.
     */
    @Override
    public void interrupt() {
        var sent = new FutureTask<>(this::sendInterrupt);
        var sender = new Thread(sent, "capstan-interrupt");
        sender.setDaemon(true);
        sender.start();
        try {
            // The frame is small, and yet it may wait for ever: for input before it, or itself.
            if (sent.get(1, SECONDS)) {
                return;
            }
        } catch (ExecutionException | TimeoutException e) {
            // It was not sent.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The host is gone, which the reading side sees as well.
        }
    }

    /** On a thread of its own: whoever is asked may rather press Ctrl-C. */
    private void answer(Question question) {
        var asking =
                new Thread(
                        () -> {
                            var answer = question.ask();
                            try {
                                send(TO_ANSWER, answer, answer.length);
                            } catch (IOException e) {
                                // The host is gone, which the reading side sees as well.
                            }
                        },
                        "capstan-question");
        asking.setDaemon(true);
        asking.start();
    }

    private boolean sendInterrupt() throws IOException {
        if (asked) {
            send(TO_INTERRUPT, new byte[0], 0);
        }
        return asked;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public void close(Duration most) {
        // The end of the process closes the connection.
    }

    /**
     * The request, with the end of input where there is none: a host that has answered already is
     * not written to any more.
     */
    private static byte[] request(List<String> command, Terminal terminal, boolean wantsInput)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        var request = new DataOutputStream(bytes);
        request.writeInt(MAGIC);
        writeString(request, Path.of("").toAbsolutePath().toString());
        request.writeInt(terminal.columns());
        request.writeByte(terminal.flags());
        request.writeInt(command.size());
        for (var word : command) {
            writeString(request, word);
        }
        if (!wantsInput) {
            request.writeByte(TO_INPUT);
            request.writeInt(0);
        }
        return bytes.toByteArray();
    }

    private static void writeString(DataOutputStream request, String text) throws IOException {
        var bytes = text.getBytes(UTF_8);
        if (bytes.length > LARGEST_STRING) {
            throw new IOException("an argument is longer than 1 MiB");
        }
        request.writeInt(bytes.length);
        request.write(bytes);
    }

    private void send(InputStream in) {
        var buffer = new byte[LARGEST_PAYLOAD];
        try {
            var length = 0;
            do {
                length = Math.max(0, in.read(buffer));
                send(TO_INPUT, buffer, length);
            } while (length > 0);
        } catch (IOException e) {
            // Either the host is gone, which the reading side sees, or this process ends.
        }
    }

    private void send(byte type, byte[] payload, int length) throws IOException {
        var frame = ByteBuffer.allocate(5 + length);
        frame.put(type).putInt(length).put(payload, 0, length);
        write(frame.flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        writing.lock();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } finally {
            writing.unlock();
        }
    }

    private static int length(int length) throws IOException {
        if (length < 0 || length > LARGEST_PAYLOAD) {
            throw new IOException("a frame of " + length + " bytes");
        }
        return length;
    }

    private ByteBuffer read(int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("it ended before the command did");
            }
        }
        return bytes.flip();
    }

    /** Who reads our output may leave, as {@code head} does; then nobody wants the rest. */
    private static boolean copied(ByteBuffer payload, OutputStream to) {
        try {
            to.write(payload.array(), 0, payload.limit());
            to.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
