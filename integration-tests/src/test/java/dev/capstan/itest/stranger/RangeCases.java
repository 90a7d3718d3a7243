package dev.capstan.itest.stranger;

import java.util.List;
import java.util.function.UnaryOperator;

/** Wrong answers to requests for a part: RFC 9110, sections 14 and 15.3.7. */
final class RangeCases extends Table {
    private static final int SIZE = 1_200_000;

    RangeCases() {
        super(SIZE);
        validParts();
        otherParts();
        contentRanges();
        lengths();
        statuses();
        connections();
        onlyTheFirst();
    }

    private void validParts() {
        arrives("parts as asked for", parts(part -> part));
        arrives("no more than 200,000 bytes at a time", parts(part -> upTo(part, 200_000)));
        either(
                "a single byte at a time",
                firstThen(
                        call -> {
                            var reply = call.right();
                            if (call.number() < 2_000) {
                                call.send(reply.isPartial() ? upTo(reply, 1) : reply);
                            } else {
                                call.trespass("took parts of a byte 2,000 times");
                                call.send(reply);
                            }
                        }));
        arrives("every part up to the file's end", parts(part -> moved(part, part.from(), SIZE)));
        arrives("the whole file instead of a part", firstThen(call -> call.send(call.whole())));
        arrives("parts in chunks", firstThen(call -> call.sendChunked(call.right(), 10_000)));
        arrives(
                "parts without a length, up to the close",
                firstThen(call -> call.cut(call.right().without("Content-Length"), SIZE)));
        arrives(
                "a connection that breaks every 300,000 bytes",
                call -> call.cut(call.right(), 300_000));
        arrives("parts in HTTP/1.0", firstThen(call -> call.cut(old(call.right()), SIZE)));
        either("Accept-Ranges: cows", parts(it -> it.with("Accept-Ranges", "cows")));
        either(
                "Accept-Ranges: none",
                firstThen(call -> call.send(call.whole().with("Accept-Ranges", "none"))));
    }

    private void otherParts() {
        either("a part that starts earlier", parts(it -> moved(it, it.from() / 2, it.to())));
        either(
                "a part that starts later",
                parts(it -> moved(it, Math.min(it.from() + 5_000, it.to() - 1), it.to())));
        either("the first bytes instead of a part", parts(it -> moved(it, 0, SIZE / 4)));
        either("the last bytes instead of a part", parts(it -> moved(it, SIZE - 1_000, SIZE)));
        either("a byte more than asked for", parts(it -> moved(it, it.from(), min(it.to() + 1))));
        either("the whole file as a part", parts(it -> moved(it, 0, SIZE)));
        add(
                Case.of(
                                Case.Verdict.EITHER,
                                SIZE,
                                "other bytes under the right head, and a checksum knows",
                                firstThen(call -> call.send(call.right().of(call.other()))))
                        .given("checksum=sha-256=SHA256"));
        either(
                "half of the file for a request without a range",
                call -> {
                    var whole = call.request().header("Range").isEmpty();
                    var reply = call.right();
                    call.send(whole ? moved(reply.status(Reply.PARTIAL), 0, SIZE / 2) : reply);
                });
        either(
                "206 without a range in the request",
                call -> {
                    var reply = call.right();
                    call.send(
                            reply.isPartial()
                                    ? reply
                                    : moved(reply.status(Reply.PARTIAL), 0, SIZE));
                });
        either(
                "206 without any Content-Range, always",
                call -> call.send(call.right().status(Reply.PARTIAL).without("Content-Range")));
    }

    private void contentRanges() {
        for (var value :
                List.of(
                        "BYTES %1$d-%2$d/%3$d",
                        "bytes %1$d-%2$d/*",
                        "bytes %1$d-%2$d",
                        "bytes=%1$d-%2$d/%3$d",
                        "%1$d-%2$d/%3$d",
                        "bytes %1$d-/%3$d",
                        "bytes -%2$d/%3$d",
                        "bytes */%3$d",
                        "bytes %2$d-%1$d/%3$d",
                        "bytes %1$d - %2$d / %3$d",
                        "bytes 0x%1$x-%2$d/%3$d",
                        "bytes %1$d-%2$d/18446744073709551616",
                        "bytes %1$d-%2$d/9223372036854775807",
                        "bytes %1$d-%2$d/%2$d",
                        "bytes %1$d-%2$d/1",
                        "bytes %1$d-%2$d/-1",
                        "bytes %1$d-%2$d/1200100",
                        "bytes %1$d-%2$d/1199900",
                        "cows %1$d-%2$d/%3$d",
                        "",
                        "bytes %1$d-%2$d/%3$d, bytes 0-1/2",
                        "bytes 0-1/2\r\nContent-Range: bytes %1$d-%2$d/%3$d",
                        "bytes %1$d-%2$d/%3$d\r\nContent-Range: bytes 0-1/2")) {
            either(
                    "Content-Range: " + value,
                    parts(
                            it ->
                                    it.with(
                                            "Content-Range",
                                            value.formatted(it.from(), it.to() - 1, SIZE))));
        }
        either("206 without Content-Range", parts(part -> part.without("Content-Range")));
    }

