package ${package};

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Rooms at {@code ${scheme}://USER/PATH}: a Unix domain socket at that path. The framework makes one
 * and calls it from many threads.
 */
@Component(property = RoomTransport.SCHEMES + "=${scheme}")
public final class ${Name}Transport implements RoomTransport {
    /** All that has threads, so that they end with this bundle. */
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    /** Called once by the host that makes the room; its members connect until it is closed. */
    @Override
    public Closeable open(URI address, Acceptor acceptor) throws IOException {
        var path = path(address);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            server.close();
            throw new IOException("No room can be opened at " + path + ": " + e.getMessage(), e);
        }
        var listener = new ${Name}Listener(server, path, acceptor, open);
        open.add(listener);
        listener.start();
        return listener;
    }

    /** Called by every other member. */
    @Override
    public RoomChannel connect(URI address, Handler handler) throws IOException {
        var path = path(address);
        SocketChannel socket;
        try {
            socket = SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            throw new IOException("No room answers at " + path + ": " + e.getMessage(), e);
        }
        var channel = new ${Name}Channel(socket, path.toString());
        open.add(channel);
        channel.start(handler, () -> open.remove(channel));
        return channel;
    }

    /** Addresses come from room files, so from other people: refuse what is not one of yours. */
    private static Path path(URI address) throws IOException {
        var path = address.getPath();
        if (!"${scheme}".equalsIgnoreCase(address.getScheme())
                || address.getRawAuthority() == null
                || path == null
                || path.length() < 2
                || path.indexOf('\0') >= 0) {
            throw new IOException(address + " is no address of a room: ${scheme}://USER/PATH");
        }
        return Path.of(path);
    }

    @Deactivate
    void stop() throws IOException {
        for (var each : open) {
            each.close();
        }
    }
}
