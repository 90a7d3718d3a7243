package dev.capstan.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OriginTest {
    private static final Body BODY = Body.random(300_001, 7);

    @Test
    void servesAFileAndParts() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(BODY));

            assertThat(get(origin, null).body()).isEqualTo(BODY.bytes());
            var part = get(origin, "bytes=100000-100009");
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(BODY.bytes(100_000, 100_010));
            assertThat(get(origin, "bytes=300001-").status()).isEqualTo(416);

            assertThat(origin.bodyBytes()).isEqualTo(300_011);
            assertThat(origin.connections()).isEqualTo(3);
            assertThat(origin.log()).hasSize(3);
        }
    }

    @Test
    void servesPathsWithoutAHandlerByOneForAll() throws Exception {
        try (var origin = Origin.plain()) {
            assertThat(get(origin, null).status()).isEqualTo(404);

            origin.otherwise(exchange -> exchange.answer(200, exchange.target()));

            assertThat(new String(get(origin, null).body(), StandardCharsets.UTF_8))
                    .isEqualTo("/f");
            assertThat(origin.log().get(1).headers())
                    .containsEntry("host", List.of("x"))
                    .containsKey("connection");
        }
    }

    @Test
    void servesOverTls() throws Exception {
        try (var origin = Origin.tls()) {
            origin.serve("/f", Resource.of(BODY));

            assertThat(get(origin, null).body()).isEqualTo(BODY.bytes());
        }
    }

    @Test
    void cutsAndStallsAsTold() throws Exception {
        try (var origin = Origin.plain()) {
            var file = Resource.of(BODY);
            origin.serve(
                    "/f",
                    exchange -> {
                        switch (exchange.number()) {
                            case 1 -> exchange.cutAfter(1000);
                            case 2 -> exchange.stallAfter(2000);
                            default -> exchange.pace(1_000_000);
                        }
                        file.handle(exchange);
                    });

            assertThat(get(origin, null).body()).isEqualTo(BODY.bytes(0, 1000));
            assertThat(get(origin, null).body()).isEqualTo(BODY.bytes(0, 2000));
            var start = System.nanoTime();
            assertThat(get(origin, null).body()).isEqualTo(BODY.bytes());

            assertThat(System.nanoTime() - start).isGreaterThan(250_000_000);
            assertThat(origin.log())
                    .extracting(Exchange::bodyBytes)
                    .containsExactly(1000L, 2000L, 300_001L);
        }
    }

    @Test
    void resetsConnectionsThatAreNotWelcome() throws Exception {
        try (var origin = Origin.plain()) {
            origin.serve("/f", Resource.of(BODY)).welcome(number -> number > 2);

            assertThatThrownBy(() -> get(origin, null)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(origin, null)).isInstanceOf(IOException.class);
            assertThat(get(origin, null).status()).isEqualTo(200);
            assertThat(origin.log()).hasSize(1);
        }
    }

    /** Asks over a connection of its own and reads until it ends. */
    private static Got get(Origin origin, String range) throws IOException {
        var uri = origin.uri("/f");
        var tls = uri.getScheme().equals("https");
        try (var socket =
                tls
                        ? Origin.clientContext()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", origin.port())
                        : new Socket("127.0.0.1", origin.port())) {
            socket.setSoTimeout(500);
            var ask = "GET /f HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
            ask += range == null ? "\r\n" : "Range: " + range + "\r\n\r\n";
            socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
            var all = new ByteArrayOutputStream();
            try {
                socket.getInputStream().transferTo(all);
            } catch (SocketTimeoutException e) {
                // It stalls, as some are told to.
            }
            var text = all.toString(StandardCharsets.ISO_8859_1);
            var body = text.substring(text.indexOf("\r\n\r\n") + 4);
            return new Got(
                    Integer.parseInt(text.substring(9, 12)),
                    body.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private record Got(int status, byte[] body) {}
}
