package dev.capstan.admin.rest.stream;

import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletAsyncSupported;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The streaming endpoint {@code /stream/KEY}: the key is all that is needed, since players cannot
 * send a token. Called by many threads of the web server, none of which waits.
 */
@Component(service = {Servlet.class, StreamServlet.class})
@HttpWhiteboardServletPattern(Links.PATH + "*")
@HttpWhiteboardServletAsyncSupported
public final class StreamServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Links links;
    private final transient Sources sources;
    private final transient Streams streams;

    /** Takes who reads links, opens what they lead to and runs the streams. */
    @Activate
    public StreamServlet(
            @Reference Links links, @Reference Sources sources, @Reference Streams streams) {
        this.links = links;
        this.sources = sources;
        this.streams = streams;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            begin(request, response);
        } catch (ProblemException e) {
            Reply.of(e).send(response);
        }
    }

    private void begin(HttpServletRequest request, HttpServletResponse response)
            throws ProblemException {
        if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            throw new ProblemException(405, "METHOD", "A stream can only be read.");
        }
        var path = request.getPathInfo();
        var target =
                links.target(path == null ? "" : path.substring(1))
                        .orElseThrow(
                                () ->
                                        ProblemException.notFound(
                                                "This link is none of this host, or it has"
                                                        + " expired; make a new one."));
        sources.name(target); // tells at once what is not here any more
        var connection = ClientConnection.of(request);
        var async = request.startAsync();
        async.setTimeout(0);
        var writer = new ResponseWriter(response);
        var demand = Demand.of(request);
        streams.start(new Stream(sources, target, demand, connection, async, writer));
    }
}
