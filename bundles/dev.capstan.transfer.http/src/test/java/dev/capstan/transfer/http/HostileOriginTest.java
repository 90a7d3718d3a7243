package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hostile origin, case by case: no answer, however broken, makes a transfer report success with
 * wrong bytes, hang, or grow without bound. B is the body, N its length, A other bytes of that
 * length.
 */
class HostileOriginTest {
    private static final Body B = Body.random(700_003, 1);
    private static final Body A = Body.random(700_003, 2);
    private static final long N = B.length();
    private static final String OCTETS = "Content-Type: application/octet-stream";

    @TempDir Path folder;

    private final List<DynamicTest> rows = new ArrayList<>();

    /** Everything a case needs. */
    private final class World implements AutoCloseable {
        final Origin origin = Origin.plain();
        final Rig rig = new Rig(folder);
        TransferResult result;
        DownloadException failure;

        void run() throws Exception {
            run(origin.uri("/f"));
        }

        void run(URI uri) throws Exception {
            try {
                result = rig.fetch(uri);
            } catch (DownloadException e) {
                failure = e;
            }
        }

        void have(long bytes, Validator validator) throws IOException {
            rig.ingest.with(
                    new Identity(N, validator, "application/octet-stream"), 0, B.bytes(0, bytes));
        }

        @Override
        public void close() {
            rig.close();
            origin.close();
        }
    }

    @FunctionalInterface
    private interface Step {
        void run(World world) throws Exception;
    }

    private void row(String name, Step case_) {
        rows.add(
                dynamicTest(
                        name,
                        () -> {
                            try (var world = new World()) {
                                case_.run(world);
                            } catch (AssertionError e) {
                                throw new AssertionError(name, e);
                            }
                        }));
    }

    /** A case of one handler and one right result. */
    private void row(String name, Handler handler, Step right) {
        row(
                name,
                world -> {
                    world.origin.serve("/f", handler);
                    world.run();
                    right.run(world);
                });
    }

    // ---- right results

    private static void whole(World world) throws Exception {
        whole(world, B);
    }

    private static void whole(World world, Body body) throws Exception {
        assertThat(world.failure).isNull();
        assertThat(world.result.end()).isEqualTo(End.COMPLETE);
        assertThat(world.rig.ingest.bytes()).isEqualTo(body.bytes());
    }

    private static Step fails(ErrorClass errorClass) {
        return world -> {
            assertThat(world.failure).as("failure").isNotNull();
            assertThat(world.failure.errorClass())
                    .as(world.failure.getMessage())
                    .isEqualTo(errorClass);
        };
    }

    private static Step all(Step... steps) {
        return world -> {
            for (var step : steps) {
                step.run(world);
            }
        };
    }

    private static Step requests(int most) {
        return world -> assertThat(world.origin.log()).hasSizeLessThanOrEqualTo(most);
    }

    private static Step moved(long most) {
        return world -> assertThat(world.origin.bodyBytes()).isLessThanOrEqualTo(most);
    }

    private static Step wrote(long bytes) {
        return world -> assertThat(world.rig.ingest.written()).isEqualTo(bytes);
    }

    // ---- handlers

    private static Resource file(Body body) {
        return Resource.of(body).header("Content-Type", "application/octet-stream");
    }

    /** The n-th answer by the n-th handler, then always by the last. */
    private static Handler turns(Handler... handlers) {
        return exchange ->
                handlers[Math.min(exchange.number(), handlers.length) - 1].handle(exchange);
    }

    private static Handler cut(long after, Handler handler) {
        return exchange -> {
            exchange.cutAfter(after);
            handler.handle(exchange);
        };
    }

    /** A head of our own before the whole body. */
    private static Handler head(String... fields) {
        return exchange -> {
            exchange.raw("HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n");
            exchange.send(B, 0, N);
        };
    }

    private static Handler raw(String text) {
        return exchange -> exchange.raw(text);
    }

    /** Ranges answered with a head of our own; everything else as it should be. */
    private static Handler onRange(Handler handler) {
        var good = file(B);
        return exchange -> {
            if (exchange.number() == 1) {
                exchange.cutAfter(N / 2);
                good.handle(exchange);
            } else if (exchange.header("range").isPresent()) {
                handler.handle(exchange);
            } else {
                good.handle(exchange);
            }
        };
    }

