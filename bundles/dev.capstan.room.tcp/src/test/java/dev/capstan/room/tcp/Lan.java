package dev.capstan.room.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Set;

/** A local network of this machine alone. */
final class Lan {
    final Multicast multicast = new Multicast(group(), Set.of(loopback()));

    /** It gives up early, as somebody waits for that. */
    LanTransport transport() {
        return new LanTransport(multicast, Duration.ofSeconds(3));
    }

    private static InetSocketAddress group() {
        return new InetSocketAddress("239.255.67.81", TcpTransportTest.freePort());
    }

    private static String loopback() {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()).getName();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
