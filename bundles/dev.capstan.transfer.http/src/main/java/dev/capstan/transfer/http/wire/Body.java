package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one answer, unframed. Used by one thread.
 *
 * <p>The straight path: over a plain connection, what the library has not already buffered together
 * with the head is read from the channel into a direct buffer, in one system call and without a
 * copy. Over TLS the bytes come through the library into an array.
 */
public final class Body {
    private final Wire wire;
    private final Framing framing;
    private final SessionInputBuffer buffer;
    private final InputStream in;
    private final @Nullable Chunks chunks;
    private long position;
    private boolean ended;

    Body(
            Wire wire,
            Framing framing,
            SessionInputBuffer buffer,
            InputStream in,
            @Nullable Chunks chunks) {
        this.wire = wire;
        this.framing = framing;
        this.buffer = buffer;
        this.in = in;
        this.chunks = chunks;
        ended = framing.kind() == Framing.Kind.LENGTH && framing.length() == 0;
    }

    /** How the end is marked. */
    public Framing framing() {
        return framing;
    }

    /** Whether all of it was read. */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Reads some bytes; blocks until there are any.
     *
     * @param block where to; valid until the next call with it
     * @param most how many at most
     * @return the bytes, or null at the end
     * @throws ConnectionClosedException if the connection ended before the body did
     * @throws IOException if the connection failed
     */
    public @Nullable ByteBuffer next(Block block, int most) throws IOException {
        if (ended) {
            return null;
        }
        var left = left();
        var bytes = left == 0 ? null : raw(block, (int) Math.min(most, left));
        if (bytes == null) {
            if (left != 0 && !(framing.kind() == Framing.Kind.CLOSE && wire.isEndedInOrder())) {
                throw new ConnectionClosedException("after " + position + " bytes");
            }
            ended = true;
            return null;
        }
        position += bytes.remaining();
        if (chunks != null) {
            chunks.took(bytes.remaining());
        }
        ended = framing.kind() == Framing.Kind.LENGTH && position == framing.length();
        return bytes;
    }

    /** The fields after the last chunk, by lower-case name. */
    public Map<String, List<String>> trailers() {
        var fields = new HashMap<String, List<String>>();
        if (chunks != null && ended) {
            for (Header field : chunks.trailers()) {
                fields.computeIfAbsent(
                                field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(field.getValue());
            }
        }
        return fields;
    }

    /** Whether nothing lies unread behind the body. */
    boolean isClean() {
        return ended && framing.kind() != Framing.Kind.CLOSE && buffer.length() == 0;
    }

    /** Bytes that may be read before the framing has to be looked at again; 0 at the end. */
    private long left() throws IOException {
        return switch (framing.kind()) {
            case LENGTH -> framing.length() - position;
            case CHUNKED -> Objects.requireNonNull(chunks).left();
            case CLOSE -> Long.MAX_VALUE;
        };
    }

    private @Nullable ByteBuffer raw(Block block, int wanted) throws IOException {
        var channel = wire.plainChannel();
        if (channel == null || buffer.length() > 0) {
            var array = block.heap(wanted);
            var lent = block.lent(wanted);
            var most = Math.min(lent == null ? wanted : lent.remaining(), array.length);
            var count = buffer.read(array, 0, most, in);
            // A record is small, and each write costs: what is here already goes along.
            for (var more = count; more > 0 && count < most && canReadOn(); ) {
                more = buffer.read(array, count, most - count, in);
                count += Math.max(0, more);
            }
            if (count < 0) {
                return null;
            }
            // Written from an array, it would be copied out of the heap all the same.
            return lent == null
                    ? ByteBuffer.wrap(array, 0, count)
                    : lent.put(array, 0, count).flip();
        }
        var lent = block.lent(wanted);
        var direct = lent == null ? block.direct(wanted) : lent;
        var watch = wire.watch();
        var count = 0;
        watch.waiting();
        try {
            count = channel.read(direct);
        } finally {
            watch.arrived(count);
        }
        return count < 0 ? null : direct.flip();
    }

    private boolean canReadOn() {
        return buffer.length() == 0 && wire.hasMore();
    }
}
