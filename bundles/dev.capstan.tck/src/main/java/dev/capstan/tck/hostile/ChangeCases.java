package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.CHANGED;
import static dev.capstan.download.ErrorClass.NOT_FOUND;
import static dev.capstan.tck.hostile.Scripts.A;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.LONG_AGO;
import static dev.capstan.tck.hostile.Scripts.N;
import static dev.capstan.tck.hostile.Scripts.OCTETS;
import static dev.capstan.tck.hostile.Scripts.cut;
import static dev.capstan.tck.hostile.Scripts.file;
import static dev.capstan.tck.hostile.Scripts.firstHalf;
import static dev.capstan.tck.hostile.Scripts.status;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Versions: the same, another one, and no telling which (RFC 9110 §8.8, §13). */
final class ChangeCases {
    private static final long OVERLAP = 64 << 10;

    private ChangeCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        changes(cases);
        weak(cases);
        same(cases);
        pages(cases);
        return cases;
    }

    private static void changes(List<HostileCase> cases) {
        cases.add(change("cut, then A under a new tag, If-Range honoured", file(A).etag("\"v2\"")));
        cases.add(
                change(
                        "cut, then A under a new tag, If-Range ignored",
                        file(A).etag("\"v2\"").withoutIfRange()));
        cases.add(
                change(
                        "cut, then A under a new tag, Range ignored",
                        file(A).etag("\"v2\"").withoutRanges()));
        cases.add(
                new HostileCase(17, "another version after every half")
                        .opening(firstHalf())
                        .then(
                                cut(N / 2, file(A).etag("\"v2\"")),
                                cut(N / 2, file(B).etag("\"v3\"")),
                                cut(N / 2, file(A).etag("\"v4\"")),
                                cut(N / 2, file(B).etag("\"v5\"")),
                                cut(N / 2, file(A).etag("\"v6\"")),
                                file(B).etag("\"v7\""))
                        .whole(B)
                        .fails(CHANGED));
    }

    private static HostileCase change(String name, Handler then) {
        return new HostileCase(17, name).opening(firstHalf()).then(then).whole(A).fails(CHANGED);
    }

    private static void weak(List<HostileCase> cases) {
        cases.add(
                new HostileCase(18, "weak tag, another one after the cut, for A")
                        .past(Past.HALF_WEAK)
                        .opening(cut(N / 2, file(B).etag("W/\"1\"")))
                        .then(file(A).etag("W/\"2\""))
                        .whole(A)
                        .fails(CHANGED));
        cases.add(
                new HostileCase(18, "weak tag, the same after the cut, for A")
                        .past(Past.HALF_WEAK)
                        .opening(cut(N / 2, file(B).etag("W/\"1\"")))
                        .then(file(A).etag("W/\"1\""))
                        .whole(A)
                        .fails(CHANGED));
        cases.add(
                new HostileCase(18, "no validator, A after the cut")
                        .past(Past.HALF_UNPROVEN)
                        .opening(cut(N / 2, file(B).etag(null)))
                        .then(file(A).etag(null))
                        .whole(A)
                        .fails(CHANGED));
        cases.add(
                new HostileCase(18, "weak tag, nothing changes")
                        .past(Past.HALF_WEAK)
                        .opening(cut(N / 2, file(B).etag("W/\"1\"")))
                        .then(file(B).etag("W/\"1\""))
                        .whole()
                        .moved(N + OVERLAP, N - N / 2 + OVERLAP));
        cases.add(
                new HostileCase(18, "no validator, nothing changes")
                        .past(Past.HALF_UNPROVEN)
                        .opening(cut(N / 2, file(B).etag(null)))
                        .then(file(B).etag(null))
                        .whole()
                        .moved(N + OVERLAP, N - N / 2 + OVERLAP));
        cases.add(
                new HostileCase(18, "no validator, but a digest was promised")
                        .past(Past.HALF_UNPROVEN)
                        .digestPromised()
                        .opening(cut(N / 2, file(B).etag(null)))
                        .then(file(B).etag(null))
                        .whole()
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(18, "a date of just now")
                        .past(Past.HALF_UNPROVEN)
                        .opening(cut(N / 2, ChangeCases::freshlyDated))
                        .then(ChangeCases::freshlyDated)
                        .whole()
                        .rule(
                                "sent a weak validator in If-Range",
                                origin ->
                                        origin.origin().log().stream()
                                                .noneMatch(
                                                        asked ->
                                                                asked.header("if-range")
                                                                        .isPresent())));
    }

    private static void freshlyDated(Exchange exchange) throws IOException {
        file(B).etag(null).lastModified(Instant.now()).handle(exchange);
    }

    private static void same(List<HostileCase> cases) {
        cases.add(
                new HostileCase(1, "a date of long ago, no tag, If-Range honoured")
                        .past(Past.HALF_DATED)
                        .opening(cut(N / 2, file(B).etag(null).lastModified(LONG_AGO)))
                        .then(file(B).etag(null).lastModified(LONG_AGO))
                        .whole()
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(19, "another tag with every answer, the bytes stay")
                        .opening(firstHalf())
                        .then(
                                exchange ->
                                        file(B).etag("\"t" + exchange.number() + "\"")
                                                .handle(exchange))
                        .whole()
                        .moved(2 * N, 2 * N));
    }

    private static void pages(List<HostileCase> cases) {
        cases.add(
                new HostileCase(34, "cut, then a small page")
                        .opening(firstHalf())
                        .then(
                                exchange ->
                                        exchange.answer(
                                                200, "<html>Gone", "Content-Type: text/html"))
                        .fails(CHANGED)
                        .partKept());
        cases.add(
                new HostileCase(34, "cut, then a fraction without a validator")
                        .opening(firstHalf())
                        .then(exchange -> exchange.answer(200, "short", OCTETS))
                        .fails(CHANGED)
                        .partKept());
        cases.add(
                new HostileCase(34, "cut, then 404 with a page")
                        .opening(firstHalf())
                        .then(status(404, "Content-Type: text/html"))
                        .fails(NOT_FOUND)
                        .partKept());
    }
}
