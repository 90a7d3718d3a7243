package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.download.ErrorClass.TIMEOUT;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.N;
import static dev.capstan.tck.hostile.Scripts.file;
import static dev.capstan.tck.hostile.Scripts.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import java.util.ArrayList;
import java.util.List;

/** Time without end, and bytes without end. */
final class LimitCases {
    // What may be on its way in buffers when the client has had enough.
    private static final long ON_THE_WAY = 16 << 20;

    private LimitCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        time(cases);
        heads(cases);
        return cases;
    }

    private static void time(List<HostileCase> cases) {
        cases.add(
                new HostileCase(27, "stalls for ever after half, then good")
                        .opening(
                                exchange -> {
                                    exchange.stallAfter(N / 2);
                                    file(B).handle(exchange);
                                })
                        .then(file(B))
                        .whole()
                        .moved(N, N - N / 2));
        cases.add(
                new HostileCase(27, "stalls before the head").then(Exchange::stall).fails(TIMEOUT));
        cases.add(
                new HostileCase(27, "ten bytes a second")
                        .then(
                                exchange -> {
                                    exchange.head(200, "Content-Length: " + N, "ETag: \"v1\"");
                                    exchange.pace(10);
                                    exchange.send(B, 0, N);
                                })
                        .fails(TIMEOUT));
        cases.add(
                new HostileCase(27, "the head byte by byte")
                        .then(
                                exchange -> {
                                    exchange.pace(20);
                                    exchange.raw("HTTP/1.1 200 OK\r\nX: " + "y".repeat(1000));
                                })
                        .fails(TIMEOUT));
    }

    private static void heads(List<HostileCase> cases) {
        cases.add(
                new HostileCase(28, "64 MiB of header")
                        .then(
                                exchange -> {
                                    var flood = Body.of("x".repeat(1 << 20).getBytes(US_ASCII));
                                    exchange.raw("HTTP/1.1 200 OK\r\nX: ");
                                    for (var i = 0; i < 64; i++) {
                                        exchange.send(flood, 0, flood.length());
                                    }
                                })
                        .fails(PROTOCOL)
                        .moved(ON_THE_WAY, ON_THE_WAY));
        cases.add(
                new HostileCase(28, "100,000 fields")
                        .then(raw("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000) + "\r\n"))
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(28, "103 for ever")
                        .then(
                                exchange -> {
                                    var some = "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100);
                                    while (true) {
                                        exchange.raw(some);
                                    }
                                })
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(28, "a status line without end")
                        .then(raw("HTTP/1.1 200 " + "x".repeat(200_000)))
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(28, "three interim answers")
                        .then(
                                exchange -> {
                                    exchange.raw(
                                            "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
                                                    .repeat(3));
                                    file(B).handle(exchange);
                                })
                        .whole());
    }
}
