package dev.capstan.room.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Handler;
import dev.capstan.tck.room.Heard;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What others may do to a room over TCP, whoever they are. */
@Timeout(120)
class TcpPeersTest {
    private final AtomicLong now = new AtomicLong(1);
    private final Connections connections = new Connections("capstan-test-tcp", now::get);
    private final Heard heard = new Heard();

    @AfterEach
    void stop() throws IOException {
        connections.close();
    }

    @Test
    @DisplayName("X2: a length of 2^31-1 ends its connection, and the room lives")
    void hostileLength() throws Exception {
        try (var room = room();
                var hostile = stranger(room)) {
            new DataOutputStream(hostile.getOutputStream()).writeInt(Integer.MAX_VALUE);

            assertThat(heard.end()).contains("2147483647");
            assertThat(hostile.getInputStream().read()).isNegative();
            livesOn(room);
        }
    }

    @Test
    @DisplayName("X5: who stops in the middle of a frame has broken off")
    void half() throws Exception {
        try (var room = room()) {
            try (var hostile = stranger(room)) {
                var out = new DataOutputStream(hostile.getOutputStream());
                out.writeInt(10);
                out.write(new byte[3]);
            }

            assertThat(heard.end()).contains("broke off");
        }
    }

    @Test
    @DisplayName("X5: who is silent for a minute is gone; this side says that it is there")
    void silence() throws Exception {
        try (var room = room();
                var silent = stranger(room)) {
            var out = new DataOutputStream(silent.getOutputStream());
            out.writeInt(1);
            out.write(7);
            assertThat(heard.next()).containsExactly(7);
            connections.look();
            var in = new DataInputStream(silent.getInputStream());
            assertThat(in.readInt()).isEqualTo(FrameReader.KEEP_ALIVE);

            now.addAndGet(Duration.ofSeconds(59).toNanos());
            connections.look();
            assertThat(in.readInt()).isEqualTo(FrameReader.KEEP_ALIVE);
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            connections.look();

            assertThat(heard.end()).contains("Nothing was heard for 60 s");
            assertThat(in.read()).isNegative();
        }
    }

    @Test
    @DisplayName("X3: who waits for the room is not silent")
    void slowRoom() throws Exception {
        var open = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        var slow =
                new Handler() {
                    @Override
                    public void received(byte[] frame) {
                        reached.countDown();
                        try {
                            open.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        heard.received(frame);
                    }

                    @Override
                    public void closed(String reason) {
                        heard.closed(reason);
                    }
                };
        try (var room = connections.listen(anywhere(), channel -> slow);
                var member = stranger(room)) {
            var out = new DataOutputStream(member.getOutputStream());
            out.writeInt(1);
            out.write(7);
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();

            now.addAndGet(Duration.ofHours(1).toNanos());
            connections.look();
            open.countDown();

            assertThat(heard.next()).containsExactly(7);
            out.writeInt(1);
            out.write(8);
            assertThat(heard.next()).containsExactly(8);
        }
    }

    @Test
    @DisplayName("X4: what was sent before a close arrives, also where the other side still sends")
    void lastWords() throws Exception {
        var allSent = new CountDownLatch(1);
        try (var room = connections.listen(anywhere(), channel -> new Refusal(channel, allSent));
                var talker = stranger(room)) {
            var out = new DataOutputStream(talker.getOutputStream());
            out.writeInt(1);
            out.write(7);
            out.write(new byte[50_000]);
            allSent.countDown();

            var in = new DataInputStream(talker.getInputStream());
            assertThat(in.readInt()).isEqualTo(3);
            assertThat(in.readNBytes(3)).containsExactly(1, 2, 3);
            assertThat(in.read()).isNegative();
            // It never closes by itself.
            assertThat(heard.end()).contains("This side closed");
        }
    }

    /** Answers the first frame, and closes while there is more to be read. */
    private final class Refusal implements Handler {
        private final RoomChannel channel;
        private final CountDownLatch allSent;

        Refusal(RoomChannel channel, CountDownLatch allSent) {
            this.channel = channel;
            this.allSent = allSent;
        }

        @Override
        public void received(byte[] frame) {
            try {
                allSent.await();
                channel.send(new byte[] {1, 2, 3});
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            channel.close();
        }

        @Override
        public void closed(String reason) {
            heard.closed(reason);
        }
    }

    @Test
    @DisplayName(
            "Unproven peers are limited: one too many is turned away, and a place is free again")
    void crowd() throws Exception {
        var crowd = new ArrayList<Closeable>();
        try (var room = room()) {
            for (var i = 0; i < Listener.MOST_CHANNELS; i++) {
                crowd.add(stranger(room));
            }
            try (var oneTooMany = stranger(room)) {
                assertThat(readOrReset(oneTooMany)).isNegative();
            }
            crowd.get(0).close();
            heard.end();
            livesOn(room);
        } finally {
            for (var each : crowd) {
                each.close();
            }
        }
    }

    @Test
    @DisplayName("X6: nothing is left of a transport that was stopped, no thread and no listener")
    void nothingIsLeft() throws Exception {
        var transport = new TcpTransport("");
        var port = TcpTransportTest.freePort();
        var address = URI.create("tcp://ann@127.0.0.1:" + port);
        var before = threads();
        transport.open(address, channel -> heard);
        var member = new Heard();
        var channel = transport.connect(address, member);
        channel.send(new byte[] {1});
        assertThat(heard.next()).containsExactly(1);

        transport.stop();

        assertThat(heard.end()).isNotBlank();
        assertThat(member.end()).isNotBlank();
        for (var thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(20_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
        assertThatThrownBy(() -> transport.open(address, c -> heard))
                .hasMessageContaining("stopped");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(IOException.class);
    }

    private Listener room() throws IOException {
        return connections.listen(anywhere(), channel -> heard);
    }

    private void livesOn(Listener room) throws Exception {
        try (var member = stranger(room)) {
            var out = new DataOutputStream(member.getOutputStream());
            out.writeInt(2);
            out.write(new byte[] {4, 2});
            assertThat(heard.next()).containsExactly(4, 2);
        }
    }

    private static InetSocketAddress anywhere() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Socket stranger(Listener room) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), room.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static int readOrReset(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("It was let in", e);
        } catch (IOException e) {
            return -1;
        }
    }

    private static java.util.List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("capstan-room-tcp"))
                .toList();
    }
}
