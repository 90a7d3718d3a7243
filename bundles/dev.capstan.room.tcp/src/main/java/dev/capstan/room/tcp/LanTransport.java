package dev.capstan.room.tcp;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Rooms at {@code lan://USER} (R7): the maker listens on any port that is free and says in the
 * local network where that is; members listen for it, and connect over TCP. Two rooms of one maker
 * at once need addresses that differ: {@code lan://USER/ANYTHING}.
 *
 * <p>Safe for any number of threads.
 */
@Component(property = RoomTransport.SCHEMES + "=lan", configurationPid = LanTransport.PID)
@Designate(ocd = LanTransport.Config.class)
public final class LanTransport implements RoomTransport {
    /** Where it is configured. */
    static final String PID = "dev.capstan.room.tcp.lan";

    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** Longer than from one beacon of a maker to the next. */
    private static final Duration OTHERS_WITHIN = Duration.ofMillis(1_500);

    private static final int TRIES = 4;

    /** Configuration of rooms in the local network. */
    @ObjectClassDefinition(
            name = "Capstan: rooms in the local network",
            description = "Rooms at lan:// addresses. All members need the same group and port.")
    @interface Config {

        /** The group. */
        @AttributeDefinition(
                name = "Multicast group",
                description =
                        "The address that makers announce rooms at; of the range for local use.")
        String group() default "239.255.67.80";

        /** The port. */
        @AttributeDefinition(
                name = "Multicast port",
                description = "The UDP port that makers announce rooms at.",
                min = "1",
                max = "65535")
        int port() default 17_680;

        /** The interfaces. */
        @AttributeDefinition(
                name = "Network interfaces",
                description =
                        "Names of the interfaces to announce rooms at and to look for them at. Empty: all that are up. A room itself is reached at every address of this machine.")
        String[] interfaces() default {};
    }

    private final Multicast multicast;
    private final Duration within;
    private final Connections connections = new Connections("capstan-room-lan", System::nanoTime);

    /** Takes where to announce. */
    @Activate
    public LanTransport(Config config) throws UnknownHostException {
        this(
                new Multicast(
                        new InetSocketAddress(InetAddress.getByName(config.group()), config.port()),
                        Set.of(config.interfaces())),
                WITHIN);
    }

    LanTransport(Multicast multicast, Duration within) {
        this.multicast = multicast;
        this.within = within;
    }

    @Override
    public Closeable open(URI address, Acceptor acceptor) throws IOException {
        var digest = digest(address);
        var listener = connections.listen(new InetSocketAddress(0), acceptor);
        try {
            listener.announcedBy(new Announcement(multicast, new Beacon(digest, listener.port())));
            return listener;
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    @Override
    public RoomChannel connect(URI address, Handler handler)
            throws IOException, InterruptedException {
        var end = System.nanoTime() + within.toNanos();
        IOException failure = null;
        var failed = new HashSet<InetSocketAddress>();
        try (var search = new Search(multicast, digest(address))) {
            for (var left = within.toNanos(); left > 0; left = end - System.nanoTime()) {
                var maker = search.next(failed, Math.min(left, OTHERS_WITHIN.toNanos()));
                if (maker.isEmpty()) {
                    failed.clear(); // there is nobody else to be tried
                    continue;
                }
                try {
                    // Anybody can say where a room is: who is silent leaves time to others.
                    var share = Math.min(end - System.nanoTime(), within.toNanos() / TRIES);
                    return connections.connect(
                            maker.get(), handler, Duration.ofNanos(Math.max(1, share)));
                } catch (IOException e) {
                    failure = e;
                    failed.add(maker.get());
                }
            }
            throw new IOException(
                    (failure == null
                                    ? "No maker of " + address + " was heard within "
                                    : "The maker of "
                                            + address
                                            + " was heard, but did not answer ("
                                            + failure.getMessage()
                                            + ") within ")
                            + within.toSeconds()
                            + " s in "
                            + search,
                    failure);
        }
    }

    private static byte[] digest(URI address) throws IOException {
        if (!"lan".equalsIgnoreCase(address.getScheme())
                || address.getRawAuthority() == null
                || address.getPort() >= 0) {
            throw new IOException(
                    address + " is no address of a room in a local network: lan://USER");
        }
        return Beacon.digest(address.toString());
    }

    /** Ends all rooms' connections. */
    @Deactivate
    void stop() throws IOException {
        connections.close();
    }
}
