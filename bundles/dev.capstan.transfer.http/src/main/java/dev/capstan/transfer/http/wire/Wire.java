package dev.capstan.transfer.http.wire;

import dev.capstan.transfer.http.field.Head;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection, over a channel we own. The library writes requests and keeps the buffer;
 * heads and chunks are read by our own rules and limits (policy 5 and 6).
 *
 * <p>Used by one thread; {@link #abort} may be called by any.
 */
public final class Wire extends DefaultBHttpClientConnection {
    private static final int MOST_INTERIM = 8;
    private static final int BUFFER = 8 << 10;
    private static final Http1Config BUFFERED = Http1Config.custom().setBufferSize(BUFFER).build();

    private final Route route;
    private final SocketChannel channel;
    private final @Nullable TlsRecords records;
    private final boolean toPrivate;
    private final Watch watch;

    private @Nullable Framing framing;
    private @Nullable SessionInputBuffer buffer;
    private @Nullable InputStream in;
    private @Nullable Chunks chunks;
    private @Nullable Body body;
    private boolean keepAlive;
    private boolean reused;
    private boolean answered;
    private long idleSince;

    /**
     * A connection over a connected channel.
     *
     * @param socket the channel's own, or TLS upon it
     * @param records what is beneath TLS, or null
     * @param toPrivate whether the address is not public
     */
    Wire(
            Route route,
            SocketChannel channel,
            Socket socket,
            @Nullable TlsRecords records,
            boolean toPrivate,
            Watch watch)
            throws IOException {
        super(
                BUFFERED,
                null,
                null,
                message -> ContentLengthStrategy.UNDEFINED,
                null,
                null,
                config -> new HeadParser());
        this.route = route;
        this.channel = channel;
        this.records = records;
        this.toPrivate = toPrivate;
        this.watch = watch;
        bind(
                new SocketHolder(socket) {
                    @Override
                    protected InputStream getInputStream(Socket of) throws IOException {
                        return new Metered(of.getInputStream());
                    }
                });
    }

    /**
     * Sends a request and reads the head of its answer; interim answers are skipped.
     *
     * @param within how long the head may take
     * @throws HttpException if what came is not HTTP as we accept it
     * @throws IOException if the connection failed
     */
    Head ask(
            String method,
            Target to,
            Map<String, String> fields,
            byte @Nullable [] content,
            long within)
            throws HttpException, IOException {
        var request = new BasicClassicHttpRequest(method, to.path());
        fields.forEach(request::addHeader);
        answered = false;
        body = null;
        watch.expectHead(within);
        if (content != null) {
            request.addHeader("Content-Length", content.length);
            request.setEntity(new ByteArrayEntity(content, null));
        }
        sendRequestHeader(request);
        if (content != null) {
            sendRequestEntity(request);
        }
        flush();
        var response = finalAnswer();
        watch.headArrived();
        var head = head(response);
        framing = Framing.of(method, head);
        keepAlive = !head.http10() && !head.has("connection", "close");
        receiveResponseEntity(response);
        return head;
    }

    /** The body of the last answer. */
    Body body() {
        if (body == null) {
            if (framing == null || buffer == null || in == null) {
                throw new IllegalStateException("Nothing was asked");
            }
            body = new Body(this, framing, buffer, in, chunks);
        }
        return body;
    }

    private ClassicHttpResponse finalAnswer() throws HttpException, IOException {
        for (var interim = 0; interim <= MOST_INTERIM; interim++) {
            var response = receiveResponseHeader();
            answered = true;
            if (response.getCode() >= 200) {
                return response;
            }
            if (response.getCode() == 101) {
                throw new BadMessage("a change of protocol nobody asked for");
            }
        }
        throw new BadMessage("more than " + MOST_INTERIM + " interim answers");
    }

    private static Head head(ClassicHttpResponse response) {
        var fields = new HashMap<String, List<String>>();
        for (var field : response.getHeaders()) {
            fields.computeIfAbsent(
                            field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.getValue() == null ? "" : field.getValue());
        }
        var version = response.getVersion();
        var old = version != null && version.lessEquals(HttpVersion.HTTP_1_0);
        return new Head(response.getCode(), old, fields);
    }

    @Override
    protected InputStream createContentInputStream(
            long length, SessionInputBuffer sessionBuffer, InputStream stream) {
        buffer = sessionBuffer;
        in = stream;
        chunks =
                framing != null && framing.kind() == Framing.Kind.CHUNKED
                        ? new Chunks(new Lines(sessionBuffer, stream))
                        : null;
        // What the library would return is never used: bodies are read through Body.
        return InputStream.nullInputStream();
    }

    /** Where it leads. */
    Route route() {
        return route;
    }

    /** Whether its address is not public. */
    boolean isToPrivate() {
        return toPrivate;
    }

    Watch watch() {
        return watch;
    }

    /** The channel to read from directly; null over TLS. */
    @Nullable SocketChannel plainChannel() {
        return records == null ? channel : null;
    }

    /** Whether a read would not have to wait; only TLS tells. */
    boolean hasMore() {
        return records != null && records.hasAnother();
    }

    /** Whether any byte of an answer came for the last request. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether the end of the connection is one the peer meant; over TCP that cannot be told. */
    boolean isEndedInOrder() {
        return records == null || records.isEndedInOrder();
    }

    /** Whether it served an earlier request. */
    boolean isReused() {
        return reused;
    }

    /** Whether another request may follow: the last message ended as it should. */
    boolean isReusable() {
        return keepAlive && channel.isOpen() && answered && body().isClean();
    }

    /** Puts it aside. */
    void rest() {
        idleSince = System.nanoTime();
        reused = true;
    }

    /** Since when it was put aside. */
    long idleSince() {
        return idleSince;
    }

    /**
     * Whether the peer is still there and has said nothing since; over TLS anything said ends it,
     * but for what follows the handshake, which is not read before the first answer.
     */
    boolean isFresh() {
        if (records != null && !answered) {
            return channel.isOpen();
        }
        try {
            channel.configureBlocking(false);
            try {
                return channel.read(ByteBuffer.allocate(1)) == 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Closes the connection at once, on any thread. */
    public void abort() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for all that matters.
        }
    }

    /** Marks waiting and arrival for the watchdog. */
    private final class Metered extends FilterInputStream {
        Metered(InputStream stream) {
            super(stream);
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            var got = 0;
            watch.waiting();
            try {
                got = super.read(target, from, count);
            } finally {
                watch.arrived(got);
            }
            if (records != null && got > 0) {
                records.delivered();
            }
            return got;
        }
    }
}
