package dev.capstan.feature.provider;

import dev.capstan.event.Topics;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/**
 * Tells that bundles changed, whoever changed them. Called by the framework's own thread, which
 * waits for nobody here.
 */
@Component(
        service = {},
        immediate = true)
public final class Announcer {
    private static final int CHANGES =
            BundleEvent.INSTALLED
                    | BundleEvent.STARTED
                    | BundleEvent.STOPPED
                    | BundleEvent.UPDATED
                    | BundleEvent.UNINSTALLED;

    private final BundleContext context;
    private final EventAdmin events;
    private final BundleListener listener = this::tell;

    /** Listens to the framework. */
    @Activate
    public Announcer(BundleContext context, @Reference EventAdmin events) {
        this.context = context;
        this.events = events;
        context.addBundleListener(listener);
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(listener);
    }

    private void tell(BundleEvent event) {
        if ((event.getType() & CHANGES) != 0 && !Trial.is(event.getBundle())) {
            events.postEvent(new Event(Topics.FEATURE_CHANGED, Map.<String, Object>of()));
        }
    }
}
