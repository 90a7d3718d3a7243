package dev.capstan.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 origin for tests, on raw sockets, of the loopback address unless told otherwise, so
 * that it can break every rule. It serves a {@link Resource} as a good server does; a {@link
 * Handler} around it adds faults:
 *
 * <pre>{@code
 * try (var origin = Origin.plain()) {
 *     var file = Resource.of(Body.random(1_000_000, 1));
 *     origin.serve("/file.bin", exchange -> {
 *         if (exchange.number() == 1) {
 *             exchange.cutAfter(500_000);
 *         }
 *         file.handle(exchange);
 *     });
 *     fetch(origin.uri("/file.bin"));
 *     assertEquals(1_000_000, origin.bodyBytes());
 * }
 * }</pre>
 *
 * <p>Every request is in the {@link #log}, with the bytes that were sent for it. Safe for any
 * number of threads. One thread accepts and one serves each connection, named {@code
 * capstan-origin-…}; they end with {@link #close}.
 */
public final class Origin implements AutoCloseable {
    private static final char[] PASSWORD = "origin".toCharArray();

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final String[] versions;
    private final Map<String, Handler> handlers = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<Exchange> log = new ArrayList<>();
    private final Set<Connection> open = new HashSet<>();
    private Handler otherwise = Origin::notFound;
    private IntPredicate welcome = number -> true;
    private int accepted;

    private Origin(InetAddress address, @Nullable SSLContext tls, String... versions) {
        this.tls = tls;
        this.versions = versions;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(address, 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("capstan-origin-" + server.getLocalPort(), this::accept);
    }

    /**
     * Starts an origin that speaks plain HTTP.
     *
     * @return a running origin
     */
    public static Origin plain() {
        return plain(InetAddress.getLoopbackAddress());
    }

    /**
     * Starts an origin that speaks plain HTTP to more than this machine.
     *
     * @param address where it listens
     * @return a running origin
     */
    public static Origin plain(InetAddress address) {
        return new Origin(address, null);
    }

    /**
     * Starts an origin that speaks HTTP over TLS, with a certificate for {@code localhost} and
     * {@code 127.0.0.1} that {@link #clientContext} trusts.
     *
     * @return a running origin
     */
    public static Origin tls() {
        return new Origin(InetAddress.getLoopbackAddress(), context());
    }

    /**
     * Starts an origin that speaks HTTP over certain versions of TLS.
     *
     * @param versions as the JDK names them, for example {@code TLSv1.2}
     * @return a running origin
     */
    public static Origin tls(String... versions) {
        return new Origin(InetAddress.getLoopbackAddress(), context(), versions);
    }

    /**
     * What a client needs to trust {@link #tls} origins.
     *
     * @return a context
     */
    public static SSLContext clientContext() {
        return context();
    }

    /**
     * Serves a path, from the next request on.
     *
     * @param path begins with a slash, without query
     * @param handler answers
     * @return this
     */
    public synchronized Origin serve(String path, Handler handler) {
        handlers.put(path, handler);
        return this;
    }

    /**
     * Serves every path that has no handler of its own, in place of a 404.
     *
     * @param handler answers
     * @return this
     */
    public synchronized Origin otherwise(Handler handler) {
        otherwise = handler;
        return this;
    }

    /**
     * Resets connections right after they were accepted.
     *
     * @param numbers tells which may stay, counted from 1
     * @return this
     */
    public synchronized Origin welcome(IntPredicate numbers) {
        welcome = numbers;
        return this;
    }

    /**
     * An address on this origin.
     *
     * @param path path and query
     * @return the whole address
     */
    public URI uri(String path) {
        var host =
                tls == null
                        ? "http://" + server.getInetAddress().getHostAddress() + ":"
                        : "https://localhost:";
        return URI.create(host + server.getLocalPort() + path);
    }

    /**
     * The port.
     *
     * @return the port
     */
    public int port() {
        return server.getLocalPort();
    }

    /**
     * All requests, in the order of their arrival.
     *
     * @return a snapshot of living exchanges
     */
    public synchronized List<Exchange> log() {
        return List.copyOf(log);
    }

    /**
     * Body bytes sent in all.
     *
     * @return bytes handed to the network
     */
    public long bodyBytes() {
        return log().stream().mapToLong(Exchange::bodyBytes).sum();
    }

    /**
     * Connections accepted in all.
     *
     * @return those turned away included
     */
    public synchronized int connections() {
        return accepted;
    }

    /**
     * Connections that are open.
     *
     * @return how many
     */
    public synchronized int openConnections() {
        return open.size();
    }

    /**
     * Waits until no connection is open.
     *
     * @param most how long
     * @return whether none is
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitNoConnection(Duration most) throws InterruptedException {
        return await(open::isEmpty, most);
    }

    /**
     * Waits for a number of connections: a client may be through with one before it is accepted.
     *
     * @param connections how many in all
     * @param most how long
     * @return whether they came
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitConnections(int connections, Duration most) throws InterruptedException {
        return await(() -> accepted >= connections, most);
    }

    /**
     * Waits for a number of requests.
     *
     * @param requests how many in all
     * @param most how long
     * @return whether they came
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitRequests(int requests, Duration most) throws InterruptedException {
        return await(() -> log.size() >= requests, most);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration most)
            throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Ends all connections and frees the port. */
    @Override
    public void close() {
        try {
            server.close();
            List<Connection> left;
            synchronized (this) {
                left = List.copyOf(open);
            }
            for (var connection : left) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var tcp = server.accept();
                var connection = register(tcp);
                if (connection != null) {
                    daemon(
                            "capstan-origin-" + port() + "-" + connection.number(),
                            () -> serve(connection));
                }
            } catch (IOException e) {
                // The origin was closed, or the peer was gone before it was accepted.
            }
        }
    }

    private @Nullable Connection register(Socket tcp) throws IOException {
        int number;
        boolean stays;
        synchronized (this) {
            number = ++accepted;
            notifyAll();
            stays = welcome.test(number);
        }
        tcp.setTcpNoDelay(true);
        var connection = new Connection(number, tcp, tls == null ? tcp : upgrade(tls, tcp));
        if (!stays) {
            connection.reset();
            return null;
        }
        synchronized (this) {
            open.add(connection);
        }
        return connection;
    }

    private void serve(Connection connection) {
        try {
            for (var request = connection.read(); request != null; request = connection.read()) {
                var query = request.target().indexOf('?');
                var path = query < 0 ? request.target() : request.target().substring(0, query);
                Handler handler;
                Exchange exchange;
                synchronized (this) {
                    var number = counts.merge(path, 1, Integer::sum);
                    handler = handlers.getOrDefault(path, otherwise);
                    exchange =
                            new Exchange(
                                    connection,
                                    number,
                                    request.method(),
                                    request.target(),
                                    request.headers(),
                                    request.body());
                    log.add(exchange);
                    notifyAll();
                }
                handler.handle(exchange);
                if (!exchange.isReusable()) {
                    break;
                }
            }
            connection.end();
        } catch (IOException e) {
            // The peer left, or the script ended the connection.
        } finally {
            try {
                connection.close();
            } catch (IOException e) {
                // Nothing more can be done for it.
            }
            synchronized (this) {
                open.remove(connection);
                notifyAll();
            }
        }
    }

    private static void notFound(Exchange exchange) throws IOException {
        exchange.answer(404, "Nothing here", "Content-Type: text/plain");
    }

    private SSLSocket upgrade(SSLContext tls, Socket tcp) throws IOException {
        var socket = (SSLSocket) tls.getSocketFactory().createSocket(tcp, null, true);
        socket.setUseClientMode(false);
        if (versions.length > 0) {
            socket.setEnabledProtocols(versions);
        }
        return socket;
    }

    // Made by: keytool -genkeypair -alias origin -keyalg EC -dname CN=localhost -validity 36500
    // -ext san=dns:localhost,dns:origin.test,ip:127.0.0.1 -storepass origin -keystore origin.p12
    private static SSLContext context() {
        try (var file = Origin.class.getResourceAsStream("origin.p12")) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(file, PASSWORD);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("origin", store.getCertificate("origin"));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
