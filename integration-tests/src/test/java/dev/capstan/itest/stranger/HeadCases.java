package dev.capstan.itest.stranger;

import static dev.capstan.itest.stranger.Reply.OK;

import java.io.IOException;
import java.util.List;

/** What stands before a body: RFC 9112, sections 2 to 5, and RFC 9110, section 5. */
final class HeadCases extends Table {
    private static final int SIZE = 200_000;
    private static final int TOO_MUCH = 64_000_000;

    HeadCases() {
        super(SIZE);
        statusLines();
        interimAnswers();
        fields();
        brokenFields();
        endless();
        temptations();
    }

    private void statusLines() {
        for (var line :
                List.of(OK, "HTTP/1.1 200 ", "HTTP/1.1 200 \u00e9t\u00e9", "HTTP/1.9 200 OK")) {
            arrives("status line '" + line + "'", call -> call.send(call.right().status(line)));
        }
        for (var line :
                List.of(
                        "HTTP/1.1 200",
                        "HTTP/1.1  200  OK",
                        "http/1.1 200 ok",
                        "HTTP/2.0 200 OK",
                        "ICY 200 OK",
                        "HTTP/1.1 0200 OK",
                        "HTTP/1.1 20 OK",
                        "HTTP/1.1 2000 OK",
                        "HTTP/1.1 -200 OK",
                        "HTTP/1.1\t200\tOK",
                        "\r\n\r\n" + OK,
                        " " + OK)) {
            either("status line '" + line + "'", call -> call.send(call.right().status(line)));
        }
        for (var text :
                List.of(
                        "",
                        "\r\n\r\n\r\n\r\n",
                        "SSH-2.0-OpenSSH_9.2\r\n",
                        "220 mail ESMTP ready\r\n",
                        "<html>an answer as in 1991</html>",
                        "\0\0\22\4\0\0\0\0\0\0\3\0\0\0\u0080\0\4\0\1\0\0\0\5\0\u00ff\u00ff\u00ff",
                        "\25\3\3\0\2\2\50",
                        "HTTP/1.1",
                        "HTTP/1.1 OK 200\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 10")) {
            fails("no HTTP: '" + text + "'", call -> call.text(text));
        }
        fails("status 600", call -> call.send(call.whole().status("HTTP/1.1 600 Odd")));
        arrives("a head in single bytes", call -> inBytes(call, call.right()));
    }

    private static void inBytes(Call call, Reply reply) throws IOException {
        call.drip(reply.head(), 0);
        call.bytes(reply.content(), reply.from(), reply.to());
        call.keep();
    }

    private void interimAnswers() {
        for (var line :
                List.of(
                        "HTTP/1.1 100 Continue",
                        "HTTP/1.1 102 Processing",
                        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload",
                        "HTTP/1.1 199 Odd\r\nETag: \"interim\"")) {
            arrives(
                    "first " + line,
                    call -> {
                        call.head(line);
                        call.head(line);
                        call.send(call.right());
                    });
        }
        either(
                "an interim answer with a length",
                call -> {
                    call.head("HTTP/1.1 103 Early Hints", "Content-Length: 5");
                    call.send(call.right());
                });
        fails(
                "interim answers without end",
                call -> call.repeat("HTTP/1.1 100 Continue\r\n\r\n".repeat(100), TOO_MUCH));
        fails(
                "101, nobody asked for it",
                call -> {
                    call.head("HTTP/1.1 101 Switching Protocols", "Upgrade: cow");
                    call.bytes(call.content(), 0, SIZE);
                });
    }

    private void fields() {
        for (var field :
                List.of(
                        "X-Old: \u00e9t\u00e9",
                        "X-Empty:",
                        "X-Tabs:\t\ta\t\tb\t",
                        "Upgrade: h2c",
                        "Strict-Transport-Security: max-age=31536000",
                        "Last-Modified: yesterday",
                        "Date: Thu, 99 Foo 2026 25:61:61 GMT",
                        "Keep-Alive: timeout=0, max=-1",
                        "Set-Cookie: a=" + "b".repeat(4_000),
                        "X-More: ".concat("and\r\nX-More: ".repeat(90)) + "more")) {
            var name = field.length() > 60 ? field.substring(0, 20) + "..." : field;
            arrives(name, call -> inBytes(call, withRaw(call.right(), field)));
        }
        arrives(
                "names in odd letters",
                call -> {
                    call.head("HTTP/1.1 200 OK", "cOnTeNt-lEnGtH:" + SIZE);
                    call.bytes(call.content(), 0, SIZE);
                });
        arrives(
                "keep-alive, and yet the connection is closed",
                call -> {
                    call.send(call.right().with("Connection", "keep-alive"));
                    call.reset();
                });
    }

