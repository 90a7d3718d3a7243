package dev.capstan.admin.shell.socket;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.capstan.admin.shell.call.Console;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.InputPipe;
import dev.capstan.admin.shell.verb.Commands;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: a request, the call it asks for, and its exit code.
 *
 * <p>Two threads: one runs the call and writes; the other reads what the client sends, and
 * interrupts the first where the client asks for it or is gone.
 */
final class Session implements Runnable {
    private static final Logger LOG = System.getLogger(Session.class.getName());
    private static final long REQUEST_SECONDS = 5;

    private final SocketChannel channel;
    private final Commands commands;
    private final Frames frames;
    private final InputPipe input = new InputPipe();
    private final BlockingQueue<byte[]> answers = new ArrayBlockingQueue<>(1);
    private final CompletableFuture<Request> request = new CompletableFuture<>();
    private final CompletableFuture<Thread> worker = new CompletableFuture<>();

    Session(SocketChannel channel, Commands commands) {
        this.channel = channel;
        this.commands = commands;
        frames = new Frames(channel);
    }

    /** Runs the call; returns when the connection is closed. */
    @Override
    public void run() {
        worker.complete(Thread.currentThread());
        var reader = new Thread(this::read, Thread.currentThread().getName() + "-in");
        reader.setDaemon(true);
        reader.start();
        try {
            frames.exit(exit());
        } catch (TimeoutException e) {
            LOG.log(Level.DEBUG, "A client of the control socket said nothing");
        } catch (ExecutionException | IOException e) {
            LOG.log(Level.DEBUG, "A client of the control socket was dropped", e);
        } finally {
            close();
        }
    }

    /** Breaks the call off. */
    void interrupt() {
        worker.thenAccept(frames::interrupt);
    }

    /** Drops the connection, which ends both threads. */
    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A control connection could not be closed", e);
        }
    }

    private int exit() throws ExecutionException, TimeoutException {
        try {
            return call(request.get(REQUEST_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            return ExitCode.UNFINISHED; // it was broken off before it began
        }
    }

    private int call(Request asked) {
        var out = stream(frames.output(Frames.OUTPUT));
        var err = stream(frames.output(Frames.ERROR));
        var console = Console.of(input, out, err, asked.columns(), asked.terminals(), this::ask);
        return commands.execute(asked.line(), console, asked.folder());
    }

    /** What is typed goes into no log and stays nowhere here. */
    private @Nullable String ask(String prompt, boolean hidden)
            throws IOException, InterruptedException {
        frames.question(prompt, hidden);
        var answer = answers.take();
        return answer.length == 0 ? null : new String(answer, 1, answer.length - 1, UTF_8);
    }

    private static PrintStream stream(OutputStream frames) {
        return new PrintStream(frames, false, UTF_8);
    }

    private void read() {
        try {
            var in = frames.input();
            request.complete(Request.read(in));
            readFrames(in);
        } catch (IOException | InterruptedException e) {
            if (!request.completeExceptionally(e)) {
                interrupt();
            }
        } finally {
            input.close();
        }
    }

    private void readFrames(DataInputStream in) throws IOException, InterruptedException {
        while (true) {
            var type = in.readUnsignedByte();
            var length = in.readInt();
            if (length < 0 || length > Frames.LARGEST) {
                throw new IOException("a frame of " + length + " bytes");
            }
            var payload = in.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException("ended within a frame");
            }
            switch (type) {
                case Frames.INPUT -> input.put(payload);
                case Frames.INTERRUPT -> interrupt();
                case Frames.ANSWER -> {
                    if (!answers.offer(payload)) {
                        throw new IOException("an answer to no question");
                    }
                }
                default -> throw new IOException("a frame of the unknown type " + type);
            }
        }
    }
}
