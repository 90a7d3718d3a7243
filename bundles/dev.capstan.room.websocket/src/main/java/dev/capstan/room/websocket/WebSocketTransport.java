package dev.capstan.room.websocket;

import dev.capstan.room.spi.RoomChannel;
import dev.capstan.room.spi.RoomTransport;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Rooms at {@code ws://USER@HOST:PORT/rooms/ROOMID} (R7): the maker serves them with Jetty, members
 * connect with the client of the JDK.
 *
 * <p>Safe for any number of threads.
 */
@Component(property = RoomTransport.SCHEMES + "=ws", configurationPid = WebSocketTransport.PID)
@Designate(ocd = WebSocketTransport.Config.class)
public final class WebSocketTransport implements RoomTransport {
    /** Where it is configured. */
    static final String PID = "dev.capstan.room.websocket";

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration MOST_HESITATION = Duration.ofSeconds(10);
    private static final int CLIENT_THREADS = 2;

    /** Configuration of rooms over WebSocket. */
    @ObjectClassDefinition(
            name = "Capstan: rooms over WebSocket",
            description = "Rooms at ws:// addresses. A change is taken by rooms that open later.")
    @interface Config {

        /** What is listened on. */
        @AttributeDefinition(
                name = "Bind address",
                description =
                        "The address of this machine that a room listens on. Empty: the one its room file names, or all where that is not of this machine, as behind a router.")
        String bind() default "";
    }

    private final String bind;
    private final Duration within;
    private final Channels channels = new Channels(System::nanoTime);
    private final Set<RoomServer> servers = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor clientThreads;
    private @Nullable HttpClient client;
    private volatile boolean isStopped;

    /** Takes where to listen. */
    @Activate
    public WebSocketTransport(Config config) {
        this(config.bind());
    }

    WebSocketTransport(String bind) {
        this(bind, WITHIN);
    }

    WebSocketTransport(String bind, Duration within) {
        this.bind = bind;
        this.within = within;
        clientThreads =
                new ThreadPoolExecutor(
                        CLIENT_THREADS,
                        CLIENT_THREADS,
                        WITHIN.toSeconds(),
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> Channels.thread(task, "client"));
        clientThreads.allowCoreThreadTimeOut(true);
    }

    /** One for all, made when first needed: it has a thread of its own. */
    private synchronized HttpClient client() throws IOException {
        checkRunning();
        var present = client;
        if (present == null) {
            present =
                    HttpClient.newBuilder()
                            .executor(clientThreads)
                            .proxy(HttpClient.Builder.NO_PROXY)
                            .connectTimeout(within)
                            .build();
            client = present;
        }
        return present;
    }

    @Override
    public Closeable open(URI address, Acceptor acceptor) throws IOException {
        var room = RoomAddress.of(address);
        var local = local(room);
        var server =
                new RoomServer(channels, local, room, acceptor, servers::remove, MOST_HESITATION);
        try {
            start(server);
        } catch (IOException e) {
            throw new IOException(
                    "No room can be opened at "
                            + new InetSocketAddress(local, room.port())
                            + ": "
                            + e.getMessage(),
                    e);
        }
        return server;
    }

    private void start(RoomServer server) throws IOException {
        checkRunning();
        servers.add(server);
        server.start();
        if (isStopped) { // in the meantime, perhaps before there was anything to stop
            server.stop();
            checkRunning();
        }
    }

    private void checkRunning() throws IOException {
        if (isStopped) {
            throw new IOException("The transport was stopped");
        }
    }

    /** A name may be a router's, which leads here; then it is not known by which address. */
    private InetAddress local(RoomAddress room) throws IOException {
        if (!bind.isEmpty()) {
            return InetAddress.getByName(bind);
        }
        var everything = new InetSocketAddress(0).getAddress();
        try {
            var address = InetAddress.getByName(room.host());
            return NetworkInterface.getByInetAddress(address) == null ? everything : address;
        } catch (UnknownHostException e) {
            return everything;
        }
    }

    @Override
    public RoomChannel connect(URI address, Handler handler)
            throws IOException, InterruptedException {
        var room = RoomAddress.of(address);
        var member = new MemberSocket(channels, room.toString());
        var opening = client().newWebSocketBuilder().buildAsync(room.request(), member);
        try {
            member.opened(opening.get(within.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw new IOException("No room answers at " + room + ": " + words(e.getCause()), e);
        } catch (TimeoutException e) {
            drop(opening);
            throw new IOException(
                    "No room answers at " + room + " within " + within.toSeconds() + " s");
        } catch (InterruptedException e) {
            drop(opening);
            throw e;
        }
        channels.start(member.channel(), channel -> handler, () -> {});
        return member.channel();
    }

    /** Ends a try, also where the other side never says anything or never ends what it says. */
    private static void drop(CompletableFuture<WebSocket> opening) {
        if (!opening.cancel(true)) {
            var unused = opening.thenAccept(WebSocket::abort);
        }
    }

    private static String words(@Nullable Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused) {
            return "it is refused with status " + refused.getResponse().statusCode();
        }
        var message = cause == null ? null : cause.getMessage();
        return message == null ? "nobody listens there" : message;
    }

    /** Ends all rooms' connections. */
    @Deactivate
    void stop() {
        synchronized (this) {
            isStopped = true;
            // Its own thread ends when nobody knows it any more.
            client = null;
        }
        channels.close();
        servers.forEach(RoomServer::stop);
        clientThreads.shutdown();
    }
}
