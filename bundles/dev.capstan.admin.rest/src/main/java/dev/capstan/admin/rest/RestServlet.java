package dev.capstan.admin.rest;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Answer;
import dev.capstan.admin.rest.http.Arrivals;
import dev.capstan.admin.rest.http.ArrivingBodies;
import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.Doorkeeper;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Routes;
import dev.capstan.admin.rest.http.Upload;
import dev.capstan.name.DataFolder;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * REST under {@code /api/v1}: lets a request in, finds who answers it, and says what went wrong.
 * Called by many threads of the web server.
 */
@Component(
        service = {Servlet.class, RestServlet.class},
        configurationPid = WebConfig.PID)
@HttpWhiteboardServletAsyncSupported
@HttpWhiteboardServletPattern(RestServlet.ROOT + "/*")
public final class RestServlet extends HttpServlet {
    static final String ROOT = "/api/v1";

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(RestServlet.class.getName());

    private final transient Doorkeeper door;
    private final transient Arrivals arrivals;
    private final transient ArrivingBodies bodies;
    private final transient ArrivingBodies files;
    private final transient Set<Routes> all = new CopyOnWriteArraySet<>();
    private transient volatile Router router = new Router();

    /** Takes who may use it. */
    @Activate
    public RestServlet(BundleContext context, WebConfig config, @Reference Doorkeeper door) {
        var patience = Duration.ofSeconds(config.requestSeconds());
        arrivals = new Arrivals(patience);
        bodies = ArrivingBodies.inMemory(patience);
        files = ArrivingBodies.inFiles(patience, DataFolder.of(context).run());
        this.door = door;
    }

    @Deactivate
    void close() {
        arrivals.close();
    }

    @Reference(
            service = Routes.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    synchronized void bindRoutes(Routes routes) {
        all.add(routes);
        reroute();
    }

    synchronized void unbindRoutes(Routes routes) {
        all.remove(routes);
        reroute();
    }

    /** Requests that are under way keep the router they found. */
    private void reroute() {
        var fresh = new Router();
        all.forEach(routes -> routes.addTo(fresh));
        router = fresh;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        arrivals.attend(request);
        var origin = door.allowedOrigin(request);
        if (origin.isPresent()) {
            response.setHeader("Access-Control-Allow-Origin", origin.get());
            response.setHeader("Access-Control-Expose-Headers", "Allow, Location, Retry-After");
        }
        response.setHeader("Vary", "Origin");
        var headOnly = request.getMethod().equals("HEAD");
        var answer = answer(request);
        if (answer instanceof Reply reply) {
            send(reply, response, headOnly);
        } else if (answer instanceof Answer.Later later) {
            PendingReply.await(later, request.startAsync(), headOnly);
        } else if (answer instanceof Answer.WhenWhole body) {
            (body.isUpload() ? files : bodies)
                    .await(request, reply -> send(reply, response, headOnly));
        }
    }

    /** A browser breaks requests off when its user goes elsewhere: nobody is left to tell. */
    private static void send(Reply reply, HttpServletResponse response, boolean headOnly) {
        try {
            reply.send(response, headOnly);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The client has gone", e);
        }
    }

    private Answer answer(HttpServletRequest request) throws IOException {
        try {
            door.checkOrigin(request);
            var path = request.getPathInfo() == null ? "" : request.getPathInfo();
            return request.getMethod().equals("OPTIONS")
                    ? options(request, path)
                    : answer(request, path, door.scope(request));
        } catch (ProblemException e) {
            return Reply.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.of(ProblemException.unavailable("This part of the host stops."));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A request failed: " + request.getMethod(), e);
            return Reply.of(ProblemException.internal());
        }
    }

    private Answer answer(HttpServletRequest request, String path, Scope scope)
            throws ProblemException, IOException, InterruptedException {
        Router.Match match;
        try {
            match = router.find(request.getMethod(), path);
        } catch (ProblemException e) {
            Doorkeeper.check(scope, Scope.READ); // strangers are not told what there is
            throw e;
        }
        Doorkeeper.check(scope, match.route().scope());
        if (ArrivingBodies.isDue(request)) {
            if (match.route().isUpload()) {
                Upload.admit(request);
            }
            return new Answer.WhenWhole(match.route().isUpload());
        }
        return match.route().handler().answer(new Call(request, match.named(), scope));
    }

    /** What a path takes; a browser asks it without a token before it sends one. */
    private Reply options(HttpServletRequest request, String path) throws ProblemException {
        var methods = String.join(", ", router.methods(path)) + ", OPTIONS";
        var reply = Reply.empty(204).with("Allow", methods);
        return door.allowedOrigin(request).isEmpty()
                ? reply
                : reply.with("Access-Control-Allow-Methods", methods)
                        .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
                        .with("Access-Control-Max-Age", "600");
    }
}
