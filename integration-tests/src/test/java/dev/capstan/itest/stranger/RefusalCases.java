package dev.capstan.itest.stranger;

import static dev.capstan.itest.stranger.Reply.OK;

import java.util.List;

/** Answers that are no file, and servers that are slow or gone: RFC 9110, section 15. */
final class RefusalCases extends Table {
    private static final int SIZE = 200_000;

    RefusalCases() {
        super(SIZE);
        refusals();
        oddSuccesses();
        busy();
        challenges();
        silence();
    }

    private void refusals() {
        for (var status :
                List.of(
                        "400 Bad",
                        "403 No",
                        "404 No",
                        "405 No",
                        "406 No",
                        "408 Slow",
                        "409 No",
                        "410 Gone",
                        "411 No",
                        "412 No",
                        "414 Long",
                        "416 No",
                        "418 Teapot",
                        "421 Misdirected",
                        "425 Early",
                        "426 Upgrade",
                        "431 Large",
                        "451 Law",
                        "499 Odd",
                        "500 No",
                        "501 No",
                        "502 No",
                        "504 No",
                        "505 No",
                        "507 Full",
                        "509 Limit",
                        "511 Portal",
                        "520 Odd",
                        "599 Odd")) {
            fails(
                    status + ", with a body",
                    call -> call.send(call.right().status("HTTP/1.1 " + status)));
        }
        for (var status : List.of("404 Not Found", "500 Error", "403 Forbidden")) {
            fails(
                    status + ", with an endless body",
                    call -> {
                        call.head("HTTP/1.1 " + status);
                        call.repeat("<p>No.".repeat(1_000), 64_000_000);
                    });
        }
        fails(
                "404 with broken chunks",
                call -> {
                    call.head("HTTP/1.1 404 No", "Transfer-Encoding: chunked");
                    call.text("cow\r\n\r\n");
                });
    }

    private void oddSuccesses() {
        for (var status :
                List.of(
                        "201 Created",
                        "202 Accepted",
                        "203 Odd",
                        "207 Multi",
                        "226 IM",
                        "299 Odd")) {
            either(status, call -> call.send(call.right().status("HTTP/1.1 " + status)));
        }
        for (var status : List.of("204 No Content", "205 Reset Content", "304 Not Modified")) {
            fails(
                    status + ", with a length and a body",
                    call -> call.send(call.right().status("HTTP/1.1 " + status)));
            fails(
                    status + ", without a body",
                    call -> call.head("HTTP/1.1 " + status, "ETag: \"a\""));
        }
    }

    private void busy() {
        for (var wait :
                List.of(
                        "99999999999999999999",
                        "2000000",
                        "-1",
                        "0",
                        "soon",
                        "",
                        "Thu, 01 Jan 1970 00:00:00 GMT",
                        "Fri, 31 Dec 9999 23:59:59 GMT",
                        "1.5")) {
            fails(
                    "503 with Retry-After: " + wait,
                    call ->
                            call.send(
                                    call.right()
                                            .status("HTTP/1.1 503 Busy")
                                            .body(0, 0)
                                            .with("Retry-After", wait)));
            either(
                    "once 429 with Retry-After: " + wait,
                    call ->
                            call.send(
                                    call.isFirst()
                                            ? call.right()
                                                    .status("HTTP/1.1 429 Slow")
                                                    .body(0, 0)
                                                    .with("Retry-After", wait)
                                            : call.right()));
        }
        arrives(
                "once 503, with a digest, a length and a tag of its own",
                call -> {
                    if (call.isFirst()) {
                        call.send(
                                call.right(new Content(call.other().offset(), 9), "\"busy\"")
                                        .status("HTTP/1.1 503 Busy")
                                        .with("Repr-Digest", Content.of(0, 0).field()));
                    } else {
                        call.send(call.right());
                    }
                });
        for (var status : List.of("500 Error", "502 Bad", "503 Busy", "504 Slow")) {
            arrives(
                    "once " + status,
                    call ->
                            call.send(
                                    call.isFirst()
                                            ? call.right().status("HTTP/1.1 " + status).body(0, 0)
                                            : call.right()));
        }
    }

    private void challenges() {
        for (var challenge :
                List.of(
                        "Basic realm=\"a\"",
                        "Digest realm=\"a\", nonce=\"b\", algorithm=MD5",
                        "Negotiate",
                        "NTLM",
                        "Basic realm=\"" + "a".repeat(5_000),
                        ",,, =",
                        "")) {
            for (var proxy : List.of(false, true)) {
                fails(
                        (proxy ? "407 " : "401 ")
                                + challenge.substring(0, Math.min(30, challenge.length())),
                        call -> {
                            if (call.request().header("Authorization").isPresent()
                                    || call.request().header("Proxy-Authorization").isPresent()) {
                                call.trespass("made up credentials");
                            }
                            call.send(
                                    call.right()
                                            .status(proxy ? "HTTP/1.1 407 Who" : "HTTP/1.1 401 Who")
                                            .with(
                                                    proxy
                                                            ? "Proxy-Authenticate"
                                                            : "WWW-Authenticate",
                                                    challenge));
                        });
            }
        }
    }

    private void silence() {
        fails("closes without a word", call -> call.text(""));
        fails("resets without a word", Call::reset);
        fails("never answers", Call::stall);
        fails(
                "stops in the head",
                call -> {
                    call.text(OK + "\r\nContent-Length: 2000");
                    call.stall();
                });
        fails(
                "stops in the body, every time",
                call -> {
                    call.head(OK, "Content-Length: " + SIZE);
                    call.bytes(call.content(), 0, SIZE / 2);
                    call.stall();
                });
        arrives(
                "stops in the body, once",
                call -> {
                    call.send(
                            call.isFirst()
                                    ? call.right().body(0, 0).with("Content-Length", "" + SIZE)
                                    : call.right());
                    if (call.isFirst()) {
                        call.stall();
                    }
                });
        arrives(
                "resets once without a word",
                call -> {
                    if (call.isFirst()) {
                        call.reset();
                    } else {
                        call.send(call.right());
                    }
                });
        fails(
                "a length of a million million million, and a stop",
                call -> {
                    call.head(OK, "Content-Length: 1000000000000000000", "ETag: \"a\"");
                    call.bytes(call.content(), 0, SIZE);
                    call.stall();
                });
    }
}
