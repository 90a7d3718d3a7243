package dev.capstan.admin.web;

import dev.capstan.face.Face;
import dev.capstan.name.DataFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/**
 * Says where the page is, once a server has it; what most people want, so it is told first. Safe
 * for any number of threads.
 */
@Component(service = Face.class, immediate = true)
@ServiceRanking(2)
public final class WebFace implements Face {
    private static final String ENDPOINT = "osgi.http.endpoint";

    private final DataFolder data;
    private final Deferred<List<Entry>> opened = new Deferred<>();
    private @Nullable URI page;

    /** The servlet is taken so that this is only there together with it. */
    @Activate
    public WebFace(BundleContext context, @Reference PageServlet servlet) {
        data = DataFolder.of(context);
    }

    @Override
    public Promise<List<Entry>> opened() {
        return opened.getPromise();
    }

    @Override
    public synchronized List<Entry> forTerminal() {
        var address = page;
        if (address == null) {
            return List.of();
        }
        try {
            var token = Files.readString(data.root().resolve("token")).strip();
            return List.of(new Entry("open", address + "#token=" + token));
        } catch (IOException e) {
            return List.of(); // without it the page asks for the token
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + ENDPOINT + "=*)")
    synchronized void bindRuntime(HttpServiceRuntime runtime, Map<String, Object> properties) {
        if (page != null || !(properties.get(ENDPOINT) instanceof String[] endpoints)) {
            return;
        }
        if (endpoints.length > 0) {
            page = URI.create(endpoints[0]);
            opened.resolve(List.of(new Entry("web UI", page.toString())));
        }
    }

    void unbindRuntime(HttpServiceRuntime runtime) {
        // What was told stays told: another port needs another start.
    }
}
