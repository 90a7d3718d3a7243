package dev.capstan.tck.room;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A transport within one process, for tests of what speaks through one: addresses are {@code
 * loopback:NAME}. It keeps every clause of {@link RoomTransport}.
 *
 * <p>Each side of a connection is heard by one thread of its own, which ends with the connection.
 */
public final class LoopbackTransport implements RoomTransport {
    /** The scheme of its addresses, for {@link RoomTransport#SCHEMES}. */
    public static final String SCHEME = "loopback";

    private final ConcurrentHashMap<URI, Listener> listeners = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();

    /** Makes a transport that reaches its own rooms only. */
    public LoopbackTransport() {}

    @Override
    public Closeable open(URI address, Acceptor acceptor) throws IOException {
        var listener = new Listener(address, acceptor);
        if (listeners.putIfAbsent(address, listener) != null) {
            throw new IOException("Somebody listens at " + address + " already");
        }
        return listener;
    }

    @Override
    public RoomChannel connect(URI address, Handler handler) throws IOException {
        var listener = listeners.get(address);
        if (listener == null) {
            throw new IOException("Nobody listens at " + address);
        }
        return listener.accept(handler);
    }

    private final class Listener implements Closeable {
        private final URI address;
        private final Acceptor acceptor;
        private final Set<LoopbackLink.Side> members = ConcurrentHashMap.newKeySet();

        Listener(URI address, Acceptor acceptor) {
            this.address = address;
            this.acceptor = acceptor;
        }

        RoomChannel accept(Handler member) throws IOException {
            var link = new LoopbackLink(address + "#" + connections.incrementAndGet());
            var maker = link.maker();
            members.add(maker);
            link.whenEnded(() -> members.remove(maker));
            // What the room sends while it accepts is kept until the member is heard.
            maker.hear(acceptor.accept(maker));
            link.member().hear(member);
            if (listeners.get(address) != this) {
                maker.close("The room was closed");
                throw new IOException("Nobody listens at " + address + " any more");
            }
            return link.member();
        }

        @Override
        public void close() {
            listeners.remove(address, this);
            members.forEach(side -> side.close("The room was closed"));
        }
    }
}
