package dev.capstan.admin.rest.events;

import dev.capstan.access.Scope;
import dev.capstan.admin.rest.http.Doorkeeper;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.admin.rest.http.Reply;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeResponse;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The door of the event face, at {@code /api/v1/events} (S5, S6): who may not listen is refused
 * before anything is upgraded. A browser cannot send a header with a WebSocket, so it offers its
 * token as a subprotocol beside the one that is spoken.
 *
 * <p>Called by many threads of the web server.
 */
@Component(service = {Servlet.class, EventsServlet.class})
@HttpWhiteboardServletPattern("/api/v1/events")
public final class EventsServlet extends JettyWebSocketServlet {
    private static final long serialVersionUID = 1L;

    private static final String PROTOCOL = "capstan.v1";
    private static final String TOKEN = "capstan.token.";
    private static final String BEARER = "Bearer ";
    private static final int MOST_INCOMING = 64 << 10;

    /** Ours and what Jetty answers by itself: a message, a ping, a pong and a good-bye. */
    private static final int MOST_OUTGOING = 8;

    /** What the system may hold for one client that does not read; by itself it takes megabytes. */
    private static final int SEND_BUFFER = 128 << 10;

    private final transient EventHub hub;
    private final transient Doorkeeper door;

    /** Takes whom clients listen to, and who may. */
    @Activate
    public EventsServlet(@Reference EventHub hub, @Reference Doorkeeper door) {
        this.hub = hub;
        this.door = door;
    }

    @Override
    protected void configure(JettyWebSocketServletFactory factory) {
        factory.setMaxTextMessageSize(MOST_INCOMING);
        factory.setMaxBinaryMessageSize(MOST_INCOMING);
        // A bound of frames would be one of ours too; a frame comes in pieces, so the bounds above
        // do.
        factory.setMaxFrameSize(0);
        factory.setMaxOutgoingFrames(MOST_OUTGOING);
        factory.setIdleTimeout(Client.MOST_SILENCE);
        factory.setCreator(this::accept);
    }

    private Object accept(JettyServerUpgradeRequest request, JettyServerUpgradeResponse response) {
        // No compression: it costs memory for each client, and what it would save is little.
        response.setExtensions(List.of());
        if (request.hasSubProtocol(PROTOCOL)) {
            response.setAcceptedSubProtocol(PROTOCOL);
        }
        var token = token(request.getHttpServletRequest());
        var caller = request.getHttpServletRequest().getRemoteAddr();
        return new EventSocket(hub, () -> opens(token, caller));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            check(request);
        } catch (ProblemException e) {
            Reply.of(e).send(response);
            return;
        }
        limitSendBuffer(request);
        super.service(request, response);
    }

    private void check(HttpServletRequest request) throws ProblemException {
        door.checkAnyOrigin(request);
        var token = token(request);
        var scope = token.isEmpty() ? Scope.NOBODY : door.scope(token, request.getRemoteAddr());
        Doorkeeper.check(scope, Scope.READ);
        if (!request.getMethod().equals("GET")) {
            throw new ProblemException(405, "METHOD", "This path takes GET.");
        }
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            throw new ProblemException(
                    426, "UPGRADE_REQUIRED", "Events are told over a WebSocket.");
        }
        var offered = protocols(request);
        if (!offered.isEmpty() && !offered.contains(PROTOCOL)) {
            throw ProblemException.malformed(
                    "The subprotocol \"" + PROTOCOL + "\" is not among those that are offered.");
        }
    }

    /** Whether a token still opens this: those of programs can be taken back. */
    private boolean opens(String token, String caller) {
        try {
            return door.scope(token, caller).covers(Scope.READ);
        } catch (ProblemException e) {
            return false;
        }
    }

    /** The token a request shows, empty where it shows none. */
    private static String token(HttpServletRequest request) {
        for (var protocol : protocols(request)) {
            if (protocol.startsWith(TOKEN)) {
                return protocol.substring(TOKEN.length());
            }
        }
        var header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    private static List<String> protocols(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Sec-WebSocket-Protocol")).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::strip)
                .toList();
    }

    private static void limitSendBuffer(HttpServletRequest request) throws IOException {
        var endPoint =
                ServletContextRequest.getServletContextRequest(request)
                        .getConnectionMetaData()
                        .getConnection()
                        .getEndPoint();
        if (endPoint instanceof SelectableChannelEndPoint selectable
                && selectable.getChannel() instanceof SocketChannel channel) {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
        }
    }
}
