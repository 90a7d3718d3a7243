package dev.capstan.admin.rest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals(Duration.ofMillis(300));

    @Test
    @DisplayName("S5: who asks for nothing is closed by a server that took another's place, too")
    void theNextServerIsLookedAfter() throws Exception {
        var first = start();
        try (var waits = connect(first)) {
            assertThat(waits.getInputStream().read()).as("closed").isNegative();
        }
        // It stops while a look is due: the connection is new.
        try (var waits = connect(first)) {
            await(first);
            first.getServer().stop();
        }
        var second = start();
        try (var waits = connect(second)) {
            assertThat(waits.getInputStream().read()).as("closed").isNegative();
        } finally {
            second.getServer().stop();
        }
    }

    private ServerConnector start() throws Exception {
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
        arrivals.attend(connector);
        return connector;
    }

    private static Socket connect(ServerConnector connector) throws Exception {
        var socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void await(ServerConnector connector) {
        while (connector.getConnectedEndPoints().isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