    private void lengths() {
        either(
                "a part shorter than its Content-Range",
                parts(it -> bytes(it, it.from(), Math.max(it.to() - 1_000, it.from()))));
        either(
                "a part longer than its Content-Range",
                parts(it -> bytes(it, it.from(), min(it.to() + 1_000))));
        either(
                "a part of one byte less, as if its end were exclusive",
                parts(it -> bytes(it, it.from(), it.to() - 1)));
        either(
                "a part with the length of the file",
                firstThen(call -> call.cut(call.right().with("Content-Length", "" + SIZE), SIZE)));
        either(
                "a part without a length that ends early",
                firstThen(call -> call.cut(call.right().without("Content-Length"), 100_000)));
        either(
                "a part in chunks that ends early",
                firstThen(
                        call -> {
                            var it = call.right();
                            call.sendChunked(
                                    moved(it, it.from(), it.to() - 1)
                                            .with("Content-Range", range(it.from(), it.to())),
                                    9_999);
                        }));
        either("an empty part", parts(it -> bytes(it, it.from(), it.from())));
        either(
                "a part in chunks with a chunk too many",
                firstThen(
                        call -> {
                            var it = call.right();
                            call.text(
                                    it.without("Content-Length")
                                            .with("Transfer-Encoding", "chunked")
                                            .head());
                            call.chunks(it.content(), it.from(), it.to(), 50_000);
                            call.chunks(call.other(), 0, 5_000, 5_000);
                            call.text("0\r\n\r\n");
                            call.keep();
                        }));
        either(
                "bytes behind each part's length",
                firstThen(
                        call -> {
                            call.send(call.right());
                            call.bytes(call.other(), 0, 5_000);
                        }));
        either(
                "a multipart answer to one range",
                firstThen(
                        call -> {
                            var it = call.right();
                            if (!it.isPartial()) {
                                call.send(it);
                                return;
                            }
                            call.text(
                                    it.without("Content-Range", "Content-Length")
                                            .with(
                                                    "Content-Type",
                                                    "multipart/byteranges; boundary=\"cut\"")
                                            .head());
                            call.head("--cut", "Content-Range: " + range(it.from(), it.to()));
                            call.bytes(it.content(), it.from(), it.to());
                            call.text("\r\n--cut--\r\n");
                        }));
    }

    private void statuses() {
        either("200 for a part's bytes", parts(it -> it.status(Reply.OK)));
        either(
                "200 for a part's bytes, and a date is the only validator",
                call -> {
                    var reply = call.right();
                    var dated = reply.without("ETag").with("Date", "Fri, 02 Jan 2026 00:00:00 GMT");
                    if (call.isFirst()) {
                        call.provoke(dated);
                    } else {
                        call.send(reply.isPartial() ? dated.status(Reply.OK) : dated);
                    }
                });
        either(
                "200 for a part's bytes, in chunks",
                firstThen(call -> call.sendChunked(call.right().status(Reply.OK), 9_999)));
        either(
                "200 and no bytes instead of a part",
                firstThen(
                        call -> {
                            var reply = call.right();
                            call.send(
                                    reply.isPartial()
                                            ? reply.status(Reply.OK)
                                                    .without("Content-Range")
                                                    .body(0, 0)
                                            : reply);
                        }));
        either(
                "200 for a part's bytes, without Content-Range",
                parts(it -> it.status(Reply.OK).without("Content-Range")));
        for (var status : List.of("200 OK", "203 Odd", "226 IM Used")) {
            either(
                    status + " with a page instead of a part",
                    firstThen(
                            call -> {
                                call.head("HTTP/1.1 " + status, "Content-Length: 9");
                                call.text("<p>Log in");
                            }));
        }
        for (var status :
                List.of(
                        "201 Created",
                        "202 Accepted",
                        "204 No Content",
                        "304 Not Modified",
                        "400 Bad Request",
                        "403 Forbidden",
                        "404 Not Found",
                        "412 Precondition Failed",
                        "416 Range Not Satisfiable",
                        "416 Range Not Satisfiable\r\nContent-Range: bytes */1200000",
                        "416 Range Not Satisfiable\r\nContent-Range: bytes */600000",
                        "500 Internal Server Error",
                        "501 Not Implemented")) {
            either(
                    status + " for parts",
                    firstThen(
                            call -> {
                                var it = call.right();
                                call.send(
                                        it.isPartial()
                                                ? it.status("HTTP/1.1 " + status)
                                                        .without("Content-Range")
                                                        .body(0, 0)
                                                : it);
                            }));
        }
    }

