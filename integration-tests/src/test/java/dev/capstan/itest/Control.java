package dev.capstan.itest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Calls a running host over its control socket, as another program may: without a process for each
 * call, so that a test can make thousands. Safe for any number of threads.
 */
public final class Control {
    private static final int MAGIC = 0x43415031;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int EXIT = 3;

    private final Path socket;
    private final Path folder;

    /**
     * A caller.
     *
     * @param data the host's data folder
     * @param folder the current folder of the calls
     */
    public Control(Path data, Path folder) {
        socket = data.resolve("run/ctl.sock");
        this.folder = folder;
    }

    /** What a call said and how it ended. */
    public record Answer(int exit, String out, String err) {}

    /**
     * A download as {@code --json} tells it.
     *
     * @param path of the placed file, or null
     * @param error the class of its error, or null
     */
    public record Row(
            String id,
            String link,
            String state,
            long downloaded,
            String path,
            String error,
            String json) {

        private static Row parse(String line) {
            return new Row(
                    required(line, "id"),
                    required(line, "url"),
                    required(line, "state"),
                    Long.parseLong(required(line, "downloaded")),
                    field(line, "path"),
                    field(line, "class"),
                    line);
        }

        private static String required(String line, String name) {
            var value = field(line, name);
            if (value == null) {
                throw new AssertionError("No " + name + " in " + line);
            }
            return value;
        }

        private static String field(String line, String name) {
            var found = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(line);
            return found.find() ? found.group(1) : null;
        }

        public boolean isEnded() {
            return List.of("COMPLETED", "FAILED", "CANCELLED").contains(state);
        }
    }

    /** Whether a host listens; the file of one that has ended may be there without it. */
    public boolean isListening() {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes a call and waits for its end. */
    public Answer call(String... words) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            request(new DataOutputStream(Channels.newOutputStream(channel)), words);
            return answer(new DataInputStream(Channels.newInputStream(channel)));
        }
    }

    /** Makes a call that has to succeed, and gives what it said. */
    public String done(String... words) throws IOException {
        var answer = call(words);
        if (answer.exit() != 0) {
            throw new AssertionError(String.join(" ", words) + ": " + answer);
        }
        return answer.out();
    }

    /** Adds a link and gives the download's id. */
    public String add(String... words) throws IOException {
        var all = new String[words.length + 1];
        all[0] = "add";
        System.arraycopy(words, 0, all, 1, words.length);
        return done(all).lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    }

    /** How a download is. */
    public Row show(String id) throws IOException {
        return Row.parse(done("show", "--json", id));
    }

    /** All downloads. */
    public List<Row> list() throws IOException {
        return done("ls", "--json", "-n", "0").lines().map(Row::parse).toList();
    }

    private void request(DataOutputStream out, String... words) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var data = new DataOutputStream(bytes);
        data.writeInt(MAGIC);
        text(data, folder.toString());
        data.writeInt(0); // columns
        data.writeByte(0); // no terminals
        data.writeInt(words.length);
        for (var word : words) {
            text(data, word);
        }
        data.writeByte(0); // the end of standard input
        data.writeInt(0);
        out.write(bytes.toByteArray());
    }

    private static void text(DataOutputStream data, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        data.writeInt(bytes.length);
        data.write(bytes);
    }

    private static Answer answer(DataInputStream in) throws IOException {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        while (true) {
            var type = in.readByte();
            var payload = in.readNBytes(in.readInt());
            switch (type) {
                case STDOUT -> out.writeBytes(payload);
                case STDERR -> err.writeBytes(payload);
                case EXIT -> {
                    var exit = java.nio.ByteBuffer.wrap(payload).getInt();
                    return new Answer(
                            exit,
                            out.toString(StandardCharsets.UTF_8),
                            err.toString(StandardCharsets.UTF_8));
                }
                default -> throw new IOException("A frame of type " + type);
            }
        }
    }
}
