package dev.capstan.record.mpv;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One mpv process, spoken to over its JSON socket: a line of JSON for each command, and one for
 * each answer, with events between them. Used by one thread; {@link #close} may come on any.
 */
final class Mpv implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long BETWEEN_TRIES_MILLIS = 10;
    private static final int MOST_LINE = 1 << 20;

    private final Process process;
    private final Path folder;
    private final SocketChannel channel;
    private final BlockingQueue<JsonObject> answers = new ArrayBlockingQueue<>(64);
    private long requests;

    private Mpv(Process process, Path folder, SocketChannel channel) {
        this.process = process;
        this.folder = folder;
        this.channel = channel;
    }

    /** Starts a process that waits for what to play, and connects to it. */
    static Mpv start(String program, List<String> arguments) throws IOException {
        // A folder only its owner can enter: whoever reaches the socket can run programs.
        var folder = Files.createTempDirectory("capstan-mpv");
        var socket = folder.resolve("ctl");
        var command = new ArrayList<String>();
        command.add(program);
        command.addAll(
                List.of(
                        "--no-config",
                        "--idle=yes",
                        "--keep-open=yes",
                        "--pause=yes",
                        "--hr-seek=yes",
                        "--vid=no",
                        "--audio-fallback-to-null=yes",
                        "--no-terminal",
                        "--input-ipc-server=" + socket));
        command.addAll(arguments);
        Process process = null;
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            var mpv = new Mpv(process, folder, connect(process, socket));
            var reader = new Thread(mpv::read, "capstan-mpv-in-" + process.pid());
            reader.setDaemon(true);
            reader.start();
            return mpv;
        } catch (IOException | InterruptedException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            remove(folder);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw e instanceof IOException fault ? fault : new IOException("interrupted", e);
        }
    }

    private static SocketChannel connect(Process process, Path socket)
            throws IOException, InterruptedException {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (!process.isAlive()) {
                    throw new IOException("it ended with exit code " + process.exitValue(), e);
                }
                if (System.nanoTime() > end) {
                    throw new IOException("it opens no socket", e);
                }
            }
            Thread.sleep(BETWEEN_TRIES_MILLIS);
        }
    }

    boolean isAlive() {
        return process.isAlive() && channel.isOpen();
    }

    void load(String source) throws IOException, InterruptedException {
        command("loadfile", source, "replace");
    }

    void seek(double seconds) throws IOException, InterruptedException {
        command("seek", seconds, "absolute+exact");
    }

    void set(String property, Object value) throws IOException, InterruptedException {
        command("set_property", property, value);
    }

    /**
     * Where it is, in seconds; empty while it plays nothing. Of one that plays that is what is
     * heard in this moment: {@code time-pos} is from when it looked last, up to a third of a second
     * ago. Of one that is paused nothing is heard, and {@code audio-pts} tells what it has
     * buffered.
     */
    OptionalDouble position(boolean paused) throws IOException, InterruptedException {
        var heard = paused ? OptionalDouble.empty() : number("audio-pts");
        return heard.isPresent() ? heard : number("time-pos");
    }

    /** A number it knows, or empty where it has none, as of nothing that is loaded. */
    private OptionalDouble number(String property) throws IOException, InterruptedException {
        return command("get_property", property) instanceof jakarta.json.JsonNumber number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /** Whether something it knows is so. */
    boolean is(String property) throws IOException, InterruptedException {
        return JsonValue.TRUE.equals(command("get_property", property));
    }

    /** Gives the data of the answer, null if it says that it could not. */
    private @Nullable JsonValue command(Object... words) throws IOException, InterruptedException {
        var line = Json.createArrayBuilder();
        for (var word : words) {
            if (word instanceof Double number) {
                line.add(number);
            } else if (word instanceof Boolean flag) {
                line.add(flag);
            } else {
                line.add(word.toString());
            }
        }
        var id = ++requests;
        var request = Json.createObjectBuilder().add("command", line).add("request_id", id);
        var bytes = ByteBuffer.wrap((request.build() + "\n").getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            var answer = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null || !isAlive()) {
                throw new IOException("mpv does not answer any more");
            }
            if (answer.getInt("request_id", -1) == id) {
                return answer.getString("error", "").equals("success") ? answer.get("data") : null;
            }
        }
    }

    private void read() {
        try (var in =
                new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), UTF_8))) {
            for (var line = in.readLine();
                    line != null && line.length() < MOST_LINE;
                    line = in.readLine()) {
                try (var json = Json.createReader(new StringReader(line))) {
                    var object = json.readObject();
                    if (object.containsKey("request_id") && object.containsKey("error")) {
                        answers.put(object);
                    }
                }
            }
        } catch (IOException | InterruptedException | JsonException e) {
            // It has ended, or says what mpv does not say: either way it is of no use any more.
        }
        close();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            channel.close();
        } catch (IOException e) {
            // It was of no use any more.
        }
        remove(folder);
    }

    private static void remove(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve("ctl"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // A socket in a temporary folder, which the machine's next start removes.
        }
    }
}
