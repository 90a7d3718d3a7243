package dev.capstan.admin.rest.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that are awaited, by no thread: clients that send slowly cost a little memory, or a file.
 * When a body is here its request is dispatched anew. Where there are too many, the one that is
 * awaited for longest is given up, so that whoever sends quickly is served.
 *
 * <p>Safe for any thread; the lock is held for memory only.
 */
public final class ArrivingBodies {
    static final String ARRIVED = ArrivingBodies.class.getName();

    private static final System.Logger LOG = System.getLogger(ARRIVED);

    /** So many megabytes at most are in memory. */
    private static final int MOST = 64;

    private static final int MOST_FILES = 8;

    private final Set<ArrivingBody> awaited = new LinkedHashSet<>();
    private final Duration patience;
    private final int most;
    private final Stores stores;

    /** Makes room for one more. */
    private interface Stores {
        BodyStore open() throws IOException;
    }

    private ArrivingBodies(Duration patience, int most, Stores stores) {
        this.patience = patience;
        this.most = most;
        this.stores = stores;
    }

    /**
     * Awaits JSON.
     *
     * @param patience how long one may take
     */
    public static ArrivingBodies inMemory(Duration patience) {
        return new ArrivingBodies(patience, MOST, () -> BodyStore.inMemory(Call.MOST_BYTES));
    }

    /**
     * Awaits files. One has as much more time as it may have more bytes.
     *
     * @param patience how long as many bytes may take as a body in memory has
     * @param folder where they are meanwhile
     */
    public static ArrivingBodies inFiles(Duration patience, Path folder) {
        return new ArrivingBodies(
                patience.multipliedBy(Upload.MOST_BYTES / Call.MOST_BYTES),
                MOST_FILES,
                () -> BodyStore.inFile(folder, Upload.MOST_BYTES));
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
     * @param sender sends the answer to a request whose body does not come whole
     */
    public void await(HttpServletRequest request, Consumer<Reply> sender) throws IOException {
        BodyStore store;
        try {
            store = stores.open();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A body cannot be kept", e);
            sender.accept(ArrivingBody.NO_ROOM);
            return;
        }
        var async = request.startAsync();
        var in = request.getInputStream();
        var body = new ArrivingBody(async, in, store, sender, this::remove);
        async.setTimeout(patience.toMillis());
        async.addListener(body);
        in.setReadListener(body);
        // Its client may not read the answer: another request does not wait for that.
        add(body).ifPresent(ArrivingBody::giveUpSoon);
    }

    /** Adds one; gives the one that it takes the place of, which nobody else is given then. */
    private synchronized Optional<ArrivingBody> add(ArrivingBody body) {
        if (body.isOver()) {
            return Optional.empty();
        }
        awaited.add(body);
        if (awaited.size() <= most) {
            return Optional.empty();
        }
        var longest = awaited.iterator().next();
        awaited.remove(longest);
        return Optional.of(longest);
    }

    private synchronized void remove(ArrivingBody body) {
        awaited.remove(body);
    }

    /** The body that came, as far as it was kept. */
    static Optional<byte[]> bytes(ServletRequest request) {
        return Optional.ofNullable((byte @Nullable []) request.getAttribute(ARRIVED));
    }

    /** The same of a file. */
    static Optional<Path> file(ServletRequest request) {
        return Optional.ofNullable((@Nullable Path) request.getAttribute(ARRIVED));
    }
}
