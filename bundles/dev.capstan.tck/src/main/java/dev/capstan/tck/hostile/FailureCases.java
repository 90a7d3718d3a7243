package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.ACCOUNT;
import static dev.capstan.download.ErrorClass.AUTH;
import static dev.capstan.download.ErrorClass.NETWORK;
import static dev.capstan.download.ErrorClass.NOT_FOUND;
import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.download.ErrorClass.RATE_LIMITED;
import static dev.capstan.download.ErrorClass.UNAVAILABLE;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.file;
import static dev.capstan.tck.hostile.Scripts.firstHalf;
import static dev.capstan.tck.hostile.Scripts.raw;
import static dev.capstan.tck.hostile.Scripts.status;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Refusals, pauses, and connections that end. */
final class FailureCases {
    private FailureCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        pauses(cases);
        refusals(cases);
        connections(cases);
        return cases;
    }

    private static void pauses(List<HostileCase> cases) {
        var pause = status(503, "Retry-After: 1");
        cases.add(
                new HostileCase(24, "503 with Retry-After 1, twice")
                        .then(pause, pause, file(B))
                        .whole()
                        .atLeast(Duration.ofSeconds(2)));
        cases.add(
                new HostileCase(24, "429 with Retry-After in 3 s, as a date")
                        .then(FailureCases::notBefore, file(B))
                        .whole()
                        // The date has no fractions of a second.
                        .atLeast(Duration.ofSeconds(2)));
        for (var wait : List.of("soon", "-5", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT")) {
            cases.add(
                    new HostileCase(24, "429 with Retry-After " + wait)
                            .then(status(429, "Retry-After: " + wait), file(B))
                            .whole());
        }
        cases.add(
                new HostileCase(24, "429 with Retry-After 1000000000")
                        .then(status(429, "Retry-After: 1000000000"))
                        .fails(RATE_LIMITED)
                        .requests(1));
        for (var code : List.of(408, 425, 500, 502, 504)) {
            cases.add(new HostileCase(24, code + " once").then(status(code), file(B)).whole());
        }
        cases.add(
                new HostileCase(24, "503 for ever")
                        .then(status(503))
                        .fails(UNAVAILABLE, RATE_LIMITED));
        cases.add(new HostileCase(24, "429 for ever").then(status(429)).fails(RATE_LIMITED));
    }

    private static void notBefore(Exchange exchange) throws IOException {
        var date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().plusSeconds(3).atOffset(ZoneOffset.UTC));
        exchange.answer(429, "no", "Retry-After: " + date.replaceFirst(" (\\d) ", " 0$1 "));
    }

    private static void refusals(List<HostileCase> cases) {
        for (var code : List.of(503, 403)) {
            cases.add(
                    new HostileCase(25, code + " on connections 2 to 4")
                            .then(
                                    exchange -> {
                                        var connection = exchange.connection();
                                        if (connection > 1 && connection < 5) {
                                            exchange.answer(code, "no", "Connection: close");
                                        } else {
                                            file(B).handle(exchange);
                                        }
                                    })
                            .whole());
        }
        for (var code : List.of(204, 205, 304)) {
            cases.add(
                    new HostileCase(35, code + " to a plain GET")
                            .then(status(code))
                            .fails(PROTOCOL));
        }
        for (var code : List.of(401, 403, 404, 410, 451)) {
            cases.add(
                    new HostileCase(35, code + "")
                            .then(status(code))
                            .fails(ACCOUNT, AUTH, NOT_FOUND)
                            .requests(1));
        }
        cases.add(
                new HostileCase(40, "HEAD tells another length and tag")
                        .then(
                                onHead(
                                        exchange ->
                                                exchange.head(
                                                        200,
                                                        "Content-Length: 5",
                                                        "ETag: \"other\"")))
                        .whole());
        cases.add(
                new HostileCase(40, "HEAD is refused with 405").then(onHead(status(405))).whole());
        cases.add(
                new HostileCase(40, "HEAD is refused with 404, ranges are not told of")
                        .opening(firstHalf())
                        .then(onHead(status(404)))
                        .whole());
    }

    private static Handler onHead(Handler handler) {
        return exchange -> {
            if (exchange.method().equals("HEAD")) {
                handler.handle(exchange);
            } else {
                file(B).handle(exchange);
            }
        };
    }

    private static void connections(List<HostileCase> cases) {
        cases.add(
                new HostileCase(33, "not HTTP at all")
                        .then(raw("220 ftp.example.org ready\r\n" + "x".repeat(100_000)))
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(33, "accepts and closes, then good")
                        .then(Exchange::cut, Exchange::reset, file(B))
                        .whole());
        cases.add(
                new HostileCase(33, "accepts and closes for ever")
                        .then(Exchange::cut)
                        .fails(NETWORK));
        cases.add(
                new HostileCase(33, "closes a connection when it is used again")
                        .past(Past.ISLANDS)
                        .setUp(origin -> origin.serve("/f", onceForEachConnection()))
                        .whole());
    }

    private static Handler onceForEachConnection() {
        Set<Integer> used = ConcurrentHashMap.newKeySet();
        return exchange -> {
            if (!used.add(exchange.connection())) {
                exchange.cut();
            }
            file(B).handle(exchange);
        };
    }
}
