package dev.capstan.admin.rest.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that are awaited, by no thread: clients that send slowly cost a little memory. When a body
 * is here its request is dispatched anew. Where there are too many, the one that is awaited for
 * longest is given up, so that whoever sends quickly is served.
 *
 * <p>Safe for any thread; the lock is held for memory only.
 */
public final class ArrivingBodies {
    static final String ARRIVED = ArrivingBodies.class.getName();

    /** So many megabytes at most are in memory. */
    private static final int MOST = 64;

    private final Set<ArrivingBody> awaited = new LinkedHashSet<>();
    private final Duration most;

    /**
     * Awaits none.
     *
     * @param most how long one may take
     */
    public ArrivingBodies(Duration most) {
        this.most = most;
    }

    /** Whether a request has a body that is still to come. */
    public static boolean isDue(HttpServletRequest request) {
        return request.getDispatcherType() != DispatcherType.ASYNC
                && (request.getContentLengthLong() > 0
                        || request.getHeader("Transfer-Encoding") != null);
    }

    /**
     * Awaits one.
     *
     * @param late sends the answer to a request whose body did not come in time
     */
    public void await(HttpServletRequest request, Runnable late) throws IOException {
        var async = request.startAsync();
        var in = request.getInputStream();
        var body = new ArrivingBody(async, in, late, this::remove);
        async.setTimeout(most.toMillis());
        async.addListener(body);
        in.setReadListener(body);
        // Its client may not read the answer: another request does not wait for that.
        add(body).ifPresent(ArrivingBody::giveUpSoon);
    }

    private synchronized Optional<ArrivingBody> add(ArrivingBody body) {
        if (body.isOver()) {
            return Optional.empty();
        }
        awaited.add(body);
        return awaited.size() > MOST ? awaited.stream().findFirst() : Optional.empty();
    }

    private synchronized void remove(ArrivingBody body) {
        awaited.remove(body);
    }

    /** The body that came, as far as it was kept. */
    static Optional<byte[]> of(ServletRequest request) {
        return Optional.ofNullable((byte @Nullable []) request.getAttribute(ARRIVED));
    }
}
