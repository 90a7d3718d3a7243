package dev.capstan.transfer.http.wire;

import dev.capstan.download.DownloadException;
import dev.capstan.transfer.http.field.Head;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose body is still to be read. Used by one thread and closed by it; closing keeps the
 * connection for others if the body was read to its end, and ends it otherwise.
 */
public final class Reply implements AutoCloseable {
    private static final int WORTH_DRAINING = 16 << 10;

    private final Network network;
    private final Cancellation cancellation;
    private final Request request;
    private final Wire wire;
    private final Runnable hook;
    private final Head head;

    Reply(
            Network network,
            Cancellation cancellation,
            Request request,
            Wire wire,
            Runnable hook,
            Head head) {
        this.network = network;
        this.cancellation = cancellation;
        this.request = request;
        this.wire = wire;
        this.hook = hook;
        this.head = head;
    }

    /** The request it answers, the last one after redirects. */
    public Request request() {
        return request;
    }

    /** Status and fields. */
    public Head head() {
        return head;
    }

    /** The body's framing and trailers; it is read with {@link #next}. */
    public Body body() {
        return wire.body();
    }

    /** Whether it came from an address that is not public. */
    public boolean isFromPrivate() {
        return wire.isToPrivate();
    }

    /**
     * Reads some bytes of the body.
     *
     * @return the bytes, or null at the end
     * @throws DownloadException with NETWORK, TIMEOUT or PROTOCOL
     */
    public @Nullable ByteBuffer next(Block block, int most) throws DownloadException {
        try {
            return wire.body().next(block, most);
        } catch (IOException e) {
            throw Faults.using(wire, e, network.settings());
        }
    }

    /** Reads what is left if it is little, so that the connection can serve on. */
    public void discard() {
        var body = wire.body();
        if (body.isEnded() || body.framing().length() > WORTH_DRAINING) {
            return;
        }
        try {
            var block = new Block();
            var read = 0;
            for (var bytes = next(block, WORTH_DRAINING);
                    bytes != null && read <= WORTH_DRAINING;
                    bytes = next(block, WORTH_DRAINING)) {
                read += bytes.remaining();
            }
        } catch (DownloadException e) {
            // Then the connection is of no use, which close() sees.
        }
    }

    @Override
    public void close() {
        cancellation.release(hook);
        if (cancellation.isCancelled()) {
            wire.abort();
        } else {
            network.pool().give(wire);
        }
    }
}
