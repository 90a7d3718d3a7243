package dev.capstan.admin.console;

import dev.capstan.face.Face;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.context.ServletContextHelper;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/** Says where the console is, once a server has it. Safe for any number of threads. */
@Component(service = Face.class, immediate = true)
@ServiceRanking(1)
public final class ConsoleFace implements Face {
    private static final String ENDPOINT = "osgi.http.endpoint";
    private static final String ROOT = "system/console";

    private final Deferred<List<Entry>> opened = new Deferred<>();
    private @Nullable URI server;
    private boolean isRegistered;
    private boolean isOpen;

    @Override
    public Promise<List<Entry>> opened() {
        return opened.getPromise();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + ENDPOINT + "=*)")
    synchronized void bindRuntime(HttpServiceRuntime runtime, Map<String, Object> properties) {
        if (properties.get(ENDPOINT) instanceof String[] endpoints && endpoints.length > 0) {
            server = URI.create(endpoints[0]);
            settle();
        }
    }

    void unbindRuntime(HttpServiceRuntime runtime) {
        // What was told stays told: another port needs another start.
    }

    /** The console registers its context as soon as it may be used. */
    @Reference(
            service = ServletContextHelper.class,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(osgi.http.whiteboard.context.name=org.apache.felix.webconsole)")
    synchronized void bindConsole(Map<String, Object> properties) {
        isRegistered = true;
        settle();
    }

    void unbindConsole(Map<String, Object> properties) {
        // See above.
    }

    private void settle() {
        if (server != null && isRegistered && !isOpen) {
            isOpen = true;
            opened.resolve(List.of(new Entry("console", server.resolve(ROOT).toString())));
        }
    }
}
