package dev.capstan.room.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.Heard;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a maker may do to a member. */
@Timeout(60)
class HostileMakerTest {
    /** No test waits for ever for a member that does not come: nothing would interrupt it. */
    private static final int PATIENCE_MILLIS = 20_000;

    @Test
    @DisplayName("X2: a message that does not end is ended by the member")
    void endlessMessage() throws Exception {
        var member = new WebSocketTransport("");
        var heard = new Heard();
        try (var maker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var thread = new Thread(() -> sendForEver(maker));
            thread.start();

            var address = "ws://ann@127.0.0.1:" + maker.getLocalPort() + "/rooms/r";
            member.connect(URI.create(address), heard);

            assertThat(heard.end()).contains(String.valueOf(RoomTransport.MAX_FRAME));
            thread.join();
        } finally {
            member.stop();
        }
    }

    @Test
    @DisplayName("Nothing is left of tries that a mute maker was given, nor of interrupted ones")
    void muteMaker() throws Exception {
        var member = new WebSocketTransport("", Duration.ofMillis(300));
        var patient = new WebSocketTransport("");
        try (var maker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = URI.create("ws://ann@127.0.0.1:" + maker.getLocalPort() + "/rooms/r");
            for (var tried = 0; tried < 5; ) {
                assertThatThrownBy(() -> member.connect(address, new Heard()))
                        .hasMessageContaining("No room answers at");
                maker.setSoTimeout(300);
                try (var left = maker.accept()) {
                    awaitEnd(left);
                } catch (SocketTimeoutException e) {
                    // On a busy machine its time was over before it had come so far.
                    continue;
                }
                tried++;
                maker.setSoTimeout(PATIENCE_MILLIS);
                var connecting = new FutureTask<>(() -> patient.connect(address, new Heard()));
                var thread = new Thread(connecting);
                thread.start();
                try (var left = maker.accept()) {
                    assertThat(left.getInputStream().read()).isEqualTo('G');
                    thread.interrupt();
                    assertThatThrownBy(() -> connecting.get(9, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(InterruptedException.class);
                    awaitEnd(left);
                }
            }
        } finally {
            member.stop();
            patient.stop();
        }
    }

    @Test
    @DisplayName("A refusal that does not end is ended by the member")
    void endlessRefusal() throws Exception {
        var member = new WebSocketTransport("", Duration.ofSeconds(2));
        try (var maker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = URI.create("ws://ann@127.0.0.1:" + maker.getLocalPort() + "/rooms/r");
            maker.setSoTimeout(PATIENCE_MILLIS);
            var connecting = new FutureTask<>(() -> member.connect(address, new Heard()));
            new Thread(connecting).start();
            try (var socket = maker.accept()) {
                var out = new DataOutputStream(socket.getOutputStream());
                out.writeBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 2000000000\r\n\r\n");
                socket.setSoTimeout(50);
                var isEnded = false;
                for (var i = 0; i < 600 && !isEnded; i++) {
                    isEnded = isEnded(socket);
                }
                assertThat(isEnded).isTrue();
            }
            assertThatThrownBy(() -> connecting.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("No room answers at");
        } finally {
            member.stop();
        }
    }

    /** Reads what was asked, up to the end, however that shows. */
    private static void awaitEnd(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            var unused = socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("The connection is still there", e);
        } catch (IOException e) {
            // It was reset.
        }
    }

    private static boolean isEnded(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            while (socket.getInputStream().read() >= 0) {
                // What was asked is of no interest.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void sendForEver(ServerSocket server) {
        try (var socket = server.accept()) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            var key = "";
            for (var line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Sec-WebSocket-Key: ")) {
                    key = line.substring("Sec-WebSocket-Key: ".length());
                }
            }
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeBytes(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                            + accept(key)
                            + "\r\n\r\n");
            out.write(new byte[] {0x02, 0});
            while (true) {
                out.write(new byte[] {0x00, 127, 0, 0, 0, 0, 0, 1, 0, 0});
                out.write(new byte[1 << 16]);
            }
        } catch (IOException e) {
            // The member has gone.
        }
    }

    /** As RFC 6455, section 4.2.2, has it. */
    private static String accept(String key) {
        try {
            var text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
