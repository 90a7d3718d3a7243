package dev.capstan.itest.rooms;

import dev.capstan.room.spi.RoomTransport;
import dev.capstan.tck.room.RoomTransportContract;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The clauses of a transport where its two sides are in two frameworks. */
class TransportsTest {
    @TempDir static Path root;

    private static TransportHost maker;
    private static TransportHost member;

    @BeforeAll
    static void start() throws Exception {
        maker = new TransportHost(root.resolve("maker"));
        member = new TransportHost(root.resolve("member"));
    }

    @AfterAll
    static void stop() throws Exception {
        maker.close();
        member.close();
    }

    private abstract static class Between extends RoomTransportContract {
        private final String scheme;
        private final URI address;
        private RoomTransport makers;
        private RoomTransport members;

        Between(String scheme, String address) {
            this.scheme = scheme;
            this.address = URI.create(scheme + "://" + address);
        }

        @BeforeEach
        void find() throws Exception {
            makers = maker.transport(scheme);
            members = member.transport(scheme);
        }

        @Override
        protected RoomTransport maker() {
            return makers;
        }

        @Override
        protected RoomTransport member() {
            return members;
        }

        @Override
        protected URI address() {
            return address;
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    @DisplayName("X1–X6 between two frameworks: tcp")
    class Tcp extends Between {
        Tcp() throws Exception {
            super("tcp", "ann@127.0.0.1:" + freePort());
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    @DisplayName("X1–X6 between two frameworks: ws")
    class WebSocket extends Between {
        WebSocket() throws Exception {
            super("ws", "ann@127.0.0.1:" + freePort() + "/rooms/friday");
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    @DisplayName("X1–X6 between two frameworks: lan")
    class Lan extends Between {
        Lan() {
            super("lan", UUID.randomUUID().toString());
        }
    }

    @Nested
    @Execution(ExecutionMode.CONCURRENT)
    @DisplayName("X1–X6 between two frameworks: the example of a transport")
    class Example extends Between {
        Example() {
            super("acme", "ann" + root.resolve("room").toUri().getRawPath());
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
