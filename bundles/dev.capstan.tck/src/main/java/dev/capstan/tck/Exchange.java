package dev.capstan.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One request to an {@link Origin} and the way to answer it: as it should be, with a fault, or with
 * raw bytes. It stays in the origin's log afterwards.
 *
 * <p>One thread answers; any thread may read what was asked and how many bytes went out.
 */
public final class Exchange {
    private static final long MOST_BEHIND = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int BLOCK = 1 << 16;

    private final Connection connection;
    private final int number;
    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    private volatile int status;
    private volatile long bodyBytes;
    private long declared = -1;
    private boolean chunked;
    private long cutAt = Long.MAX_VALUE;
    private End cut = End.CLOSE;
    private long bytesPerSecond;
    private long dueAt;

    private enum End {
        CLOSE,
        RESET,
        STALL
    }

    Exchange(
            Connection connection,
            int number,
            String method,
            String target,
            Map<String, List<String>> headers,
            byte[] body) {
        this.connection = connection;
        this.number = number;
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
    }

    /**
     * The how-many-eth request for this path it is.
     *
     * @return from 1
     */
    public int number() {
        return number;
    }

    /**
     * The how-many-eth connection to the origin it came by.
     *
     * @return from 1
     */
    public int connection() {
        return connection.number();
    }

    /**
     * Who asked.
     *
     * @return the address the connection came from
     */
    public InetAddress client() {
        return connection.peer();
    }

    /**
     * The method.
     *
     * @return in upper case as sent
     */
    public String method() {
        return method;
    }

    /**
     * The request target as sent.
     *
     * @return path and query
     */
    public String target() {
        return target;
    }

    /**
     * The first value of a request field.
     *
     * @param name in any case
     * @return the value, or empty
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }

    /**
     * All request fields.
     *
     * @return values by lower-case name, in the order sent
     */
    public Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /**
     * The request's body.
     *
     * @return the bytes
     */
    public byte[] body() {
        return body.clone();
    }

    /**
     * The first byte that was asked for.
     *
     * @return 0 where no range was asked; −1 for a range of another form than {@code bytes=a-b}
     */
    public long from() {
        return range(0);
    }

    /**
     * The last byte that was asked for.
     *
     * @return {@link Long#MAX_VALUE} where the range is open
     */
    public long last() {
        return range(1);
    }

    /**
     * The status that was sent.
     *
     * @return 0 before
     */
    public int status() {
        return status;
    }

    /**
     * Body bytes handed to the network so far. The peer may have read fewer.
     *
     * @return bytes
     */
    public long bodyBytes() {
        return bodyBytes;
    }

    // ---- faults, to be set before the answer

    /**
     * Ends the connection in order after some bytes of body; over TLS without close_notify.
     *
     * @param bytes how many go out before
     * @return this
     */
    public Exchange cutAfter(long bytes) {
        return endAfter(bytes, End.CLOSE);
    }

    /**
     * Resets the connection after some bytes of body. The peer may lose the last ones.
     *
     * @param bytes how many go out before
     * @return this
     */
    public Exchange resetAfter(long bytes) {
        return endAfter(bytes, End.RESET);
    }

    /**
     * Sends nothing more after some bytes of body and keeps the connection open.
     *
     * @param bytes how many go out before
     * @return this
     */
    public Exchange stallAfter(long bytes) {
        return endAfter(bytes, End.STALL);
    }

    /**
     * Sends no faster, raw bytes included.
     *
     * @param most bytes a second
     * @return this
     */
    public Exchange pace(long most) {
        bytesPerSecond = most;
        dueAt = System.nanoTime();
        return this;
    }

    // ---- answers

