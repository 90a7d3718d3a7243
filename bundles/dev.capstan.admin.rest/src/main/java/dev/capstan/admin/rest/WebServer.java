package dev.capstan.admin.rest;

import dev.capstan.admin.rest.events.EventsServlet;
import dev.capstan.admin.rest.http.ServerAddress;
import dev.capstan.admin.rest.http.Token;
import dev.capstan.admin.rest.stream.StreamServlet;
import dev.capstan.face.Face;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/**
 * Opens the web server and says where it is. The server is Felix HTTP, which waits for a
 * configuration; it is given one only where the port is free, since it would otherwise log a stack
 * trace and go on without.
 */
@Component(service = Face.class, immediate = true, configurationPid = WebConfig.PID)
@Designate(ocd = WebConfig.class)
public final class WebServer implements Face {
    private static final String SERVER_PID = "org.apache.felix.http";

    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final Token token;
    private final Deferred<List<Entry>> opened = new Deferred<>();
    private final EndpointFile file;
    private @Nullable URI base;
    private boolean hasRest;
    private boolean hasStreams;
    private boolean hasEvents;
    private boolean isOpen;

    /** Opens the server. */
    @Activate
    public WebServer(
            BundleContext context,
            WebConfig config,
            @Reference ConfigurationAdmin configurations,
            @Reference Token token)
            throws IOException {
        this.context = context;
        this.configurations = configurations;
        this.token = token;
        file = new EndpointFile(context);
        var refusal = refusal(config);
        if (refusal == null) {
            configure(config);
        } else {
            opened.fail(new IOException(refusal));
        }
    }

    /**
     * Where it is open it stays: another address needs a new start, and the rest is others' matter.
     */
    @Modified
    void modified() {}

    @Override
    public Promise<List<Entry>> opened() {
        return opened.getPromise();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + ServerAddress.PROPERTY + "=*)")
    synchronized void bindRuntime(HttpServiceRuntime runtime, Map<String, Object> properties)
            throws IOException {
        base = ServerAddress.of(properties).orElse(null);
        settle();
    }

    void unbindRuntime(HttpServiceRuntime runtime) {
        // What it told stays told: a changed port needs a new start.
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    synchronized void bindRest(RestServlet rest) throws IOException {
        hasRest = true;
        settle();
    }

    void unbindRest(RestServlet rest) {
        // See above.
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    synchronized void bindStreams(StreamServlet streams) throws IOException {
        hasStreams = true;
        settle();
    }

    void unbindStreams(StreamServlet streams) {
        // See above.
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    synchronized void bindEvents(EventsServlet events) throws IOException {
        hasEvents = true;
        settle();
    }

    void unbindEvents(EventsServlet events) {
        // See above.
    }

    /** Open is what has an address and all that answers there. */
    private void settle() throws IOException {
        var address = base;
        if (address == null || !hasRest || !hasStreams || !hasEvents || isOpen) {
            return;
        }
        isOpen = true;
        file.write(address.getPort());
        opened.resolve(
                List.of(
                        new Entry("REST", address.resolve(RestServlet.ROOT).toString()),
                        new Entry("token", token.file().toString())));
    }

    @Deactivate
    void close() throws IOException {
        file.delete();
        var framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (framework != null && framework.getState() == Bundle.ACTIVE) {
            configurations.getConfiguration(SERVER_PID, "?").delete();
        }
    }

    private static @Nullable String refusal(WebConfig config) {
        InetAddress address;
        try {
            address = InetAddress.getByName(config.bind());
        } catch (UnknownHostException e) {
            return "The web server cannot listen on \""
                    + config.bind()
                    + "\", which is no address; name one of this machine with --bind.";
        }
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, config.port()));
            return null;
        } catch (IOException e) {
            return "The web server cannot listen on port %d of %s: %s. Choose another one with --port N (0 takes any that is free) or --bind ADDRESS."
                    .formatted(config.port(), config.bind(), e.getMessage());
        }
    }

    private void configure(WebConfig config) throws IOException {
        var server = new Hashtable<String, Object>();
        server.put("org.osgi.service.http.port", config.port());
        server.put("org.apache.felix.http.host", config.bind());
        server.put("org.apache.felix.http.mbeans", false);
        server.put("org.apache.felix.http.jetty.sendServerHeader", false);
        server.put("org.apache.felix.jetty.websocket.enable", true);
        // Few processors, so few threads that accept and select; streams have their own.
        server.put("org.apache.felix.http.jetty.acceptors", 1);
        server.put("org.apache.felix.http.jetty.selectors", 1);
        server.put("org.apache.felix.http.jetty.threadpool.max", 32);
        configurations.getConfiguration(SERVER_PID, "?").update(server);
    }
}
