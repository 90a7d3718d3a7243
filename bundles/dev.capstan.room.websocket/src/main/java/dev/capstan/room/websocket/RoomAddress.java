package dev.capstan.room.websocket;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where the maker of a room listens.
 *
 * @param host a name or an address, without the brackets of IPv6
 * @param port from 1
 * @param path as it is written in a request
 */
record RoomAddress(String host, int port, String path) {
    private static final String ROOMS = "/rooms/";
    private static final int MOST = 65_535;

    /**
     * Reads {@code ws://USER@HOST:PORT/rooms/ROOMID}.
     *
     * @throws IOException if it is something else
     */
    static RoomAddress of(URI address) throws IOException {
        var host = address.getHost();
        var path = address.getRawPath();
        if (!"ws".equalsIgnoreCase(address.getScheme())
                || host == null
                || address.getPort() < 1
                || address.getPort() > MOST
                || !path.startsWith(ROOMS)
                || path.length() == ROOMS.length()
                || path.indexOf('/', ROOMS.length()) >= 0
                || address.getRawQuery() != null
                || address.getRawFragment() != null) {
            throw new IOException(
                    address
                            + " is no address of a room over WebSocket:"
                            + " ws://USER@HOST:PORT/rooms/ROOMID");
        }
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new RoomAddress(bare, address.getPort(), path);
    }

    /** What a request is sent to: who makes the room is no business of the network's. */
    URI request() throws IOException {
        try {
            return new URI("ws://" + authority() + path);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String toString() {
        return authority() + path;
    }
}
