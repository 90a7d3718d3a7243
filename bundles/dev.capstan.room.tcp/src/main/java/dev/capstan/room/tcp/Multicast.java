package dev.capstan.room.tcp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where beacons go: a group and a port, on some interfaces of this machine.
 *
 * @param only names of interfaces; empty for all
 */
record Multicast(InetSocketAddress group, Set<String> only) {
    Multicast {
        if (group.getAddress() == null || !group.getAddress().isMulticastAddress()) {
            throw new IllegalArgumentException(group + " is no multicast address");
        }
    }

    /** A socket that beacons leave from, no farther than the local network. */
    DatagramChannel sender() throws IOException {
        var socket = DatagramChannel.open(family());
        socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1);
        // Members may be on this machine, too.
        socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
        return socket;
    }

    /** A socket that hears beacons, beside others of this machine. */
    DatagramChannel receiver() throws IOException {
        var socket = DatagramChannel.open(family());
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)
                    && !System.getProperty("os.name").startsWith("Linux")) {
                // What SO_REUSEADDR is on Linux; there this would share datagrams out instead.
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.bind(new InetSocketAddress(group.getPort()));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private ProtocolFamily family() {
        return group.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    /** The interfaces that are up now. Loopback often does it without saying so. */
    List<NetworkInterface> interfaces() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(found -> only.isEmpty() || only.contains(found.getName()))
                .filter(Multicast::mayCarry)
                .toList();
    }

    private static boolean mayCarry(NetworkInterface candidate) {
        try {
            return candidate.isUp() && (candidate.supportsMulticast() || candidate.isLoopback());
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        InetAddress address = group.getAddress();
        return "the multicast group "
                + new TcpAddress(address.getHostAddress(), group.getPort())
                + (only.isEmpty()
                        ? ""
                        : only.stream().sorted().collect(Collectors.joining(", ", " at ", "")));
    }
}