    private void connections() {
        arrives(
                "every other request is not answered",
                call -> {
                    if (call.number() % 2 == 0) {
                        call.reset();
                    } else {
                        call.cut(call.right(), SIZE / 2);
                    }
                });
        either(
                "an answer that nobody asked for behind each part",
                firstThen(
                        call -> {
                            call.send(call.right());
                            call.send(call.right(call.other()));
                        }));
        either(
                "each part twice, and the second time with other bytes",
                firstThen(
                        call -> {
                            call.send(call.right());
                            call.send(call.right().of(call.other()));
                        }));
        either(
                "503 for a second connection at a time",
                call -> {
                    if (call.isBeside()) {
                        call.send(call.right().status("HTTP/1.1 503 Busy").body(0, 0));
                    } else {
                        call.provoke(call.right());
                    }
                });
        either(
                "a reset for a second connection at a time",
                call -> {
                    if (call.isBeside()) {
                        call.reset();
                    } else {
                        call.provoke(call.right());
                    }
                });
    }

    /** A server that serves one request at a time: the answer under way is the whole file. */
    private void onlyTheFirst() {
        for (var status :
                List.of(
                        "403 No",
                        "404 No",
                        "416 No",
                        "429 Slow",
                        "500 No",
                        "503 Busy",
                        "204 None")) {
            beside(status, call -> call.send(call.right().status("HTTP/1.1 " + status).body(0, 0)));
        }
        for (var status : List.of("403 No", "404 No", "429 Slow", "503 Busy")) {
            beside(
                    "late " + status,
                    call -> {
                        call.awaitFirst();
                        call.send(call.right().status("HTTP/1.1 " + status).body(0, 0));
                    });
        }
        beside("a reset", Call::reset);
        beside("silence", Call::stall);
        beside(
                "a page",
                call -> {
                    call.head(Reply.OK, "Content-Length: 9");
                    call.text("<p>Log in");
                });
        beside(
                "a redirect in a circle",
                call ->
                        call.head(
                                "HTTP/1.1 302 Found", "Location: /file.bin", "Content-Length: 0"));
        beside("parts of another total", parts(it -> it.with("Content-Range", "bytes 0-1/2")));
        either(
                "another version beside an answer that goes on",
                call -> {
                    if (call.isFirst()) {
                        call.linger(call.right());
                    } else {
                        call.send(call.right(call.other()));
                    }
                });
    }

    private void beside(String what, Behaviour more) {
        arrives(
                what + " beside an answer under way",
                call -> {
                    if (call.isFirst()) {
                        call.linger(call.right());
                    } else if (call.isBeside()) {
                        more.answer(call);
                    } else {
                        call.send(call.right());
                    }
                });
    }

    /** The first answer is right and breaks; parts after it are spoilt. */
    static Behaviour parts(UnaryOperator<Reply> spoilt) {
        return firstThen(
                call -> {
                    var reply = call.right();
                    call.send(reply.isPartial() ? spoilt.apply(reply) : reply);
                });
    }

    /** The first answer is right and breaks; what comes then is up to the case. */
    static Behaviour firstThen(Behaviour then) {
        return call -> {
            if (call.isFirst()) {
                call.provoke(call.right());
            } else {
                then.answer(call);
            }
        };
    }

    private static Reply old(Reply reply) {
        return reply.status(reply.line().replace("HTTP/1.1", "HTTP/1.0"));
    }

    /** Other bytes than asked for, and a Content-Range that says so. */
    private static Reply moved(Reply reply, long from, long to) {
        return reply.body(from, to).with("Content-Range", range(from, to));
    }

    /** Other bytes than Content-Range says. */
    private static Reply bytes(Reply reply, long from, long to) {
        return reply.body(from, to);
    }

    private static Reply upTo(Reply reply, long most) {
        return moved(reply, reply.from(), Math.min(reply.from() + most, reply.to()));
    }

    private static long min(long end) {
        return Math.min(end, SIZE);
    }

    private static String range(long from, long to) {
        return "bytes %d-%d/%d".formatted(from, to - 1, SIZE);
    }
}
