package dev.capstan.itest.play;

import dev.capstan.itest.Capstan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real VLC without a screen or a loudspeaker, driven by its remote control over TCP. */
final class Vlc implements Player {
    private static final String PROMPT = "> ";
    private static final int MOST_ANSWER = 1 << 16;

    private final Program program;
    private final Socket socket;

    Vlc(Path folder, String uri) throws IOException, InterruptedException {
        var port = freePort();
        var command = new ArrayList<String>();
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root, and needs no more of this machine than a socket.
            command.addAll(
                    List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        command.addAll(
                List.of(
                        "cvlc",
                        "--intf=rc",
                        "--rc-host=127.0.0.1:" + port,
                        "--aout=adummy",
                        "--no-video",
                        uri));
        program = Program.start(folder, command);
        socket = connect(port);
        answer();
    }

    @Override
    public double position() throws IOException {
        // Whole seconds, or nothing while it opens what it is to play.
        var seconds = ask("get_time");
        return seconds.isEmpty() ? -1 : Integer.parseInt(seconds);
    }

    @Override
    public void seek(double seconds) throws IOException {
        ask("seek " + Math.round(seconds));
    }

    @Override
    public boolean runs() {
        return program.runs();
    }

    private String ask(String command) throws IOException {
        socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
        return answer();
    }

    /** All until it wants the next command. */
    private String answer() throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith(PROMPT)) {
            var next = socket.getInputStream().read();
            if (next < 0 || text.length() > MOST_ANSWER) {
                throw new IOException("VLC says " + text + program.said());
            }
            text.append((char) next);
        }
        return text.substring(0, text.length() - PROMPT.length()).strip();
    }

    private Socket connect(int port) throws InterruptedException {
        var connected = new ArrayList<Socket>();
        Capstan.await(
                "VLC's remote control",
                () -> {
                    try {
                        connected.add(new Socket(InetAddress.getLoopbackAddress(), port));
                    } catch (IOException e) {
                        if (!program.runs()) {
                            throw new AssertionError(program.said());
                        }
                    }
                    return !connected.isEmpty();
                });
        return connected.get(0);
    }

    /** It has to be told where to listen: it cannot tell what was free. */
    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It ends in any case.
        }
        program.close();
    }
}
