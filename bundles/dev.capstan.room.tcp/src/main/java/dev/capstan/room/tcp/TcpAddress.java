package dev.capstan.room.tcp;

import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the maker of a room listens.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port from 1
 */
record TcpAddress(String host, int port) {
    private static final int MOST = 65_535;

    /**
     * Reads {@code tcp://USER@HOST:PORT}.
     *
     * @throws IOException if it is something else
     */
    static TcpAddress of(URI address) throws IOException {
        var host = address.getHost();
        if (!"tcp".equalsIgnoreCase(address.getScheme())
                || host == null
                || address.getPort() < 1
                || address.getPort() > MOST
                || !isEmpty(address.getRawPath())
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IOException(
                    address + " is no address of a room over TCP: tcp://USER@HOST:PORT");
        }
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new TcpAddress(bare, address.getPort());
    }

    private static boolean isEmpty(@Nullable String path) {
        return path == null || path.isEmpty() || path.equals("/");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