    private static Handler part(long shiftFrom, long shiftTo, String contentRange) {
        return exchange -> {
            var from = exchange.from() + shiftFrom;
            var to =
                    Math.min(N, exchange.last() == Long.MAX_VALUE ? N : exchange.last() + 1)
                            + shiftTo;
            var range =
                    contentRange == null
                            ? "bytes " + from + "-" + (to - 1) + "/" + N
                            : contentRange;
            exchange.head(
                    206,
                    OCTETS,
                    "ETag: \"v1\"",
                    range.isEmpty() ? "X-No: range" : "Content-Range: " + range,
                    "Content-Length: " + (to - from));
            exchange.send(B, from, to);
        };
    }

    @TestFactory
    Stream<DynamicTest> everyCaseEndsRight() {
        row(
                "1 range, length, strong tag: whole",
                file(B),
                all(HostileOriginTest::whole, requests(1)));
        row(
                "1 resumed under If-Range: whole, nothing twice",
                cutOnce(N / 3, file(B)),
                all(HostileOriginTest::whole, requests(2), moved(N)));
        row(
                "2 ignores Range: whole",
                cutOnce(N / 3, file(B).withoutRanges()),
                HostileOriginTest::whole);
        row(
                "3 every answer cut at half: whole",
                exchange -> {
                    var last = Math.min(exchange.last(), N - 1);
                    exchange.cutAfter(Math.max(1, (last + 1 - exchange.from()) / 2));
                    file(B).handle(exchange);
                },
                all(HostileOriginTest::whole, moved(N)));
        row(
                "4 always cut at N/2, no ranges: incomplete after the attempts",
                cut(N / 2, file(B).withoutRanges()),
                all(fails(ErrorClass.NETWORK), requests(12)));
        framing();
        ranges();
        changes();
        failures();
        limits();
        redirects();
        codings();
        digests();
        return rows.stream();
    }

    private static Handler cutOnce(long after, Handler handler) {
        return turns(cut(after, handler), handler);
    }

