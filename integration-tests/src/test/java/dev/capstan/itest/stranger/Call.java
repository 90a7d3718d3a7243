package dev.capstan.itest.stranger;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One request at a stranger, and the means to answer it well or badly. */
final class Call {
    private static final int SLICE = 16_384;

    private final Stranger stranger;
    private final Request request;
    private final int number;
    private final Socket connection;
    private final OutputStream out;
    private boolean kept;

    Call(Stranger stranger, Request request, int number, Socket connection) throws IOException {
        this.stranger = stranger;
        this.request = request;
        this.number = number;
        this.connection = connection;
        out = new BufferedOutputStream(connection.getOutputStream(), SLICE);
    }

    Request request() {
        return request;
    }

    /** Requests are counted from 1. */
    int number() {
        return number;
    }

    boolean isFirst() {
        return number == 1;
    }

    /** Whether another answer is under way. */
    boolean isBeside() {
        return stranger.answering() > 1;
    }

    /** Waits until the downloader needs no more of the first answer. */
    void awaitFirst() throws IOException {
        try {
            stranger.firstOver().await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Whether the downloader was started anew since the first request. */
    boolean isAfterRestart() {
        return stranger.isTurned();
    }

    String authority() {
        return stranger.authority();
    }

    String elsewhere() {
        return stranger.elsewhere();
    }

    /** Whether the request came to the other origin. */
    boolean isElsewhere() {
        return stranger.elsewhere().endsWith(":" + connection.getLocalPort());
    }

    Content content() {
        return stranger.content();
    }

    Content other() {
        return stranger.other();
    }

    /** The right answer for the file as it is. */
    Reply right() {
        return right(content());
    }

    Reply right(Content version) {
        return right(version, "\"" + version.offset() + "\"");
    }

    Reply right(Content version, String etag) {
        return Reply.to(request, version, etag);
    }

    /** The right answer, which ignores ranges. */
    Reply whole() {
        return whole(content());
    }

    Reply whole(Content version) {
        return Reply.whole(version).without("Accept-Ranges");
    }

    void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** A head of these lines, and the empty line that ends it. */
    void head(String... lines) throws IOException {
        text(String.join("\r\n", lines) + "\r\n\r\n");
    }

    void bytes(Content version, long from, long to) throws IOException {
        version.write(out, from, to);
        out.flush();
    }

    void bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends a reply and waits for the next request on this connection. */
    void send(Reply reply) throws IOException {
        text(reply.head());
        if (!request.isHead()) {
            bytes(reply.content(), reply.from(), reply.to());
        }
        kept = true;
    }

    /** Sends the reply's head and all bytes, in chunks. */
    void sendChunked(Reply reply, int chunk) throws IOException {
        text(reply.without("Content-Length").with("Transfer-Encoding", "chunked").head());
        chunks(reply.content(), reply.from(), reply.to(), chunk);
        text("0\r\n\r\n");
        kept = true;
    }

    void chunks(Content version, long from, long to, int chunk) throws IOException {
        for (var at = from; at < to; at += chunk) {
            var end = Math.min(at + chunk, to);
            text(Long.toHexString(end - at) + "\r\n");
            bytes(version, at, end);
            text("\r\n");
        }
    }

    /** Sends a reply, but closes the connection behind these many bytes of its body. */
    void cut(Reply reply, long after) throws IOException {
        text(reply.head());
        bytes(reply.content(), reply.from(), Math.min(reply.from() + after, reply.to()));
        kept = false;
    }

    /**
     * Makes the downloader ask for ranges, whether it likes many connections or one: half of the
     * body comes slowly until a second request is there, and then the connection breaks.
     */
    void provoke(Reply reply) throws IOException {
        text(reply.head());
        var half = (reply.from() + reply.to()) / 2;
        for (var at = reply.from(); at < half; at += SLICE) {
            bytes(reply.content(), at, Math.min(at + SLICE, half));
            if (stranger.calls() == number) {
                pause(40);
            }
        }
        kept = false;
    }

    /** Sends a reply so slowly that more connections seem worth while, all the way. */
    void linger(Reply reply) throws IOException {
        text(reply.head());
        for (var at = reply.from(); at < reply.to(); at += SLICE) {
            bytes(reply.content(), at, Math.min(at + SLICE, reply.to()));
            pause(40);
        }
        kept = true;
    }

    /** Keeps the connection for the next request. */
    void keep() {
        kept = true;
    }

    boolean isKept() {
        return kept;
    }

    /** Ends the connection as a crashed peer does: the downloader sees a reset. */
    void reset() throws IOException {
        out.flush();
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /** Says nothing until the downloader has gone. */
    void stall() throws IOException {
        out.flush();
        while (connection.getInputStream().read() >= 0) {
            // Whatever it says is not heard.
        }
    }

    /** Repeats a text until the downloader goes or these many bytes are out, which is too many. */
    void repeat(String text, long most) throws IOException {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (long sent = 0; sent < most; sent += bytes.length) {
            bytes(bytes);
        }
        trespass("took " + most + " bytes of what no answer may have");
    }

    /** Sends a text a few bytes at a time; a server's slowness has no event to wait for. */
    void drip(String text, int millis) throws IOException {
        for (var i = 0; i < text.length(); i++) {
            text(text.substring(i, i + 1));
            pause(millis);
        }
    }

    static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells of something that the downloader must never do. */
    void trespass(String what) {
        stranger.trespasses().add(request.line() + ": " + what);
    }
}
