package dev.capstan.room.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.tck.room.Heard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanSearchTest {
    private final Lan lan = new Lan();
    private final LanTransport transport = lan.transport();

    @AfterEach
    void stop() throws IOException {
        transport.stop();
    }

    @Test
    @DisplayName("R7: rooms of one machine are found by their addresses")
    void severalRooms() throws Exception {
        var atAnns = new Heard();
        var atBobs = new Heard();
        var anns = URI.create("lan://ann");
        var bobs = URI.create("lan://bob/second");
        try (var first = transport.open(anns, channel -> atAnns);
                var second = transport.open(bobs, channel -> atBobs);
                var toBob = transport.connect(bobs, new Heard());
                var toAnn = transport.connect(anns, new Heard())) {
            toAnn.send(new byte[] {1});
            toBob.send(new byte[] {2});

            assertThat(atAnns.next()).containsExactly(1);
            assertThat(atBobs.next()).containsExactly(2);
        }
    }

    @Test
    @DisplayName("R7: a member whose maker has gone says what it looked for, and where")
    void nobody() throws Exception {
        var address = URI.create("lan://ann");
        try (var room = transport.open(address, channel -> new Heard())) {
            transport.connect(address, new Heard()).close();
        }
        var noise = noise();

        assertThatThrownBy(() -> transport.connect(address, new Heard()))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        "No maker of lan://ann",
                        "239.255.67.81:" + lan.multicast.group().getPort(),
                        "datagrams were of others");
        noise.interrupt();
        noise.join();
    }

    @Test
    @DisplayName("R7: datagrams that are no beacon change nothing")
    void foundAmongNoise() throws Exception {
        var noise = noise();
        var heard = new Heard();
        var address = URI.create("lan://ann");
        try (var room = transport.open(address, channel -> heard);
                var member = transport.connect(address, new Heard())) {
            member.send(new byte[] {1});
            assertThat(heard.next()).containsExactly(1);
        }
        noise.interrupt();
        noise.join();
    }

    @Test
    @DisplayName(
            "R7: who says falsely where a room is, and is silent there, delays its members only")
    void foundBesideALiar() throws Exception {
        var heard = new Heard();
        var address = URI.create("lan://ann");
        var patient = new LanTransport(lan.multicast, Duration.ofSeconds(8));
        // Its line of callers is full, so whoever connects hears nothing, as behind a firewall.
        try (var silent = new ServerSocket(0, 1);
                var first = new Socket("localhost", silent.getLocalPort());
                var second = new Socket("localhost", silent.getLocalPort());
                var lie =
                        new Announcement(
                                lan.multicast,
                                new Beacon(Beacon.digest("lan://ann"), silent.getLocalPort()))) {
            var member = new FutureTask<>(() -> patient.connect(address, new Heard()));
            new Thread(member).start();
            // When the lie is told a second time the member has gone there.
            var digest = Beacon.digest("lan://ann");
            try (var search = new Search(lan.multicast, digest)) {
                for (var i = 0; i < 2; i++) {
                    assertThat(search.next(Set.of(), Duration.ofSeconds(20).toNanos())).isPresent();
                }
            }
            try (var room = transport.open(address, channel -> heard);
                    var channel = member.get(20, TimeUnit.SECONDS)) {
                channel.send(new byte[] {1});
                assertThat(heard.next()).containsExactly(1);
            }
        } finally {
            patient.stop();
        }
    }

    @Test
    @DisplayName("R7: a maker that did not answer once is tried again")
    void triedAgain() throws Exception {
        var address = URI.create("lan://ann");
        var port = TcpTransportTest.freePort();
        var patient = new LanTransport(lan.multicast, Duration.ofSeconds(20));
        try (var early =
                new Announcement(lan.multicast, new Beacon(Beacon.digest("lan://ann"), port))) {
            var member = new FutureTask<>(() -> patient.connect(address, new Heard()));
            new Thread(member).start();
            try (var search = new Search(lan.multicast, Beacon.digest("lan://ann"))) {
                for (var i = 0; i < 2; i++) {
                    assertThat(search.next(Set.of(), Duration.ofSeconds(20).toNanos())).isPresent();
                }
            }
            try (var server = new ServerSocket(port);
                    var channel = member.get(30, TimeUnit.SECONDS)) {
                server.setSoTimeout(10_000);
                server.accept().close();
            }
        } finally {
            patient.stop();
        }
    }

    @Test
    @DisplayName("X6: a room that was closed just now is announced no more")
    void announcedTooLate() throws Exception {
        var connections = new Connections("capstan-room-lan", System::nanoTime);
        var listener = connections.listen(new InetSocketAddress(0), channel -> new Heard());
        var isClosed = new AtomicBoolean();

        listener.close();
        listener.announcedBy(() -> isClosed.set(true));

        assertThat(isClosed).isTrue();
        connections.close();
    }

    @Test
    @DisplayName("R7: a search ends when it is interrupted")
    void interrupted() throws Exception {
        var search =
                new FutureTask<>(() -> transport.connect(URI.create("lan://ann"), new Heard()));
        var thread = new Thread(search);
        thread.start();

        thread.interrupt();

        assertThatThrownBy(() -> search.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
    }

    /** Says a lot that is no beacon, or one of another room. */
    private Thread noise() throws IOException {
        var socket = lan.multicast.sender();
        var name = lan.multicast.only().iterator().next();
        socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(name));
        var random = new Random(1);
        var other = new Beacon(Beacon.digest("lan://carl"), 9);
        var thread =
                new Thread(
                        () -> {
                            try (socket) {
                                while (!Thread.interrupted()) {
                                    var bytes = new byte[random.nextInt(200)];
                                    random.nextBytes(bytes);
                                    socket.send(ByteBuffer.wrap(bytes), lan.multicast.group());
                                    socket.send(other.datagram(), lan.multicast.group());
                                    TimeUnit.MILLISECONDS.sleep(1);
                                }
                            } catch (IOException | InterruptedException e) {
                                // It was told to be quiet.
                            }
                        });
        thread.start();
        return thread;
    }
}
