package dev.capstan.tck.hostile;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** What the cases have in common: two bodies, and ways to answer. */
final class Scripts {

    /** The body. */
    static final Body B = Body.random(700_003, 1);

    /** Other bytes of the same length. */
    static final Body A = Body.random(700_003, 2);

    static final long N = B.length();
    static final Instant LONG_AGO = Instant.parse("2020-02-02T02:02:02Z");
    static final String OCTETS = "Content-Type: application/octet-stream";

    private Scripts() {}

    /** A good server's answers. */
    static Resource file(Body body) {
        return Resource.of(body).header("Content-Type", "application/octet-stream");
    }

    /** The n-th answer by the n-th handler, then always by the last. */
    static Handler turns(List<Handler> handlers) {
        return exchange ->
                handlers.get(Math.min(exchange.number(), handlers.size()) - 1).handle(exchange);
    }

    /** In order, but over after some bytes. */
    static Handler cut(long after, Handler handler) {
        return exchange -> {
            exchange.cutAfter(after);
            handler.handle(exchange);
        };
    }

    /** The first half of B, as a good server begins it. */
    static Handler firstHalf() {
        return cut(N / 2, file(B));
    }

    /** Raw bytes. */
    static Handler raw(String text) {
        return exchange -> exchange.raw(text);
    }

    /** A head of our own before the whole body. */
    static Handler head(String... fields) {
        return exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
            exchange.send(B, 0, N);
        };
    }

    /** A status with a short text. */
    static Handler status(int code, String... fields) {
        return exchange -> exchange.answer(code, code < 300 || code == 304 ? "" : "no", fields);
    }

    /** A redirect. */
    static Handler redirect(String to) {
        return status(302, "Location: " + to);
    }

    /** Range requests are answered so, all others as they should be. */
    static Handler onRange(Handler handler) {
        return exchange -> {
            if (exchange.header("range").isPresent()) {
                handler.handle(exchange);
            } else {
                file(B).handle(exchange);
            }
        };
    }

    /** The first byte after what was asked for. */
    static long end(Exchange exchange) {
        return exchange.last() >= N ? N : exchange.last() + 1;
    }

    /** A 206 with what is between two positions, labelled as told, or not at all if empty. */
    static void part(Exchange exchange, long from, long to, String contentRange)
            throws IOException {
        exchange.head(
                206,
                OCTETS,
                "ETag: \"v1\"",
                contentRange.isEmpty() ? "X-Range: none" : "Content-Range: " + contentRange,
                "Content-Length: " + (to - from));
        exchange.send(B, from, to);
    }

    static String range(long from, long to) {
        return "bytes " + from + "-" + (to - 1) + "/" + N;
    }

    static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(packed)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** A body with the length of B and one bit wrong. */
    static Body damaged() {
        var bytes = B.bytes();
        bytes[(int) N / 3] ^= 1;
        return Body.of(bytes);
    }
}