    private void framing() {
        row(
                "5 Content-Length N/2, N sent: N/2 bytes, connection dropped",
                head("Content-Length: " + N / 2, "ETag: \"v1\""),
                world -> {
                    assertThat(world.rig.ingest.bytes()).isEqualTo(B.bytes(0, N / 2));
                    assertThat(world.origin.openConnections()).isLessThanOrEqualTo(1);
                });
        row(
                "5 the same with a promised size: CHECKSUM",
                world -> {
                    world.origin.serve("/f", head("Content-Length: " + N / 2));
                    world.rig.size(N);
                    world.run();
                    fails(ErrorClass.CHECKSUM).run(world);
                });
        for (var length :
                List.of("-1", "12abc", "+5", "0x10", "18446744073709551616", "", "5,6", "1 2")) {
            row(
                    "6 Content-Length: " + length + ": PROTOCOL",
                    head("Content-Length: " + length),
                    all(fails(ErrorClass.PROTOCOL), wrote(0)));
        }
        row(
                "6 two different Content-Lengths: PROTOCOL",
                head("Content-Length: " + N, "Content-Length: 5"),
                all(fails(ErrorClass.PROTOCOL), wrote(0)));
        row(
                "6 two equal Content-Lengths: whole",
                head("Content-Length: " + N, "Content-Length: " + N),
                HostileOriginTest::whole);
        row(
                "7 ended by the connection: whole and marked",
                file(B).withoutLength(),
                world -> {
                    whole(world);
                    assertThat(world.result.lengthVerified()).isFalse();
                });
        row(
                "7 the same with a promised size that is not reached: incomplete",
                world -> {
                    world.origin.serve("/f", cut(N / 2, file(B).withoutLength()));
                    world.rig.size(N);
                    world.run();
                    fails(ErrorClass.NETWORK).run(world);
                });
        row(
                "7 ended by a reset: incomplete",
                exchange -> {
                    exchange.resetAfter(N / 2);
                    file(B).withoutLength().handle(exchange);
                },
                fails(ErrorClass.NETWORK));
        row(
                "8 chunks with extensions and trailers: whole",
                exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (var at = 0L; at < N; at += 50_000) {
                        var to = Math.min(N, at + 50_000);
                        exchange.raw(Long.toHexString(to - at) + ";a=b;c=\"d\"\r\n");
                        exchange.send(B, at, to);
                        exchange.raw("\r\n");
                    }
                    exchange.raw("0\r\nX-Trailer: yes\r\n\r\n");
                },
                HostileOriginTest::whole);
        row(
                "8 without last chunk: incomplete",
                exchange -> {
                    exchange.head(200, "Transfer-Encoding: chunked", "ETag: \"v1\"");
                    exchange.send(B, 0, N / 2);
                    exchange.cut();
                },
                fails(ErrorClass.NETWORK));
        row(
                "8 without last chunk, then with ranges: resumed",
                turns(
                        exchange -> {
                            exchange.head(200, "Transfer-Encoding: chunked", "ETag: \"v1\"");
                            exchange.send(B, 0, N / 2);
                            exchange.cut();
                        },
                        file(B)),
                all(HostileOriginTest::whole, moved(N)));
        for (var size : List.of("zz", "-5", "10000000000000000", "")) {
            row(
                    "8 chunk size \"" + size + "\": PROTOCOL",
                    raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\nabc"),
                    fails(ErrorClass.PROTOCOL));
        }
        row(
                "8 no CRLF after a chunk: PROTOCOL",
                raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n"),
                fails(ErrorClass.PROTOCOL));
        row(
                "9 chunked and Content-Length 17: PROTOCOL",
                exchange -> {
                    exchange.raw(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                    + "Content-Length: 17\r\n\r\n");
                    exchange.send(B, 0, N);
                },
                all(fails(ErrorClass.PROTOCOL), wrote(0)));
        for (var coding : List.of("gzip, chunked", "chunked, chunked", "identity", "x", "")) {
            row(
                    "10 Transfer-Encoding: " + coding + ": PROTOCOL",
                    head("Transfer-Encoding: " + coding),
                    all(fails(ErrorClass.PROTOCOL), wrote(0)));
        }
        row(
                "37 Content-Length 0: an empty file, complete",
                file(Body.of(new byte[0])),
                world -> whole(world, Body.of(new byte[0])));
    }

    private void ranges() {
        row(
                "11 206 for half of it although no range was asked: the rest is fetched",
                exchange -> {
                    if (exchange.header("range").isEmpty()) {
                        exchange.head(
                                206,
                                "ETag: \"v1\"",
                                "Content-Range: bytes 0-" + (N / 2 - 1) + "/" + N,
                                "Content-Length: " + N / 2);
                        exchange.send(B, 0, N / 2);
                    } else {
                        file(B).handle(exchange);
                    }
                },
                all(HostileOriginTest::whole, moved(N)));
        row(
                "11 206 for the other half: PROTOCOL",
                exchange -> part(N / 2, 0, null).handle(exchange),
                all(fails(ErrorClass.PROTOCOL), wrote(0)));
        row(
                "12 206 one byte later than asked: whole",
                onRange(part(1, 0, null)),
                HostileOriginTest::whole);
        row(
                "12 206 with 100 bytes before: whole",
                onRange(part(-100, 0, null)),
                HostileOriginTest::whole);
        row(
                "12 206 labelled right with bytes one later: whole or nothing",
                onRange(part(0, 0, "bytes 1-2/" + N)),
                HostileOriginTest::whole);
        row(
                "13 206 whose total grew: restarted whole",
                onRange(part(0, 0, "bytes " + N / 2 + "-" + (N - 1) + "/" + (N + 5))),
                HostileOriginTest::whole);
        for (var range : List.of("", "bytes x-y/z", "bytes 5-4/" + N, "items 0-9/" + N)) {
            row(
                    "14 206 with Content-Range \"" + range + "\": single stream",
                    onRange(part(0, 0, range)),
                    HostileOriginTest::whole);
        }
        row(
                "14 the same with If-Range and plain GETs: PROTOCOL",
                turns(cut(N / 2, file(B)), part(0, 0, "bytes x-y/z")),
                fails(ErrorClass.PROTOCOL));
        row(
                "15 206 shorter than asked: whole",
                onRange(
                        exchange -> {
                            var to = Math.min(N, exchange.from() + 50_000);
                            exchange.head(
                                    206,
                                    "ETag: \"v1\"",
                                    "Content-Range: bytes "
                                            + exchange.from()
                                            + "-"
                                            + (to - 1)
                                            + "/"
                                            + N,
                                    "Content-Length: " + (to - exchange.from()));
                            exchange.send(B, exchange.from(), to);
                        }),
                all(HostileOriginTest::whole, moved(N)));
        row(
                "15 206 longer than asked: whole, neighbour untouched",
                world -> {
                    world.origin.serve("/f", longer());
                    world.have(1000, strong("v1"));
                    world.rig.ingest.with(world.rig.ingest.identity(), 5000, B.bytes(5000, N));
                    world.run();
                    whole(world);
                });
        row(
                "16 multipart/byteranges for one range: single stream",
                onRange(
                        exchange -> {
                            var text = "--x\r\nContent-Range: bytes 0-1/2\r\n\r\nab\r\n--x--\r\n";
                            exchange.answer(
                                    206, text, "Content-Type: multipart/byteranges; boundary=x");
                        }),
                HostileOriginTest::whole);
        row(
                "20 200 to If-Range though nothing changed: whole with ranges",
                exchange -> {
                    if (exchange.number() == 1) {
                        exchange.cutAfter(N / 2);
                    }
                    if (exchange.header("if-range").isPresent()) {
                        file(B).withoutRanges().handle(exchange);
                    } else {
                        file(B).handle(exchange);
                    }
                },
                world -> {
                    whole(world);
                    assertThat(world.origin.log().get(2).bodyBytes()).isEqualTo(N - N / 2);
                });
        row(
                "21 416 once although the offset is inside: whole",
                turns(
                        cut(N / 2, file(B)),
                        exchange -> exchange.answer(416, "", "Content-Range: bytes */" + N),
                        file(B)),
                HostileOriginTest::whole);
        row(
                "21 416 without Content-Range: whole",
                turns(cut(N / 2, file(B)), exchange -> exchange.answer(416, ""), file(B)),
                HostileOriginTest::whole);
        row(
                "21 416 at the end with */N: whole with no byte fetched",
                world -> {
                    world.origin.serve("/f", file(B));
                    world.rig.ingest.with(new Identity(-1, strong("v1"), null), 0, B.bytes());
                    world.run();
                    all(HostileOriginTest::whole, moved(0)).run(world);
                });
        row(
                "22 reset at half, then good: the second request moves what is missing",
                turns(
                        exchange -> {
                            exchange.pace(20_000_000);
                            exchange.resetAfter(N / 2);
                            file(B).handle(exchange);
                        },
                        file(B)),
                all(HostileOriginTest::whole, requests(2)));
        row(
                "22 cut at half, then good: the second request moves exactly the other half",
                cutOnce(N / 2, file(B)),
                world -> {
                    whole(world);
                    assertThat(world.origin.log().get(1).bodyBytes()).isEqualTo(N - N / 2);
                });
        row(
                "23 closes every 64 KiB: whole, nothing twice",
                cut(65_536, file(B)),
                all(HostileOriginTest::whole, moved(N)));
        row(
                "38 5 GiB, resumed near its end: whole",
                world -> {
                    var huge = Body.random(5L << 30, 3);
                    var from = huge.length() - 200_000;
                    world.origin.serve("/f", Resource.of(huge));
                    world.rig.ingest.pretend(
                            new Identity(huge.length(), strong("v1"), null), 0, from);
                    world.run();
                    assertThat(world.result.end()).isEqualTo(End.COMPLETE);
                    assertThat(world.rig.ingest.bytes(from, huge.length()))
                            .isEqualTo(huge.bytes(from, huge.length()));
                    moved(200_000).run(world);
                });
        row(
                "40 HEAD differs and is not allowed: whole",
                exchange -> {
                    if (exchange.method().equals("HEAD")) {
                        exchange.answer(405, "no");
                    } else {
                        file(B).handle(exchange);
                    }
                },
                HostileOriginTest::whole);
    }

    private static Handler longer() {
        return exchange -> {
            if (exchange.header("range").isEmpty()) {
                file(B).handle(exchange);
            } else {
                exchange.head(
                        206,
                        "ETag: \"v1\"",
                        "Content-Range: bytes " + exchange.from() + "-" + (N - 1) + "/" + N,
                        "Content-Length: " + (N - exchange.from()));
                exchange.send(B, exchange.from(), exchange.last() + 1);
                exchange.send(A, exchange.last() + 1, N);
            }
        };
    }

    private void changes() {
        row(
                "17 cut, then A under a new tag, If-Range honoured: A whole",
                turns(cut(N / 2, file(B)), file(A).etag("\"v2\"")),
                world -> {
                    whole(world, A);
                    assertThat(world.rig.ingest.identity().validator().etag()).isEqualTo("\"v2\"");
                    assertThat(world.rig.answers).hasSize(2);
                });
        row(
                "17 the same, If-Range ignored: A whole",
                turns(cut(N / 2, file(B)), file(A).etag("\"v2\"").withoutIfRange()),
                world -> whole(world, A));
        row(
                "17 A under a new tag, Range ignored: A whole",
                turns(cut(N / 2, file(B)), file(A).etag("\"v2\"").withoutRanges()),
                world -> whole(world, A));
        row(
                "17 changes twice: CHANGED",
                turns(
                        cut(N / 2, file(B)),
                        cut(N / 2, file(A).etag("\"v2\"")),
                        file(B).etag("\"v3\"")),
                fails(ErrorClass.CHANGED));
        row(
                "17 A under the same weak tag: never a mixture",
                turns(cut(N / 2, file(B).etag("W/\"1\"")), file(A).etag("W/\"1\"")),
                world -> whole(world, A));
        row(
                "17 A without any validator: never a mixture",
                turns(cut(N / 2, file(B).etag(null)), file(A).etag(null)),
                world -> whole(world, A));
        row(
                "18 weak tag, content changes: restart",
                turns(cut(N / 2, file(B).etag("W/\"1\"")), file(A).etag("W/\"2\"")),
                world -> whole(world, A));
        row(
                "18 weak tag, content stays: resumed over an overlap",
                cutOnce(N / 2, file(B).etag("W/\"1\"")),
                all(HostileOriginTest::whole, moved(N + 65_536)));
        row(
                "4 no validator: resumed over an overlap",
                cutOnce(N / 2, file(B).etag(null)),
                all(HostileOriginTest::whole, moved(N + 65_536)));
        row(
                "4 no validator, but a digest is promised: resumed without overlap",
                world -> {
                    world.origin.serve("/f", cutOnce(N / 2, file(B).etag(null)));
                    world.rig.digestPromised();
                    world.run();
                    all(HostileOriginTest::whole, moved(N)).run(world);
                });
        row(
                "4 a strong date: resumed under If-Range",
                cutOnce(
                        N / 2,
                        file(B).etag(null).lastModified(Instant.parse("2020-02-02T02:02:02Z"))),
                world -> {
                    all(HostileOriginTest::whole, moved(N)).run(world);
                    assertThat(world.origin.log().get(1).header("if-range"))
                            .hasValue("Sun, 02 Feb 2020 02:02:02 GMT");
                });
        row(
                "4 a date of just now: never in If-Range",
                cutOnce(
                        N / 2,
                        exchange ->
                                file(B).etag(null).lastModified(Instant.now()).handle(exchange)),
                world -> {
                    whole(world);
                    assertThat(world.origin.log())
                            .noneMatch(asked -> asked.header("if-range").isPresent());
                });
        row(
                "19 another tag with every answer, the bytes are the same: whole in 2 N",
                exchange -> {
                    if (exchange.number() == 1) {
                        exchange.cutAfter(N / 2);
                    }
                    file(B).etag("\"" + exchange.number() + "\"").handle(exchange);
                },
                all(HostileOriginTest::whole, moved(2 * N)));
        row(
                "34 cut, then a small page: CHANGED, part kept",
                turns(
                        cut(N / 2, file(B)),
                        exchange -> exchange.answer(200, "<html>Gone", "Content-Type: text/html")),
                all(fails(ErrorClass.CHANGED), wrote(N / 2)));
        row(
                "34 cut, then a fraction without a validator: CHANGED, part kept",
                turns(cut(N / 2, file(B)), exchange -> exchange.answer(200, "short", OCTETS)),
                all(fails(ErrorClass.CHANGED), wrote(N / 2)));
    }

    private void failures() {
        for (var status : List.of(401, 403, 404, 410, 451)) {
            row(
                    status + " goes up at once",
                    exchange -> exchange.answer(status, "no"),
                    world -> {
                        assertThat(world.failure.errorClass())
                                .isEqualTo(
                                        status < 404 ? ErrorClass.ACCOUNT : ErrorClass.NOT_FOUND);
                        assertThat(world.failure.detail())
                                .isEqualTo(status == 401 ? Detail.UNAUTHORIZED : Detail.NONE);
                        assertThat(world.failure).hasMessageContaining(status + "");
                        requests(1).run(world);
                    });
        }
        for (var status : List.of(403, 410)) {
            row(
                    "26 " + status + " on a link that expires at half: LINK_EXPIRED, part kept",
                    world -> {
                        world.origin.serve(
                                "/f",
                                turns(
                                        cut(N / 2, file(B)),
                                        exchange -> exchange.answer(status, "no")));
                        world.rig.expires();
                        world.run();
                        all(fails(ErrorClass.LINK_EXPIRED), wrote(N / 2)).run(world);
                        // The host gives a new one; its identity is checked.
                        world.failure = null;
                        world.origin.serve("/new", file(B));
                        world.run(world.origin.uri("/new"));
                        all(HostileOriginTest::whole, moved(N + 10)).run(world);
                    });
        }
        for (var status : List.of(408, 425, 429, 500, 502, 503, 504)) {
            row(
                    status + " is tried again",
                    turns(exchange -> exchange.answer(status, "wait"), file(B)),
                    all(HostileOriginTest::whole, requests(2)));
            row(
                    status + " for ever goes up after the attempts",
                    exchange -> exchange.answer(status, "wait"),
                    world -> {
                        fails(status == 429 ? ErrorClass.RATE_LIMITED : ErrorClass.UNAVAILABLE)
                                .run(world);
                        assertThat(world.origin.log()).hasSize(4);
                    });
        }
        row(
                "24 503 with Retry-After 1 twice: whole, not early",
                world -> {
                    Handler wait = exchange -> exchange.answer(503, "", "Retry-After: 1");
                    world.origin.serve("/f", turns(wait, wait, file(B)));
                    var start = System.nanoTime();
                    world.run();
                    whole(world);
                    assertThat(System.nanoTime() - start).isGreaterThan(2_000_000_000);
                });
        for (var wait : List.of("soon", "-5", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT")) {
            row(
                    "24 429 with Retry-After " + wait + ": tried again soon",
                    turns(exchange -> exchange.answer(429, "", "Retry-After: " + wait), file(B)),
                    HostileOriginTest::whole);
        }
        row(
                "24 429 with Retry-After 10^9: goes up with a bounded wait",
                exchange -> exchange.answer(429, "", "Retry-After: 1000000000"),
                world -> {
                    fails(ErrorClass.RATE_LIMITED).run(world);
                    assertThat(world.failure.retryAfter()).hasValue(Duration.ofHours(1));
                    requests(1).run(world);
                });
        row(
                "33 not HTTP at all: PROTOCOL",
                raw("220 ftp.example.org ready\r\n" + "x".repeat(100_000)),
                fails(ErrorClass.PROTOCOL));
        row(
                "33 accepts and closes: retried",
                turns(Exchange::cut, Exchange::reset, file(B)),
                HostileOriginTest::whole);
        row(
                "33 accepts and closes for ever: NETWORK",
                Exchange::cut,
                all(fails(ErrorClass.NETWORK), requests(4)));
        row(
                "33 closes a connection that was used before: retried without an attempt",
                world -> {
                    world.origin.serve("/f", reusedOnceOnly());
                    world.have(1000, strong("v1"));
                    world.rig.ingest.with(world.rig.ingest.identity(), 5000, B.bytes(5000, 6000));
                    world.run();
                    whole(world);
                });
        for (var status : List.of(204, 205, 304)) {
            row(
                    "35 " + status + " to a plain GET: error",
                    exchange -> exchange.answer(status, ""),
                    all(fails(ErrorClass.PROTOCOL), wrote(0)));
        }
    }

    /** Serves one request on each connection and closes it when the second has come. */
    private static Handler reusedOnceOnly() {
        var last = new int[1];
        return exchange -> {
            if (exchange.connection() == last[0]) {
                exchange.cut();
            }
            last[0] = exchange.connection();
            file(B).handle(exchange);
        };
    }

    private void limits() {
        row(
                "27 stalls for ever after half: time-out and resume",
                turns(
                        exchange -> {
                            exchange.stallAfter(N / 2);
                            file(B).handle(exchange);
                        },
                        file(B)),
                all(HostileOriginTest::whole, moved(N)));
        row(
                "27 stalls before the head: TIMEOUT",
                Exchange::stall,
                all(fails(ErrorClass.TIMEOUT), requests(4)));
        row(
                "27 ten bytes a second: TIMEOUT, too slow",
                exchange -> {
                    exchange.head(200, "Content-Length: " + N);
                    exchange.pace(10);
                    exchange.send(B, 0, N);
                },
                world -> {
                    fails(ErrorClass.TIMEOUT).run(world);
                    assertThat(world.failure.detail()).isEqualTo(Detail.TOO_SLOW);
                });
        row(
                "27 the head one byte at a time: TIMEOUT",
                exchange -> {
                    exchange.pace(20);
                    exchange.raw("HTTP/1.1 200 OK\r\nX: " + "y".repeat(1000));
                },
                fails(ErrorClass.TIMEOUT));
        row(
                "28 64 MiB of header: PROTOCOL",
                exchange -> {
                    exchange.raw("HTTP/1.1 200 OK\r\nX: ");
                    exchange.send(Body.random(64 << 20, 1), 0, 64 << 20);
                },
                fails(ErrorClass.PROTOCOL));
        row(
                "28 100,000 fields: PROTOCOL",
                raw("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000) + "\r\n"),
                fails(ErrorClass.PROTOCOL));
        row(
                "28 endless 103: PROTOCOL",
                raw("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10_000)),
                fails(ErrorClass.PROTOCOL));
        row(
                "28 a status line without end: PROTOCOL",
                raw("HTTP/1.1 200 " + "x".repeat(200_000)),
                fails(ErrorClass.PROTOCOL));
        row(
                "28 a few interim answers: whole",
                exchange -> {
                    exchange.raw("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(3));
                    file(B).handle(exchange);
                },
                HostileOriginTest::whole);
    }

    private void redirects() {
        row(
                "29 redirect loop: PROTOCOL",
                exchange -> exchange.answer(302, "", "Location: /f"),
                all(fails(ErrorClass.PROTOCOL), requests(11)));
        row(
                "29 no Location: PROTOCOL",
                exchange -> exchange.answer(302, ""),
                fails(ErrorClass.PROTOCOL));
        row(
                "29 ten hops: whole",
                world -> {
                    for (var i = 0; i < 9; i++) {
                        var next = "Location: h" + (i + 1);
                        world.origin.serve("/h" + i, exchange -> exchange.answer(301, "", next));
                    }
                    world.origin.serve(
                            "/f", exchange -> exchange.answer(307, "", "Location: ./h0"));
                    world.origin.serve("/h9", file(B));
                    world.run();
                    whole(world);
                    assertThat(world.origin.connections()).isEqualTo(1);
                });
        for (var to :
                List.of(
                        "file:///etc/passwd",
                        "ftp://example.org/x",
                        "jar:http://x/!/",
                        "data:,x",
                        "gopher://x/",
                        "HTTP2://x/")) {
            row(
                    "30 redirect to " + to + ": BLOCKED",
                    exchange -> exchange.answer(302, "", "Location: " + to),
                    all(fails(ErrorClass.BLOCKED), requests(1)));
        }
        for (var to :
                List.of(
                        "localhost",
                        "127.1",
                        "2130706433",
                        "0x7f.1",
                        "0177.0.0.1",
                        "localhost.",
                        "[::1]",
                        "[::ffff:127.0.0.1]",
                        "[64:ff9b::7f00:1]",
                        "inside.test")) {
            row(
                    "30 redirect from a public name to " + to + ": BLOCKED, no connection made",
                    world -> {
                        var port = world.origin.port();
                        world.origin.serve(
                                "/f",
                                exchange ->
                                        exchange.answer(
                                                302,
                                                "",
                                                "Location: http://" + to + ":" + port + "/g"));
                        world.origin.serve("/g", file(B));
                        world.run(URI.create("http://a.public:" + port + "/f"));
                        all(fails(ErrorClass.BLOCKED), requests(1)).run(world);
                        assertThat(world.origin.connections()).isEqualTo(1);
                    });
        }
        row(
                "31 redirect to another host with credentials: whole without them, not given back",
                world -> {
                    var port = world.origin.port();
                    world.origin.serve("/f", redirect("http://b.public:" + port + "/g"));
                    world.origin.serve("/g", redirect("http://a.public:" + port + "/h"));
                    world.origin.serve("/h", file(B));
                    var headers =
                            Map.of("Authorization", "Bearer x", "X-Own", "y", "Cookie", "c=1");
                    world.result =
                            Rig.await(
                                    world.rig.start(
                                            headers,
                                            URI.create("http://u:p@a.public:" + port + "/f")));
                    whole(world);
                    var log = world.origin.log();
                    assertThat(log.get(0).header("authorization")).hasValue("Bearer x");
                    assertThat(log.get(0).header("cookie")).hasValue("c=1");
                    for (var later : log.subList(1, 3)) {
                        assertThat(later.header("authorization")).isEmpty();
                        assertThat(later.header("x-own")).isEmpty();
                        assertThat(later.header("cookie")).isEmpty();
                    }
                });
        row(
                "31 https to http: BLOCKED",
                world -> {
                    try (var secure = Origin.tls()) {
                        world.origin.serve("/f", file(B));
                        secure.serve("/f", redirect(world.origin.uri("/f").toString()));
                        world.run(secure.uri("/f"));
                        all(fails(ErrorClass.BLOCKED), requests(0)).run(world);
                    }
                });
    }

    private static Handler redirect(String to) {
        return exchange -> exchange.answer(302, "", "Location: " + to);
    }

    private void codings() {
        Handler gzip =
                exchange -> {
                    var bytes = new ByteArrayOutputStream();
                    try (var zip = new GZIPOutputStream(bytes)) {
                        zip.write(B.bytes());
                    }
                    exchange.head(200, "Content-Encoding: gzip", "Content-Length: " + bytes.size());
                    exchange.send(bytes.toByteArray());
                };
        row("32 unasked gzip: PROTOCOL", gzip, all(fails(ErrorClass.PROTOCOL), wrote(0)));
        row(
                "32 a gzip file that is called gzip-coded: as it is",
                world -> {
                    world.origin.serve("/f.tar.gz", file(B).header("Content-Encoding", "x-gzip"));
                    world.run(world.origin.uri("/f.tar.gz"));
                    whole(world);
                });
    }

    private void digests() {
        var base64 = Base64.getEncoder();
        var sha = base64.encodeToString(B.digest("SHA-256"));
        var md5 = base64.encodeToString(B.digest("MD5"));
        Map<String, String> fields =
                Map.of(
                        "Repr-Digest", "sha-256=:" + sha + ":",
                        "Digest", "SHA-256=" + sha,
                        "Content-MD5", md5,
                        "x-goog-hash", "crc32c=AAAAAA==,md5=" + md5);
        fields.forEach(
                (name, value) -> {
                    Consumer<World> told =
                            world ->
                                    assertThat(world.result.digests())
                                            .containsExactly(
                                                    value.contains(sha)
                                                            ? Digest.of(
                                                                    "sha-256", B.digest("SHA-256"))
                                                            : Digest.of("md5", B.digest("MD5")));
                    row(
                            "36 " + name + ": told",
                            file(B).header(name, value),
                            all(HostileOriginTest::whole, told::accept));
                });
        row(
                "36 Repr-Digest in a trailer: told",
                exchange -> {
                    exchange.head(200, "Transfer-Encoding: chunked");
                    exchange.send(B, 0, N);
                    exchange.endChunks("Repr-Digest: sha-256=:" + sha + ":");
                },
                world -> {
                    whole(world);
                    assertThat(world.result.digests())
                            .containsExactly(Digest.of("sha-256", B.digest("SHA-256")));
                });
        tls();
    }

    private void tls() {
        row(
                "39 TLS ended without close_notify at half, close-delimited: incomplete",
                world -> {
                    try (var secure = Origin.tls()) {
                        secure.serve("/f", cut(N / 2, file(B).withoutLength()));
                        world.run(secure.uri("/f"));
                        fails(ErrorClass.NETWORK).run(world);
                    }
                });
        row(
                "39 TLS ended without close_notify before the first byte: incomplete",
                world -> {
                    try (var secure = Origin.tls()) {
                        secure.serve("/f", cut(0, file(B).withoutLength()));
                        world.run(secure.uri("/f"));
                        fails(ErrorClass.NETWORK).run(world);
                    }
                });
        row(
                "39 TLS ended with close_notify, close-delimited: whole and marked",
                world -> {
                    try (var secure = Origin.tls()) {
                        secure.serve("/f", file(B).withoutLength());
                        world.run(secure.uri("/f"));
                        whole(world);
                        assertThat(world.result.lengthVerified()).isFalse();
                    }
                });
        row(
                "39 the same in old TLS",
                world -> {
                    try (var secure = Origin.tls("TLSv1.2")) {
                        secure.serve("/f", file(B).withoutLength());
                        secure.serve("/cut", cut(N / 2, file(B).withoutLength()));
                        world.run(secure.uri("/f"));
                        whole(world);
                        try (var other = new World()) {
                            other.run(secure.uri("/cut"));
                            fails(ErrorClass.NETWORK).run(other);
                        }
                    }
                });
        row(
                "39 TLS ended without close_notify at half, with a length: incomplete, resumed",
                world -> {
                    try (var secure = Origin.tls()) {
                        secure.serve("/f", cutOnce(N / 2, file(B)));
                        world.run(secure.uri("/f"));
                        whole(world);
                    }
                });
    }

    private static Validator strong(String tag) {
        return new Validator("\"" + tag + "\"", null, false, null);
    }
}