    private static Reply withRaw(Reply reply, String field) {
        return reply.and(
                field.substring(0, field.indexOf(':')), field.substring(field.indexOf(':') + 1));
    }

    private void brokenFields() {
        for (var field :
                List.of(
                        "no colon here",
                        ": no name",
                        "two words: a",
                        "X-Null: a\0b",
                        "X-Return: a\rContent-Length: 5",
                        "X-Fold: a\r\n b\r\n\tc",
                        "ETag: \"a\r\n b\"",
                        " Content-Length: 5",
                        "X-\u00e9t\u00e9: a",
                        "\u00ff\u00fe: a",
                        "Set-Cookie: =;;;=\0")) {
            either(
                    "field '" + field + "'",
                    call -> {
                        call.head(OK, "Content-Length: " + SIZE, field, "X-Last: b");
                        call.bytes(call.content(), 0, SIZE);
                    });
        }
        for (var field :
                List.of("Content-Length : %d", "Content-Length\t: %d", "Content-Length:\r\n %d")) {
            either(
                    "field '" + field + "'",
                    call -> {
                        call.head(OK, field.formatted(SIZE));
                        call.bytes(call.content(), 0, SIZE);
                    });
        }
        either(
                "bare line feeds",
                call -> {
                    call.text("HTTP/1.1 200 OK\nContent-Length: " + SIZE + "\n\n");
                    call.bytes(call.content(), 0, SIZE);
                });
        either(
                "300 cookies",
                call -> {
                    var reply = call.right();
                    for (var i = 0; i < 300; i++) {
                        reply = reply.and("Set-Cookie", "name" + i + "=" + "v".repeat(50));
                    }
                    call.send(reply);
                });
    }

    private void endless() {
        fails("a status line without end", call -> endless(call, "HTTP/1.1 200 ", "O"));
        fails("a field without end", call -> endless(call, OK + "\r\nX-Long: ", "a"));
        fails("fields without end", call -> endless(call, OK + "\r\n", "X-More: and\r\n"));
        fails("a folded field without end", call -> endless(call, OK + "\r\nX: a", "\r\n b"));
        fails("empty lines without end", call -> endless(call, "", "\r\n"));
        fails(
                "a head that drips and never ends",
                call -> call.drip(OK + "\r\nX-Slow: " + "s".repeat(2_000), 100));
        fails(
                "interim answers that drip",
                call -> {
                    for (var i = 0; i < 1_000; i++) {
                        call.head("HTTP/1.1 100 Continue");
                        Call.pause(300);
                    }
                });
        either("trailers that drip", call -> drip(call, "0\r\n", "X-More: and\r\n"));
        fails("chunk extensions that drip", call -> drip(call, "10;a=", "b"));
        for (var status : List.of("404 No", "503 Busy", "302 Found\r\nLocation: /file.bin")) {
            fails(
                    "the body of " + status + ", which drips",
                    call -> {
                        call.head("HTTP/1.1 " + status);
                        call.drip("d".repeat(2_000), 100);
                    });
        }
        fails(
                "a body that drips",
                call -> {
                    call.head(OK, "Content-Length: " + SIZE);
                    call.drip("d".repeat(2_000), 100);
                });
    }

    /** The whole body in a chunk, and then a text without end, a little at a time. */
    private static void drip(Call call, String start, String more) throws IOException {
        call.head(OK, "Transfer-Encoding: chunked");
        call.chunks(call.content(), 0, SIZE, SIZE);
        call.text(start);
        for (var i = 0; i < 1_000; i++) {
            call.text(more);
            Call.pause(300);
        }
    }

    private static void endless(Call call, String start, String more) throws IOException {
        call.text(start);
        call.repeat(more.repeat(1_000), TOO_MUCH);
    }

    /** Fields that point elsewhere, where a downloader of this link has no business. */
    private void temptations() {
        for (var field :
                List.of(
                        "Alt-Svc: http/1.1=\"%s\"; ma=86400",
                        "Refresh: 0; url=http://%s/refresh",
                        "Content-Location: http://%s/content",
                        "Location: http://%s/created",
                        "Link: <http://%s/copy>; rel=preload",
                        "Report-To: {\"endpoints\":[{\"url\":\"http://%s/report\"}]}",
                        "SourceMap: http://%s/map")) {
            arrives(
                    "points elsewhere by " + field.substring(0, field.indexOf(':')),
                    call -> {
                        if (call.isElsewhere()) {
                            call.trespass("went elsewhere");
                        }
                        var reply = withRaw(call.right(), field.formatted(call.elsewhere()));
                        call.cut(reply, call.isFirst() ? SIZE / 2 : SIZE);
                    });
        }
    }
}
