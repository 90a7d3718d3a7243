package dev.capstan.admin.rest;

import dev.capstan.admin.rest.http.Call;
import dev.capstan.admin.rest.http.Doorkeeper;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import dev.capstan.admin.rest.http.Router;
import dev.capstan.admin.rest.http.Token;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** REST under {@code /api/v1}. Called by many threads of the web server. */
@Component(
        service = {Servlet.class, RestServlet.class},
        configurationPid = WebConfig.PID)
@HttpWhiteboardServletPattern(RestServlet.ROOT + "/*")
public final class RestServlet extends HttpServlet {
    static final String ROOT = "/api/v1";

    private static final long serialVersionUID = 1L;
    private static final System.Logger LOG = System.getLogger(RestServlet.class.getName());

    private final transient Doorkeeper door;
    private final transient Router router;

    /** Takes what it offers and who may use it. */
    @Activate
    public RestServlet(WebConfig config, @Reference Token token, @Reference LinkRoutes links) {
        door = new Doorkeeper(token, Set.of(config.allowedOrigins()), Clock.systemUTC());
        router = new Router();
        links.addTo(router);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        answer(request).send(response);
    }

    private Reply answer(HttpServletRequest request) throws IOException {
        try {
            door.check(request);
            var path = request.getPathInfo();
            var route = router.find(request.getMethod(), path == null ? "" : path);
            return route.handler().answer(new Call(request, route.named()));
        } catch (ProblemException e) {
            return Reply.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Reply.of(ProblemException.missing("time: it stops"));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A request failed: " + request.getMethod(), e);
            return Reply.of(
                    new ProblemException(500, "INTERNAL", "It failed inside; the log says why."));
        }
    }
}