    /**
     * Sends the head of an answer.
     *
     * @param code the status
     * @param fields each {@code Name: value}
     * @throws IOException if the peer is gone
     */
    public void head(int code, String... fields) throws IOException {
        status = code;
        var text = new StringBuilder("HTTP/1.1 ").append(code).append(" -\r\n");
        for (var field : fields) {
            text.append(field).append("\r\n");
            var lower = field.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                declared = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = true;
            }
        }
        write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (method.equals("HEAD") || code == 204 || code == 304) {
            declared = 0;
        }
    }

    /**
     * Sends bytes of body, as a chunk if the head said so.
     *
     * @param bytes the bytes
     * @throws IOException if the peer is gone
     */
    public void send(byte[] bytes) throws IOException {
        send(bytes, bytes.length);
    }

    /**
     * Sends a part of a body.
     *
     * @param source where the bytes are from
     * @param from first byte
     * @param to first byte after
     * @throws IOException if the peer is gone
     */
    public void send(Body source, long from, long to) throws IOException {
        var block = new byte[BLOCK];
        for (var position = from; position < to; ) {
            var count = (int) Math.min(BLOCK, to - position);
            source.fill(position, block, count);
            send(block, count);
            position += count;
        }
    }

    /**
     * Ends a chunked body.
     *
     * @param trailers each {@code Name: value}
     * @throws IOException if the peer is gone
     */
    public void endChunks(String... trailers) throws IOException {
        var text = new StringBuilder("0\r\n");
        for (var trailer : trailers) {
            text.append(trailer).append("\r\n");
        }
        raw(text.append("\r\n").toString());
        declared = bodyBytes;
        chunked = false;
    }

    /**
     * Answers with a short text and its length.
     *
     * @param code the status
     * @param text the body
     * @param fields each {@code Name: value}
     * @throws IOException if the peer is gone
     */
    public void answer(int code, String text, String... fields) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var all = new String[fields.length + 1];
        System.arraycopy(fields, 0, all, 0, fields.length);
        all[fields.length] = "Content-Length: " + bytes.length;
        head(code, all);
        if (!method.equals("HEAD")) {
            send(bytes);
        }
    }

    /**
     * Sends bytes as they are, head and framing included. The connection ends after the exchange
     * unless {@link #head} declared what is sent.
     *
     * @param text characters up to U+00FF
     * @throws IOException if the peer is gone
     */
    public void raw(String text) throws IOException {
        write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Ends the connection in order; over TLS without close_notify.
     *
     * @throws IOException always, to leave the handler
     */
    public void cut() throws IOException {
        connection.close();
        throw new IOException("Cut, as scripted");
    }

    /**
     * Resets the connection.
     *
     * @throws IOException always, to leave the handler
     */
    public void reset() throws IOException {
        connection.reset();
        throw new IOException("Reset, as scripted");
    }

    /**
     * Keeps silent until the peer closes the connection.
     *
     * @throws IOException always, to leave the handler
     */
    public void stall() throws IOException {
        connection.awaitPeerClose();
        throw new IOException("The peer gave up, as scripted");
    }

    /** Whether another request may follow on the connection. */
    boolean isReusable() {
        return !chunked
                && declared >= 0
                && (bodyBytes == declared || method.equals("HEAD"))
                && header("connection").filter("close"::equalsIgnoreCase).isEmpty();
    }

    private Exchange endAfter(long bytes, End how) {
        cutAt = bytes;
        cut = how;
        return this;
    }

    private void send(byte[] bytes, int length) throws IOException {
        var count = (int) Math.min(length, cutAt - bodyBytes);
        if (count > 0) {
            if (chunked) {
                raw(Integer.toHexString(count) + "\r\n");
            }
            for (var at = 0; at < count; ) {
                var step = Math.min(count - at, step());
                write(bytes, at, step);
                at += step;
                await(step);
            }
            if (chunked) {
                raw("\r\n");
            }
        }
        if (count < length) {
            switch (cut) {
                case CLOSE -> cut();
                case RESET -> reset();
                case STALL -> stall();
            }
        }
    }

    /** Counts before it writes, so that no client has bytes that are not counted. */
    private void write(byte[] bytes, int at, int count) throws IOException {
        bodyBytes += count;
        try {
            connection.write(bytes, at, count);
        } catch (IOException e) {
            bodyBytes -= count;
            throw e;
        }
    }

    private void write(byte[] bytes) throws IOException {
        for (var at = 0; at < bytes.length; ) {
            var step = Math.min(bytes.length - at, step());
            connection.write(bytes, at, step);
            at += step;
            await(step);
        }
    }

    private int step() {
        return bytesPerSecond == 0
                ? Integer.MAX_VALUE
                : (int) Math.max(1, Math.min(bytesPerSecond / 50, BLOCK));
    }

    private void await(int sent) throws IOException {
        if (bytesPerSecond == 0) {
            return;
        }
        // Time that was lost is not made up for: nobody shall take a burst for the pace.
        dueAt = Math.max(dueAt, System.nanoTime() - MOST_BEHIND);
        dueAt += (long) (sent * 1e9 / bytesPerSecond);
        for (var left = dueAt - System.nanoTime(); left > 0; left = dueAt - System.nanoTime()) {
            if (connection.isClosed()) {
                throw new IOException("The origin was closed");
            }
            LockSupport.parkNanos(Math.min(left, 50_000_000));
        }
    }

    private long range(int part) {
        var value = header("range");
        if (value.isEmpty()) {
            return part == 0 ? 0 : Long.MAX_VALUE;
        }
        var matcher = Resource.RANGE.matcher(value.get());
        if (!matcher.matches()) {
            return -1;
        }
        return part == 1 && matcher.group(2).isEmpty()
                ? Long.MAX_VALUE
                : Long.parseLong(matcher.group(part + 1));
    }

    @Override
    public String toString() {
        return "#%d of connection %d: %s %s%s → %d, %d bytes"
                .formatted(
                        number,
                        connection(),
                        method,
                        target,
                        header("range").map(range -> " " + range).orElse(""),
                        status,
                        bodyBytes);
    }
}
