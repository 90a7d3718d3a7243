package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.CHANGED;
import static dev.capstan.download.ErrorClass.CHECKSUM;
import static dev.capstan.download.ErrorClass.NETWORK;
import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.N;
import static dev.capstan.tck.hostile.Scripts.cut;
import static dev.capstan.tck.hostile.Scripts.file;
import static dev.capstan.tck.hostile.Scripts.head;
import static dev.capstan.tck.hostile.Scripts.raw;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where a message ends (RFC 9112 §6). */
final class FramingCases {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

    private FramingCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        lengths(cases);
        closings(cases);
        chunks(cases);
        return cases;
    }

    private static void lengths(List<HostileCase> cases) {
        var half = Body.of(B.bytes(0, N / 2));
        cases.add(
                new HostileCase(5, "Content-Length N/2, N bytes sent")
                        .then(head("Content-Length: " + N / 2, "ETag: \"v1\""))
                        .whole(half)
                        .orIfResumed(CHANGED, PROTOCOL));
        cases.add(
                new HostileCase(5, "Content-Length N/2, N bytes sent, N promised")
                        .promised(N)
                        .then(head("Content-Length: " + N / 2))
                        .fails(CHECKSUM)
                        .orIfResumed(CHANGED, PROTOCOL));
        for (var length :
                List.of("-1", "12abc", "+5", "0x10", "1 2", "5,6", "", "18446744073710251619")) {
            cases.add(
                    new HostileCase(6, "Content-Length: " + length)
                            .then(head("Content-Length: " + length))
                            .fails(PROTOCOL));
        }
        cases.add(
                new HostileCase(6, "two different Content-Lengths")
                        .then(head("Content-Length: " + N, "Content-Length: 5"))
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(6, "two equal Content-Lengths")
                        .then(head("Content-Length: " + N, "Content-Length: " + N, "ETag: \"v1\""))
                        .whole()
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(9, "chunked and Content-Length 17")
                        .then(
                                exchange -> {
                                    exchange.raw(CHUNKED + "Content-Length: 17\r\n\r\n");
                                    chunks(exchange, N, "");
                                    exchange.raw("0\r\n\r\n");
                                })
                        .whole()
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(9, "called chunked, with Content-Length 17, and is not chunked")
                        .then(head("Transfer-Encoding: chunked", "Content-Length: 17"))
                        .fails(PROTOCOL));
        for (var coding : List.of("gzip, chunked", "chunked, chunked", "identity", "x")) {
            cases.add(
                    new HostileCase(10, "Transfer-Encoding: " + coding)
                            .then(head("Transfer-Encoding: " + coding))
                            .fails(PROTOCOL));
        }
        cases.add(
                new HostileCase(37, "Content-Length 0")
                        .then(file(Body.of(new byte[0])).etag(null))
                        .whole(Body.of(new byte[0]))
                        .orIfResumed(CHANGED));
    }

    private static void closings(List<HostileCase> cases) {
        cases.add(
                new HostileCase(7, "no length, ended by the connection")
                        .then(file(B).withoutLength())
                        .whole()
                        .marked());
        cases.add(
                new HostileCase(7, "no length, ended by a reset")
                        .then(
                                exchange -> {
                                    exchange.resetAfter(N / 2);
                                    file(B).withoutLength().handle(exchange);
                                })
                        .fails(NETWORK));
        cases.add(
                new HostileCase(7, "no length, ended by the connection at half, N promised")
                        .promised(N)
                        .then(cut(N / 2, file(B).withoutLength()))
                        .fails(NETWORK)
                        .orIfResumed(CHANGED));
    }

    private static void chunks(List<HostileCase> cases) {
        cases.add(
                new HostileCase(8, "chunks with extensions and trailers")
                        .then(
                                exchange -> {
                                    exchange.raw(CHUNKED + "ETag: \"v1\"\r\n\r\n");
                                    chunks(exchange, N, ";a=b;c=\"d;e\"");
                                    exchange.raw("0;last\r\nX-Trailer: yes\r\n\r\n");
                                })
                        .whole());
        cases.add(
                new HostileCase(8, "chunks without the last one")
                        .then(FramingCases::withoutLastChunk)
                        .fails(NETWORK, PROTOCOL));
        cases.add(
                new HostileCase(8, "chunks without the last one, then ranges")
                        .opening(FramingCases::withoutLastChunk)
                        .then(file(B))
                        .whole()
                        .moved(N, N - N / 2));
        for (var size : List.of("zz", "-5", "0x5", "10000000000000000", "")) {
            cases.add(
                    new HostileCase(8, "chunk size \"" + size + "\"")
                            .then(raw(CHUNKED + "\r\n" + size + "\r\nabcde\r\n0\r\n\r\n"))
                            .fails(PROTOCOL)
                            .orIfResumed(CHANGED));
        }
        cases.add(
                new HostileCase(8, "no line end after a chunk")
                        .then(
                                exchange -> {
                                    exchange.raw(CHUNKED + "\r\n3e8\r\n");
                                    exchange.send(B, 0, 1000);
                                    exchange.raw("X\r\n0\r\n\r\n");
                                })
                        .fails(PROTOCOL));
    }

    private static void withoutLastChunk(Exchange exchange) throws IOException {
        exchange.head(200, "Transfer-Encoding: chunked", "ETag: \"v1\"", Scripts.OCTETS);
        exchange.send(B, 0, N / 2);
        exchange.cut();
    }

    /** Framed by hand, since the head was raw. */
    private static void chunks(Exchange exchange, long to, String extension) throws IOException {
        for (var at = 0L; at < to; at += 50_000) {
            var next = Math.min(to, at + 50_000);
            exchange.raw(Long.toHexString(next - at) + extension + "\r\n");
            exchange.send(B, at, next);
            exchange.raw("\r\n");
        }
    }
}
