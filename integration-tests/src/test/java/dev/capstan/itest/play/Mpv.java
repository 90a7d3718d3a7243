package dev.capstan.itest.play;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** A real mpv without a screen or a loudspeaker, driven over its JSON socket. */
final class Mpv implements Player {
    private static final Pattern DATA = Pattern.compile("\"data\":([0-9.]+)");

    private final Program program;
    private final Path socket;

    Mpv(Path folder, String uri) throws IOException {
        socket = folder.resolve("mpv.sock");
        program =
                Program.start(
                        folder,
                        List.of(
                                "mpv",
                                "--no-config",
                                "--no-terminal",
                                "--vo=null",
                                "--ao=null",
                                "--input-ipc-server=" + socket,
                                uri));
    }

    @Override
    public double position() throws IOException {
        return Files.exists(socket) ? ask("\"get_property\", \"time-pos\"").orElse(-1) : -1;
    }

    @Override
    public void seek(double seconds) throws IOException {
        ask("\"seek\", " + seconds + ", \"absolute\"");
    }

    @Override
    public boolean runs() {
        return program.runs();
    }

    private OptionalDouble ask(String command) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var line = "{\"command\": [" + command + "], \"request_id\": 7}\n";
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            var answers = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            for (var answer = answers.readLine(); answer != null; answer = answers.readLine()) {
                if (answer.contains("\"request_id\":7")) {
                    var data = DATA.matcher(answer);
                    return data.find()
                            ? OptionalDouble.of(Double.parseDouble(data.group(1)))
                            : OptionalDouble.empty();
                }
            }
            return OptionalDouble.empty();
        } catch (java.net.ConnectException e) {
            return OptionalDouble.empty(); // it is not ready to listen
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
