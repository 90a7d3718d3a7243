package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.RoomTransportContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;

@DisplayName("X1–X6: tcp")
class TcpTransportTest extends RoomTransportContract {
    private final TcpTransport maker = new TcpTransport("");
    private final TcpTransport member = new TcpTransport("");
    private final URI address = URI.create("tcp://ann@127.0.0.1:" + freePort());

    @AfterEach
    void stop() throws IOException {
        maker.stop();
        member.stop();
    }

    @Override
    protected RoomTransport maker() {
        return maker;
    }

    @Override
    protected RoomTransport member() {
        return member;
    }

    @Override
    protected URI address() {
        return address;
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
