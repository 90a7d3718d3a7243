package dev.capstan.admin.rest.stream;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/**
 * The connection of a request, for what no servlet can say or ask: whether the client has gone
 * while nothing is to be sent to it, and the end of a connection before the end of its answer.
 *
 * <p>{@link #isGone} and {@link #release} may be called from other threads than the one that
 * answers.
 */
final class ClientConnection {
    private final EndPoint endPoint;
    private final long usualTimeout;
    private boolean isReleased;
    private boolean isGone;

    private ClientConnection(EndPoint endPoint) {
        this.endPoint = endPoint;
        usualTimeout = endPoint.getIdleTimeout();
    }

    static ClientConnection of(ServletRequest request) {
        var inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        var jetty = ServletContextRequest.getServletContextRequest(inner);
        return new ClientConnection(jetty.getConnectionMetaData().getConnection().getEndPoint());
    }

    /** Lets the client or the source be still for longer than other requests may. */
    void mayRest(Duration most) {
        endPoint.setIdleTimeout(most.toMillis());
    }

    /**
     * Looks whether the client has closed its side. While an answer is being made the server reads
     * nothing, so this may; a client that sends its next request before it has this answer has to
     * send it again on another connection.
     */
    synchronized boolean isGone() {
        if (isReleased || isGone) {
            return isGone;
        }
        try {
            var byteOfNext = BufferUtil.allocate(1);
            isGone = !endPoint.isOpen() || fill(byteOfNext) != 0;
        } catch (IOException e) {
            isGone = true;
        }
        return isGone;
    }

    private int fill(ByteBuffer buffer) throws IOException {
        return endPoint.fill(buffer);
    }

    /** Gives the connection back to the server, for the next request. */
    synchronized void release() {
        if (!isReleased) {
            isReleased = true;
            endPoint.setIdleTimeout(usualTimeout);
        }
    }

    /** Ends it at once, so that no client takes what it got for the whole. */
    synchronized void cut() {
        isReleased = true;
        isGone = true;
        endPoint.close();
    }
}
