package dev.capstan.room.provider;

import dev.capstan.room.provider.protocol.Transport;
import dev.capstan.room.spi.RoomTransport;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The transports that are there, by scheme (R7). Safe for any number of threads. */
final class Transports implements AutoCloseable {
    private final BundleContext context;
    private final Map<ServiceReference<RoomTransport>, Transport> all = new ConcurrentHashMap<>();

    Transports(BundleContext context) {
        this.context = context;
    }

    void add(ServiceReference<RoomTransport> reference) {
        var name = schemes(reference).stream().findFirst().orElse("transport");
        all.put(reference, new Transport(() -> context.getService(reference), name));
    }

    /** Its rooms lose their connections at once; the service itself is given back. */
    void remove(ServiceReference<RoomTransport> reference) {
        var transport = all.remove(reference);
        if (transport != null) {
            transport.close();
            while (context.ungetService(reference)) {
                // As often as it was got.
            }
        }
    }

    /** The one with the highest rank that takes addresses of a scheme. */
    @Nullable Transport find(@Nullable String scheme) {
        var wanted = String.valueOf(scheme).toLowerCase(Locale.ROOT);
        return all.keySet().stream()
                .filter(reference -> schemes(reference).contains(wanted))
                .max(Comparator.naturalOrder())
                .map(all::get)
                .orElse(null);
    }

    @Override
    public void close() {
        List.copyOf(all.keySet()).forEach(this::remove);
    }

    private static List<String> schemes(ServiceReference<RoomTransport> reference) {
        var property = reference.getProperty(RoomTransport.SCHEMES);
        if (property instanceof String one) {
            return List.of(one);
        }
        if (property instanceof String[] many) {
            return List.of(many);
        }
        return property instanceof Collection<?> some
                ? some.stream().map(String::valueOf).toList()
                : List.of();
    }
}
