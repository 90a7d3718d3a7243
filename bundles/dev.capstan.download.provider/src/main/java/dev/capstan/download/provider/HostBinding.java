package dev.capstan.download.provider;

import dev.capstan.host.spi.HostResolver;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * One host's service in the registry. The service object is asked for late and on the plug-in's own
 * threads, because asking may run its constructor, and that may do anything.
 */
final class HostBinding implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostBinding.class.getName());

    private final ServiceReference<HostResolver> reference;
    private final BundleContext context;
    private volatile HostService service;
    private volatile @Nullable HostResolver resolver;
    private volatile boolean closed;

    private HostBinding(ServiceReference<HostResolver> reference, BundleContext context) {
        this.reference = reference;
        this.context = context;
        service = read();
    }

    /** Takes a service; null if it does not say what a host must say. */
    static @Nullable HostBinding of(
            ServiceReference<HostResolver> reference, BundleContext context) {
        try {
            return new HostBinding(reference, context);
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, e.getMessage());
            return null;
        }
    }

    HostService service() {
        return service;
    }

    /** Reads the properties again; the calls stay the same. */
    HostService update() {
        try {
            var said = read();
            var changed = service.with(said);
            said.close();
            service = changed;
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, e.getMessage());
        }
        return service;
    }

    @Override
    public void close() {
        closed = true;
        service.close();
        resolver = null;
        while (context.ungetService(reference)) {
            // As often as it was got.
        }
    }

    private HostService read() {
        var bundle = reference.getBundle();
        return new HostService(
                properties(),
                bundle == null ? "" : Objects.requireNonNullElse(bundle.getSymbolicName(), ""),
                bundle == null ? "" : bundle.getVersion().toString(),
                this::resolver);
    }

    private Map<String, Object> properties() {
        var properties = new HashMap<String, Object>();
        for (var key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        return properties;
    }

    /** Two threads may get it at once: they get the same. */
    private @Nullable HostResolver resolver() {
        if (resolver == null && !closed) {
            resolver = context.getService(reference);
        }
        return resolver;
    }
}
