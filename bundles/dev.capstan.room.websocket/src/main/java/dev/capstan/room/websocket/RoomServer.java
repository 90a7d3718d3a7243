package dev.capstan.room.websocket;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport.Acceptor;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * The web server of one room: it has the room's path, and nothing else. Who one is, is proven by
 * what is said over the socket; here is only kept out what cannot be a member: browsers, which
 * always name their page, and too many at once.
 *
 * <p>Called by Jetty's threads; closed by any thread.
 */
final class RoomServer implements Closeable {
    private static final String NAME = "capstan-room-ws-server";

    /** More than a room's users and the strangers it keeps, or those would keep members out. */
    private static final int MOST_CONNECTIONS = 1_300;

    private static final int MOST_THREADS = 8;

    private final Channels channels;
    private final String path;
    private final Acceptor acceptor;
    private final Consumer<RoomServer> whenClosed;
    private final Server server;
    private final ServerConnector connector;
    private final ServerWebSocketContainer sockets;
    private final Set<RoomChannel> members = ConcurrentHashMap.newKeySet();

    /**
     * Serves nobody yet.
     *
     * @param mostHesitation how long a connection may be no WebSocket
     */
    RoomServer(
            Channels channels,
            InetAddress address,
            RoomAddress room,
            Acceptor acceptor,
            Consumer<RoomServer> whenClosed,
            Duration mostHesitation) {
        this.channels = channels;
        this.path = room.path();
        this.acceptor = acceptor;
        this.whenClosed = whenClosed;
        var threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName(NAME);
        threads.setDaemon(true);
        server = new Server(threads, new ScheduledExecutorScheduler(NAME + "-timer", true), null);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(address.getHostAddress());
        connector.setPort(room.port());
        connector.setIdleTimeout(mostHesitation.toMillis());
        connector.addBean(new Hesitation(mostHesitation));
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
        server.setHandler(new Door());
        sockets = ServerWebSocketContainer.ensure(server);
    }

    void start() throws IOException {
        try {
            server.start();
        } catch (Exception e) {
            stop();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    /** Ends connections that become no WebSocket: a byte now and then would keep them for ever. */
    private final class Hesitation implements Connection.Listener {
        private final long mostMillis;

        Hesitation(Duration most) {
            mostMillis = most.toMillis();
        }

        @Override
        public void onOpened(Connection connection) {
            if (connection instanceof ConnectionMetaData) { // one that speaks HTTP
                connector
                        .getScheduler()
                        .schedule(() -> end(connection), mostMillis, TimeUnit.MILLISECONDS);
            }
        }

        private static void end(Connection connection) {
            var endPoint = connection.getEndPoint();
            if (endPoint.getConnection() == connection) {
                endPoint.close();
            }
        }
    }

    /** Lets in who may be a member. */
    private final class Door extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            var status = refusal(request);
            if (status == 0 && upgrade(request, response, callback)) {
                return true;
            }
            response.setStatus(status == 0 ? HttpStatus.UPGRADE_REQUIRED_426 : status);
            callback.succeeded();
            return true;
        }

        private int refusal(Request request) {
            if (!path.equals(request.getHttpURI().getPath())) {
                return HttpStatus.NOT_FOUND_404;
            }
            return request.getHeaders().contains(HttpHeader.ORIGIN) ? HttpStatus.FORBIDDEN_403 : 0;
        }

        private boolean upgrade(Request request, Response response, Callback callback) {
            return sockets.upgrade(
                    (upgrade, answer, done) -> {
                        // No compression: pieces are compressed already.
                        answer.setExtensions(List.of());
                        return new MakerSocket(channels, peer(request), RoomServer.this::welcome);
                    },
                    request,
                    response,
                    callback);
        }
    }

    private static String peer(Request request) {
        var address = Request.getRemoteAddr(request);
        return (address.indexOf(':') < 0 || address.startsWith("[") ? address : "[" + address + "]")
                + ":"
                + Request.getRemotePort(request);
    }

    private void welcome(SocketChannel channel) {
        members.add(channel);
        if (!connector.isOpen()) {
            channel.close();
        }
        channels.start(channel, acceptor::accept, () -> members.remove(channel));
    }

    /** Closes in good order; what is left of the server goes a moment later. */
    @Override
    public void close() {
        connector.close();
        members.forEach(RoomChannel::close);
        // It may take a while, and who watches all channels has no time.
        channels.later(() -> Channels.thread(this::stop, "server-end").start());
    }

    /** Ends it at once. */
    void stop() {
        try {
            server.stop();
        } catch (Exception e) {
            // It stops as far as it can; nothing else can be done about it.
        }
        whenClosed.accept(this);
    }
}
