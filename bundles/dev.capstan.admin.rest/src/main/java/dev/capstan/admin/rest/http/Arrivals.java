package dev.capstan.admin.rest.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The connections that have no request at work: new ones, those between two requests, and those
 * whose next request is on its way, however slowly. One that is so for too long is closed, and
 * where there are too many, the one that is so for longest: nobody can take them all.
 *
 * <p>The server knows no such limits: it waits as long as each byte comes within a minute of the
 * one before. Its connector is told of by the first request.
 *
 * <p>Safe for any thread; the lock is held for memory only.
 */
public final class Arrivals
        implements Connection.Listener, HttpConfiguration.Customizer, Runnable, AutoCloseable {
    private static final int BETWEEN_LOOKS_MS = 500;

    /** Far below the files that a process may have open, and above what browsers keep open. */
    private static final int MOST_CONNECTIONS = 2048;

    /** Since when, the longest first. */
    private final Map<Connection, Long> waiting = new LinkedHashMap<>();

    private final long mostNanos;
    private volatile @Nullable Connector connector;
    private boolean isLooking;

    /**
     * Waits for nobody yet.
     *
     * @param most how long a connection may be without a request
     */
    public Arrivals(Duration most) {
        mostNanos = most.toNanos();
    }

    /** Looks after the connections of the server that a request came to. */
    public void attend(ServletRequest request) {
        var inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        var its = ServletContextRequest.getServletContextRequest(inner).getConnectionMetaData();
        if (its.getConnector() != connector) {
            attend(its.getConnector());
        }
    }

    void attend(Connector next) {
        synchronized (this) {
            if (next == connector) {
                return;
            }
            close();
            connector = next;
        }
        next.addEventListener(this);
        configuration(next).addCustomizer(this);
        for (var endPoint : next.getConnectedEndPoints()) {
            var connection = endPoint.getConnection();
            if (connection != null && connection.getMessagesIn() == 0) {
                onOpened(connection);
            }
        }
    }

    private static HttpConfiguration configuration(Connector connector) {
        return connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
    }

    /** Looks after nobody any more. */
    @Override
    public synchronized void close() {
        var last = connector;
        connector = null;
        waiting.clear();
        // A server that stopped forgot that it was to look.
        isLooking = false;
        if (last != null) {
            configuration(last).removeCustomizer(this);
            last.removeEventListener(this);
        }
    }

    @Override
    public void onOpened(Connection connection) {
        // A WebSocket brings no requests.
        if (connection instanceof ConnectionMetaData) {
            await(connection);
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    /** A request is here. */
    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        var connection = request.getConnectionMetaData().getConnection();
        onClosed(connection);
        Request.addCompletionListener(
                request,
                failure -> {
                    if (connection.getEndPoint().getConnection() == connection) {
                        await(connection);
                    }
                });
        return request;
    }

    private void await(Connection connection) {
        List<Connection> tooMany;
        synchronized (this) {
            waiting.remove(connection);
            waiting.put(connection, System.nanoTime());
            tooMany = waiting.size() > MOST_CONNECTIONS ? longest(1) : List.of();
            look();
        }
        tooMany.forEach(Arrivals::close);
    }

    private List<Connection> longest(int count) {
        var found = waiting.keySet().stream().limit(count).toList();
        found.forEach(waiting::remove);
        return found;
    }

    private void look() {
        var present = connector;
        if (present != null && !isLooking && !waiting.isEmpty()) {
            isLooking = true;
            present.getScheduler().schedule(this, BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes those that are waited for too long. */
    @Override
    public void run() {
        var late = new ArrayList<Connection>();
        synchronized (this) {
            var now = System.nanoTime();
            for (var each : waiting.entrySet()) {
                if (now - each.getValue() < mostNanos) {
                    break;
                }
                late.add(each.getKey());
            }
            late.forEach(waiting::remove);
            isLooking = false;
            look();
        }
        late.forEach(Arrivals::close);
    }

    private static void close(Connection connection) {
        if (connection.getEndPoint().getConnection() == connection) {
            connection.getEndPoint().close();
        }
    }
}
