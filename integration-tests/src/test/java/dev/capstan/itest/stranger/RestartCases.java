package dev.capstan.itest.stranger;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What may have happened to a file while the downloader was not there: the first half came before,
 * and every request after that meets the changed server.
 */
final class RestartCases extends Table {
    private static final int SIZE = 1_200_000;
    private static final String OLD = "Thu, 01 Jan 2026 00:00:00 GMT";
    private static final String LATER = "Fri, 02 Jan 2026 00:00:00 GMT";

    RestartCases() {
        super(SIZE);
        sameFile();
        otherFile();
        refusals();
    }

    private void sameFile() {
        arrives("nothing changed", then(it -> it, call -> call.send(call.right())));
        arrives("ranges no longer work", then(it -> it, call -> call.send(call.whole())));
        arrives(
                "no validators, and the whole file again",
                then(bare(), call -> call.send(call.whole())));
        arrives(
                "the same date",
                then(dated(OLD, LATER), call -> call.send(dated(OLD, LATER).apply(call.right()))));
        either(
                "a part's bytes under 200",
                then(it -> it, call -> call.send(call.right().status(Reply.OK))));
        either(
                "parts of another total",
                then(
                        it -> it,
                        call -> {
                            var it = call.right();
                            call.send(
                                    it.isPartial()
                                            ? it.with(
                                                    "Content-Range",
                                                    "bytes %d-%d/%d"
                                                            .formatted(
                                                                    it.from(),
                                                                    it.to() - 1,
                                                                    SIZE + 100))
                                            : it);
                        }));
    }

    private void otherFile() {
        either("another version, told", then(it -> it, call -> call.send(other(call, true))));
        either(
                "another version, If-Range ignored",
                then(it -> it, call -> call.send(other(call, false))));
        for (var name : List.of("ETag", "Last-Modified")) {
            either(
                    "another version without " + name + ", If-Range ignored",
                    then(it -> it, call -> call.send(other(call, false).without(name))));
        }
        for (var tag : List.of("W/\"same\"", "same", "\"same")) {
            UnaryOperator<Reply> tagged = it -> it.without("Last-Modified").with("ETag", tag);
            either(
                    "another version under ETag: " + tag,
                    then(tagged, call -> call.send(tagged.apply(other(call, false)))));
        }
        either(
                "another version without validators",
                then(bare(), call -> call.send(bare().apply(other(call, false)))));
        either(
                "another version of the same second",
                then(
                        dated(OLD, OLD),
                        call -> call.send(dated(OLD, OLD).apply(other(call, false)))));
        either(
                "another version of a later date, If-Range ignored",
                then(
                        dated(OLD, LATER),
                        call -> call.send(dated(LATER, LATER).apply(other(call, false)))));
        either(
                "another version on another server",
                then(
                        it -> it,
                        call -> {
                            if (call.isElsewhere()) {
                                call.send(other(call, false));
                            } else {
                                call.head(
                                        "HTTP/1.1 302 Found",
                                        "Location: http://" + call.elsewhere() + "/",
                                        "Content-Length: 0");
                            }
                        }));
        either(
                "a page under 200",
                then(
                        it -> it,
                        call -> {
                            if (call.right().isPartial()) {
                                call.head("HTTP/1.1 503 Busy", "Content-Length: 0");
                            } else {
                                call.send(call.right(call.other()));
                            }
                        }));
    }

    private void refusals() {
        for (var status :
                List.of(
                        "404 Gone",
                        "416 Range",
                        "416 Range\r\nContent-Range: bytes */600000",
                        "412 Changed",
                        "304 Same",
                        "204 None",
                        "503 Busy")) {
            either(
                    status + " for the rest",
                    then(
                            it -> it,
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

    /** Half of the file and silence, until the downloader was started anew. */
    private static Behaviour then(UnaryOperator<Reply> before, Behaviour after) {
        return call -> {
            if (call.isAfterRestart()) {
                after.answer(call);
            } else {
                half(call, before.apply(call.right()));
            }
        };
    }

    private static void half(Call call, Reply reply) throws IOException {
        call.cut(reply, (reply.to() - reply.from()) / 2);
        call.stall();
    }

    private static Reply other(Call call, boolean mindsIfRange) {
        return mindsIfRange
                ? call.right(call.other())
                : VersionCases.ignoringIfRange(call, call.other());
    }

    private static UnaryOperator<Reply> bare() {
        return it -> it.without("ETag", "Last-Modified");
    }

    private static UnaryOperator<Reply> dated(String modified, String now) {
        return it -> it.without("ETag").with("Last-Modified", modified).with("Date", now);
    }
}
