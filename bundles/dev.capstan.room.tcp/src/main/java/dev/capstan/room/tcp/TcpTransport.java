package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Rooms at {@code tcp://USER@HOST:PORT} (R7).
 *
 * <p>Safe for any number of threads.
 */
@Component(property = RoomTransport.SCHEMES + "=tcp", configurationPid = TcpTransport.PID)
@Designate(ocd = TcpTransport.Config.class)
public final class TcpTransport implements RoomTransport {
    /** Where it is configured. */
    static final String PID = "dev.capstan.room.tcp";

    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** Configuration of rooms over TCP. */
    @ObjectClassDefinition(
            name = "Capstan: rooms over TCP",
            description = "Rooms at tcp:// addresses. A change is taken by rooms that open later.")
    @interface Config {

        /** What is listened on. */
        @AttributeDefinition(
                name = "Bind address",
                description =
                        "The address of this machine that a room listens on. Empty: the one its room file names, or all where that is not of this machine, as behind a router.")
        String bind() default "";
    }

    private final String bind;
    private final Connections connections = new Connections("capstan-room-tcp", System::nanoTime);

    /** Takes where to listen. */
    @Activate
    public TcpTransport(Config config) {
        this(config.bind());
    }

    TcpTransport(String bind) {
        this.bind = bind;
    }

    @Override
    public Closeable open(URI address, Acceptor acceptor) throws IOException {
        var named = TcpAddress.of(address);
        var local = new InetSocketAddress(local(named), named.port());
        try {
            return connections.listen(local, acceptor);
        } catch (BindException e) {
            throw new IOException("No room can be opened at " + local + ": " + e.getMessage(), e);
        }
    }

    /** A name may be a router's, which leads here; then it is not known by which address. */
    private InetAddress local(TcpAddress named) throws IOException {
        if (!bind.isEmpty()) {
            return InetAddress.getByName(bind);
        }
        var everything = new InetSocketAddress(0).getAddress();
        try {
            var address = InetAddress.getByName(named.host());
            return NetworkInterface.getByInetAddress(address) == null ? everything : address;
        } catch (UnknownHostException e) {
            return everything;
        }
    }

    @Override
    public RoomChannel connect(URI address, Handler handler)
            throws IOException, InterruptedException {
        var named = TcpAddress.of(address);
        var end = System.nanoTime() + WITHIN.toNanos();
        var candidates = Lookup.of(named.host(), WITHIN);
        IOException failure = null;
        for (var i = 0; i < candidates.size(); i++) {
            // One that is silent leaves time to the others.
            var left = Duration.ofNanos(end - System.nanoTime()).dividedBy(candidates.size() - i);
            try {
                return connections.connect(
                        new InetSocketAddress(candidates.get(i), named.port()), handler, left);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw new IOException(
                "No room answers at "
                        + named
                        + ": "
                        + (failure == null ? "it has no address" : failure.getMessage()),
                failure);
    }

    /** Ends all rooms' connections. */
    @Deactivate
    void stop() throws IOException {
        connections.close();
    }
}
