package dev.capstan.room.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others may do to a room over WebSocket, whoever they are. */
@Timeout(120)
class WebSocketPeersTest {
    private static final int BINARY = 0x82;
    private static final int BINARY_BEGINS = 0x02;
    private static final int CONTINUES = 0x00;
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final Duration HESITATION = Duration.ofSeconds(3);

    private final AtomicLong now = new AtomicLong(1);
    private final Channels channels = new Channels(now::get);
    private final Heard heard = new Heard();
    private final BlockingQueue<RoomChannel> accepted = new LinkedBlockingQueue<>();
    private final int port = WebSocketTransportTest.freePort();
    private RoomServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                new RoomServer(
                        channels,
                        InetAddress.getLoopbackAddress(),
                        RoomAddress.of(URI.create("ws://ann@localhost:" + port + "/rooms/r")),
                        channel -> {
                            accepted.add(channel);
                            return heard;
                        },
                        closed -> {},
                        HESITATION);
        server.start();
    }

    @AfterEach
    void stop() {
        channels.close();
        server.stop();
    }

    @ParameterizedTest
    @DisplayName("R7: there is nothing on the listener but the room")
    @ValueSource(
            strings = {"/", "/rooms", "/rooms/", "/rooms/R", "/rooms/r/", "/rooms/r/x", "/api"})
    void nothingElse(String path) throws Exception {
        try (var stranger = new Stranger(port)) {
            assertThat(stranger.upgrade(path))
                    .startsWith("HTTP/1.1 404")
                    .doesNotContainIgnoringCase("jetty");
        }
    }

    @Test
    @DisplayName("R7: the room answers upgrades only")
    void upgradesOnly() throws Exception {
        try (var stranger = new Stranger(port)) {
            assertThat(stranger.ask("/rooms/r", "Connection: close\r\n"))
                    .startsWith("HTTP/1.1 426");
            assertThat(stranger.rest()).isEmpty();
        }
    }

    @Test
    @DisplayName("R7: a page in a browser is refused, wherever it is from")
    void browsers() throws Exception {
        try (var browser = new Stranger(port)) {
            assertThat(browser.upgrade("/rooms/r", "Origin: http://room\r\n"))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    @DisplayName("Compression is not agreed on, whatever is offered")
    void noCompression() throws Exception {
        try (var stranger = new Stranger(port)) {
            assertThat(
                            stranger.upgrade(
                                    "/rooms/r", "Sec-WebSocket-Extensions: permessage-deflate\r\n"))
                    .startsWith("HTTP/1.1 101")
                    .doesNotContainIgnoringCase("Extensions");
        }
    }

    @ParameterizedTest
    @DisplayName("X2: a frame that is announced too long ends its connection, and the room lives")
    @ValueSource(longs = {RoomTransport.MAX_FRAME + 1, Integer.MAX_VALUE, Long.MAX_VALUE, -1})
    void hostileLength(long length) throws Exception {
        try (var hostile = member()) {
            hostile.write((byte) BINARY, (byte) 0xff);
            hostile.write(ByteBuffer.allocate(13).putLong(length).array());

            assertThat(heard.end()).isNotBlank();
            assertThat(hostile.isEnded()).isTrue();
        }
        livesOn();
    }

    @Test
    @DisplayName("X2: a message that is too long in parts ends its connection, and the room lives")
    void hostileParts() throws Exception {
        try (var hostile = member()) {
            var part = new byte[RoomTransport.MAX_FRAME / 4];
            try {
                hostile.head(BINARY_BEGINS, part.length);
                hostile.write(part);
                for (var i = 0; i < 8; i++) {
                    hostile.head(CONTINUES, part.length);
                    hostile.write(part);
                }
            } catch (IOException e) {
                // It was ended in the meantime.
            }

            assertThat(heard.end()).contains("1048576");
            assertThat(hostile.isEnded()).isTrue();
        }
        livesOn();
    }

    @Test
    @DisplayName("A text ends its connection, as do bytes without a mask")
    void otherMessages() throws Exception {
        try (var talker = member()) {
            talker.head(TEXT, 1);
            talker.write((byte) 'x');
            assertThat(heard.end()).isNotBlank();
            assertThat(talker.isEnded()).isTrue();
        }
        try (var bare = member()) {
            bare.write((byte) BINARY, (byte) 1, (byte) 7);
            assertThat(heard.end()).isNotBlank();
            assertThat(bare.isEnded()).isTrue();
        }
        livesOn();
    }

    @Test
    @DisplayName("X5: who is silent for a minute is gone; this side asks whether anybody is there")
    void silence() throws Exception {
        try (var silent = member()) {
            silent.head(BINARY, 1);
            silent.write((byte) 7);
            assertThat(heard.next()).containsExactly(7);

            now.addAndGet(Duration.ofSeconds(59).toNanos());
            channels.look();
            assertThat(silent.next()).isEqualTo(PING);
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            channels.look();

            assertThat(heard.end()).contains("Nothing was heard for 60 s");
            assertThat(silent.isEnded()).isTrue();
        }
    }

    @Test
    @DisplayName("X4: a close has an end where the other side does not answer it")
    void closeHasAnEnd() throws Exception {
        try (var silent = member()) {
            accepted.take().close();

            assertThat(silent.next()).isEqualTo(CLOSE);
            assertThat(heard.end()).contains("This side closed");
            assertThat(silent.isEnded()).isTrue();
        }
    }

    @Test
    @DisplayName("Who sends a byte now and then and never asks for the room is ended")
    void dripping() throws Exception {
        try (var member = member();
                var dripping = new Stranger(port)) {
            assertThat(dripping.isEndedDripping(HESITATION.dividedBy(6))).isTrue();

            member.head(BINARY, 1);
            member.write((byte) 7);
            assertThat(heard.next()).containsExactly(7);
        }
    }

    @Test
    @DisplayName("X6: nothing is left of a transport that was stopped, no thread and no listener")
    void nothingIsLeft() throws Exception {
        var before = threads();
        var transport = new WebSocketTransport("");
        var other = WebSocketTransportTest.freePort();
        var address = URI.create("ws://ann@127.0.0.1:" + other + "/rooms/r");
        var member = new Heard();
        transport.open(address, channel -> heard);
        transport.connect(address, member).send(new byte[] {1});
        assertThat(heard.next()).containsExactly(1);

        transport.stop();

        assertThat(heard.end()).isNotBlank();
        assertThat(member.end()).isNotBlank();
        for (var thread : threads()) {
            if (!before.contains(thread)) {
                gone(thread);
            }
        }
        assertThatThrownBy(() -> transport.open(address, channel -> heard))
                .hasMessageContaining("stopped");
        assertThatThrownBy(() -> transport.connect(address, member))
                .hasMessageContaining("stopped");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), other).close())
                .isInstanceOf(IOException.class);
    }

    /** The JDK's client ends its thread when it finds that nobody knows the client any more. */
    private static void gone(Thread thread) throws InterruptedException {
        for (var i = 0; thread.isAlive() && i < 60; i++) {
            System.gc();
            thread.join(500);
        }
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }

    @Test
    @DisplayName("X6: a port that is taken is said in words")
    void portIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var transport = new WebSocketTransport("");
            var address = "ws://ann@127.0.0.1:" + taken.getLocalPort() + "/rooms/r";

            assertThatThrownBy(() -> transport.open(URI.create(address), channel -> heard))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll(
                            "No room can be opened at", "127.0.0.1:" + taken.getLocalPort());
            transport.stop();
        }
    }

    @Test
    @DisplayName("R7: another room at the same place is refused with its status")
    void anotherRoom() {
        var transport = new WebSocketTransport("");

        assertThatThrownBy(
                        () ->
                                transport.connect(
                                        URI.create("ws://ann@127.0.0.1:" + port + "/rooms/x"),
                                        new Heard()))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("No room answers at 127.0.0.1:" + port, "404");
        transport.stop();
    }

    private Stranger member() throws IOException {
        var stranger = new Stranger(port);
        assertThat(stranger.upgrade("/rooms/r")).startsWith("HTTP/1.1 101");
        return stranger;
    }

    private void livesOn() throws Exception {
        try (var member = member()) {
            member.head(BINARY, 2);
            member.write((byte) 4, (byte) 2);
            assertThat(heard.next()).containsExactly(4, 2);
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(
                        thread ->
                                thread.getName().startsWith("capstan-room-ws")
                                        || thread.getName().startsWith("HttpClient-"))
                .toList();
    }
}
