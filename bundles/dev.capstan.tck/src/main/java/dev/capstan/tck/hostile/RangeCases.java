package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.CHANGED;
import static dev.capstan.download.ErrorClass.NETWORK;
import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.tck.hostile.Scripts.A;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.N;
import static dev.capstan.tck.hostile.Scripts.cut;
import static dev.capstan.tck.hostile.Scripts.end;
import static dev.capstan.tck.hostile.Scripts.file;
import static dev.capstan.tck.hostile.Scripts.firstHalf;
import static dev.capstan.tck.hostile.Scripts.onRange;
import static dev.capstan.tck.hostile.Scripts.part;
import static dev.capstan.tck.hostile.Scripts.range;
import static dev.capstan.tck.hostile.Scripts.status;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.capstan.tck.Body;
import dev.capstan.tck.Handler;
import java.util.ArrayList;
import java.util.List;

/** Parts: asked for, given, and given otherwise (RFC 9110 §14, §15.3.7). */
final class RangeCases {
    /** More than an int counts; in full more than one without a sign. */
    private static final long HUGE_MIB =
            System.getProperty("capstan.matrix", "").equals("full") ? 5 << 10 : (2 << 10) + 64;

    private static final Body HUGE = Body.random(HUGE_MIB << 20, 3);

    private RangeCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        good(cases);
        wrongParts(cases);
        otherParts(cases);
        unsatisfiable(cases);
        return cases;
    }

    private static void good(List<HostileCase> cases) {
        cases.add(
                new HostileCase(1, "ranges, length, strong tag, If-Range honoured")
                        .then(file(B))
                        .whole()
                        .requests(1)
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(1, "a hole and an end are missing")
                        .past(Past.ISLANDS)
                        .then(file(B))
                        .whole()
                        .moved(N, N - Past.ISLANDS.present().size()));
        cases.add(
                new HostileCase(2, "ignores Range")
                        .opening(firstHalf())
                        .then(file(B).withoutRanges())
                        .whole());
        cases.add(
                new HostileCase(3, "every answer cut at half of what was asked")
                        .then(
                                exchange -> {
                                    var asked = end(exchange) - exchange.from();
                                    exchange.cutAfter(Math.max(1, asked / 2));
                                    file(B).handle(exchange);
                                })
                        .whole()
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(4, "always cut at N/2, no ranges")
                        .then(cut(N / 2, file(B).withoutRanges()))
                        .fails(NETWORK));
        cases.add(
                new HostileCase(22, "cut at half, then good")
                        .opening(firstHalf())
                        .then(file(B))
                        .whole()
                        .requests(2)
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(22, "reset at half, then good")
                        .opening(
                                exchange -> {
                                    exchange.resetAfter(N / 2);
                                    file(B).handle(exchange);
                                })
                        .then(file(B))
                        .whole()
                        .requests(2));
        cases.add(
                new HostileCase(23, "closes every 64 KiB")
                        .then(cut(65_536, file(B)))
                        .whole()
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(38, HUGE_MIB + " MiB")
                        .past(null)
                        .huge()
                        .then(file(HUGE))
                        .whole(HUGE));
    }

    private static void wrongParts(List<HostileCase> cases) {
        cases.add(
                new HostileCase(11, "206 for the first half although no range was asked")
                        .then(
                                exchange -> {
                                    if (exchange.header("range").isEmpty()) {
                                        part(exchange, 0, N / 2, range(0, N / 2));
                                    } else {
                                        file(B).handle(exchange);
                                    }
                                })
                        .whole()
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(11, "206 for the other half although no range was asked")
                        .then(
                                exchange -> {
                                    if (exchange.header("range").isEmpty()) {
                                        part(exchange, N / 2, N, range(N / 2, N));
                                    } else {
                                        file(B).handle(exchange);
                                    }
                                })
                        .whole()
                        .fails(PROTOCOL));
        cases.add(
                resumed(
                        12,
                        "206 one byte later than asked",
                        exchange -> {
                            var from = Math.min(N - 1, exchange.from() + 1);
                            part(exchange, from, N, range(from, N));
                        }));
        cases.add(
                resumed(
                        12,
                        "206 with 100 bytes before",
                        exchange -> {
                            var from = Math.max(0, exchange.from() - 100);
                            part(exchange, from, end(exchange), range(from, end(exchange)));
                        }));
        cases.add(
                resumed(
                        12,
                        "206 labelled for other bytes than asked",
                        exchange -> part(exchange, exchange.from(), end(exchange), range(1, 3))));
        cases.add(
                resumed(
                                13,
                                "206 whose total grew by 5",
                                exchange -> {
                                    var to = end(exchange);
                                    var label = "bytes %d-%d/%d";
                                    part(
                                            exchange,
                                            exchange.from(),
                                            to,
                                            label.formatted(exchange.from(), to - 1, N + 5));
                                })
                        .fails(CHANGED));
        for (var label : List.of("", "bytes x-y/z", "bytes 5-4/" + N, "items 0-9/" + N)) {
            cases.add(
                    resumed(
                            14,
                            "206 with Content-Range \"" + label + "\"",
                            exchange -> part(exchange, exchange.from(), end(exchange), label)));
        }
        cases.add(
                new HostileCase(14, "206 with false Content-Range to everything after half")
                        .opening(firstHalf())
                        .then(exchange -> part(exchange, 0, N, "bytes x-y/z"))
                        .fails(PROTOCOL));
    }

    private static void otherParts(List<HostileCase> cases) {
        cases.add(
                resumed(
                                15,
                                "206 shorter than asked",
                                exchange -> {
                                    var from = exchange.from();
                                    var to = Math.min(end(exchange), from + 50_000);
                                    part(exchange, from, to, range(from, to));
                                })
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(15, "206 longer than asked, with other bytes behind")
                        .past(Past.ISLANDS)
                        .then(
                                onRange(
                                        exchange -> {
                                            var from = exchange.from();
                                            exchange.head(
                                                    206,
                                                    "ETag: \"v1\"",
                                                    "Content-Range: " + range(from, N),
                                                    "Content-Length: " + (N - from));
                                            exchange.send(B, from, end(exchange));
                                            exchange.send(A, end(exchange), N);
                                        }))
                        .whole());
        cases.add(
                resumed(
                        16,
                        "multipart/byteranges for one range",
                        exchange -> {
                            var from = exchange.from();
                            var to = end(exchange);
                            var before = "--x\r\nContent-Range: " + range(from, to) + "\r\n\r\n";
                            var after = "\r\n--x--\r\n";
                            exchange.head(
                                    206,
                                    "ETag: \"v1\"",
                                    "Content-Type: multipart/byteranges; boundary=x",
                                    "Content-Length: "
                                            + (before.length() + to - from + after.length()));
                            exchange.send(before.getBytes(US_ASCII));
                            exchange.send(B, from, to);
                            exchange.send(after.getBytes(US_ASCII));
                        }));
        cases.add(
                new HostileCase(20, "200 to If-Range though nothing changed, plain Range works")
                        .opening(firstHalf())
                        .then(
                                exchange -> {
                                    if (exchange.header("if-range").isPresent()) {
                                        file(B).withoutRanges().handle(exchange);
                                    } else {
                                        file(B).handle(exchange);
                                    }
                                })
                        .whole()
                        .rule(
                                "never took the part",
                                origin ->
                                        origin.setting().connections() > 1
                                                || origin.origin().log().stream()
                                                        .anyMatch(asked -> asked.status() == 206)));
    }

    private static void unsatisfiable(List<HostileCase> cases) {
        cases.add(
                new HostileCase(21, "416 once although the offset is inside")
                        .opening(firstHalf())
                        .then(status(416, "Content-Range: bytes */" + N), file(B))
                        .whole());
        cases.add(
                new HostileCase(21, "416 once without Content-Range")
                        .opening(firstHalf())
                        .then(status(416), file(B))
                        .whole());
        cases.add(
                new HostileCase(21, "416 at the end with */N")
                        .past(Past.ALL)
                        .opening(
                                exchange -> {
                                    exchange.head(
                                            200, "Transfer-Encoding: chunked", "ETag: \"v1\"");
                                    exchange.send(B, 0, N);
                                    exchange.cut();
                                })
                        .then(file(B))
                        .whole()
                        .moved(N, 0));
    }

    /** Half of the file, then this answer to every question for a part; plain questions work. */
    private static HostileCase resumed(int row, String name, Handler onRange) {
        return new HostileCase(row, name).opening(firstHalf()).then(onRange(onRange)).whole();
    }
}
