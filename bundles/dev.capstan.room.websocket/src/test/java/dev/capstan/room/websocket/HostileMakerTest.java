package dev.capstan.room.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.room.spi.RoomTransport;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a maker may do to a member. */
@Timeout(60)
class HostileMakerTest {

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
