package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.net.spi.OutboundResponse;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboundHttpTest {
    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
        origin.close();
    }

    @Test
    void readsAWholeAnswerWhateverItsStatus() throws Exception {
        origin.serve("/x", exchange -> exchange.answer(418, "tea", "X-Kind: pot", "X-Kind: black"));

        var answer = get("/x");

        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.text()).isEqualTo("tea");
        assertThat(answer.headers().get("x-kind")).containsExactly("pot", "black");
        assertThat(answer.header("X-Kind")).hasValue("pot");
    }

    @Test
    void postsABody() throws Exception {
        origin.serve(
                "/x",
                exchange ->
                        exchange.answer(
                                200,
                                exchange.method()
                                        + " "
                                        + new String(exchange.body(), StandardCharsets.UTF_8)
                                        + " "
                                        + exchange.header("content-type").orElse("")));

        var request =
                OutboundRequest.post(
                        uri("a.public", "/x"),
                        "text/plain",
                        "hello".getBytes(StandardCharsets.UTF_8));

        assertThat(send(Policy.DEFAULT, request).text()).isEqualTo("POST hello text/plain");
    }

    @Test
    void undoesGzip() throws Exception {
        origin.serve("/x", exchange -> gzip(exchange, "plain".repeat(1000)));

        assertThat(get("/x").text()).isEqualTo("plain".repeat(1000));
    }

    @Test
    void anAnswerThatIsTooLongIsRefused() throws Exception {
        origin.serve("/long", exchange -> exchange.answer(200, "x".repeat(2000)));
        origin.serve("/bomb", exchange -> gzip(exchange, "x".repeat(5_000_000)));
        origin.serve(
                "/endless",
                exchange -> {
                    exchange.head(200, "Transfer-Encoding: chunked");
                    exchange.send(Body.random(100 << 20, 1), 0, 100 << 20);
                });

        for (var path : new String[] {"/long", "/bomb", "/endless"}) {
            var request =
                    new OutboundRequest("GET", uri("a.public", path), Map.of(), null, 1000 * 10);
            if (path.equals("/long")) {
                request = new OutboundRequest("GET", uri("a.public", path), Map.of(), null, 1999);
            }
            fails(Policy.DEFAULT, request, ErrorClass.PROTOCOL);
        }
    }

    @Test
    @DisplayName(
            "N1: private addresses only where the operator named them, and never by a redirect")
    void guardsAddresses() throws Exception {
        origin.serve("/x", exchange -> exchange.answer(200, "here"));
        origin.serve("/self", exchange -> exchange.answer(302, "", "Location: /x"));
        var inside = OutboundRequest.get(uri("127.0.0.1", "/x"));
        var trusting =
                new Policy(
                        Set.of(uri("127.0.0.1", "")),
                        Set.of("inside.test", "127.0.0.1"),
                        Duration.ofSeconds(5));

        fails(Policy.DEFAULT, inside, ErrorClass.BLOCKED);
        assertThat(send(trusting, inside).text()).isEqualTo("here");
        assertThat(send(trusting, OutboundRequest.get(uri("127.0.0.1", "/self"))).text())
                .isEqualTo("here");
        origin.serve("/out", redirect(uri("inside.test", "/x")));
        fails(trusting, OutboundRequest.get(uri("127.0.0.1", "/out")), ErrorClass.BLOCKED);
        origin.serve("/in", redirect(uri("127.0.0.1", "/x")));
        fails(trusting, OutboundRequest.get(uri("a.public", "/in")), ErrorClass.BLOCKED);
    }

    @Test
    @DisplayName("N2: redirects stay within the hosts that were named, and are few")
    void followsOnlyNamedHosts() throws Exception {
        origin.serve(
                "/x", exchange -> exchange.answer(200, exchange.header("x-key").orElse("none")));
        origin.serve("/to", redirect(uri("b.public", "/x")));
        origin.serve("/loop", exchange -> exchange.answer(302, "", "Location: /loop"));
        var request = OutboundRequest.get(uri("a.public", "/to")).with("X-Key", "secret");

        fails(Policy.DEFAULT, request, ErrorClass.BLOCKED);
        var open = new Policy(Set.of(), Set.of("b.public"), Duration.ofSeconds(5));
        assertThat(send(open, request).text()).isEqualTo("none");
        fails(open, OutboundRequest.get(uri("a.public", "/loop")), ErrorClass.PROTOCOL);
        assertThat(origin.log()).filteredOn(asked -> asked.target().equals("/loop")).hasSize(4);
    }

    @Test
    @DisplayName("N3: the whole answer has a time, however it trickles")
    void endsInTime() throws Exception {
        origin.serve(
                "/x",
                exchange -> {
                    exchange.pace(2000);
                    exchange.answer(200, "x".repeat(100_000));
                });
        var policy = new Policy(Set.of(), Set.of(), Duration.ofMillis(500));
        var start = System.nanoTime();

        fails(policy, OutboundRequest.get(uri("a.public", "/x")), ErrorClass.TIMEOUT);

        assertThat(System.nanoTime() - start).isLessThan(1_500_000_000L);
    }

    @Test
    @DisplayName("N4: cookies stay with the client that got them and the host that set them")
    void keepsCookiesApart() throws Exception {
        origin.serve("/set", exchange -> exchange.answer(200, "", "Set-Cookie: sid=1; Path=/"));
        origin.serve(
                "/evil", exchange -> exchange.answer(200, "", "Set-Cookie: e=1; Domain=public"));
        origin.serve(
                "/x", exchange -> exchange.answer(200, exchange.header("cookie").orElse("none")));
        var client = rig.engine.client(Policy.DEFAULT);
        client.send(OutboundRequest.get(uri("a.public", "/set")));
        client.send(OutboundRequest.get(uri("a.public", "/evil")));

        assertThat(client.send(OutboundRequest.get(uri("a.public", "/x"))).text())
                .isEqualTo("sid=1");
        assertThat(client.send(OutboundRequest.get(uri("b.public", "/x"))).text())
                .isEqualTo("none");
        assertThat(get("/x").text()).isEqualTo("none");
    }

    @Test
    void endsWithinASecondOfInterruption() throws Exception {
        origin.serve("/x", Exchange::stall);
        var outcome = new CompletableFuture<Boolean>();
        var thread =
                new Thread(
                        () -> {
                            try {
                                get("/x");
                                outcome.complete(false);
                            } catch (InterruptedException e) {
                                outcome.complete(true);
                            } catch (Exception e) {
                                outcome.completeExceptionally(e);
                            }
                        });
        thread.start();
        assertThat(origin.awaitRequests(1, Duration.ofSeconds(5))).isTrue();

        thread.interrupt();

        assertThat(outcome.get(1, TimeUnit.SECONDS)).isTrue();
        assertThat(origin.awaitNoConnection(Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void reusesAConnection() throws Exception {
        origin.serve("/x", exchange -> exchange.answer(200, "a"));

        get("/x");
        get("/x");

        assertThat(origin.connections()).isEqualTo(1);
    }

    @Test
    void headersThatWouldEndTheirLineAreRefused() throws ExecutionException {
        fails(
                Policy.DEFAULT,
                OutboundRequest.get(uri("a.public", "/x")).with("X-A", "b\r\nX-C: d"),
                ErrorClass.BLOCKED);
    }

    private OutboundResponse get(String path) throws Exception {
        return send(Policy.DEFAULT, OutboundRequest.get(uri("a.public", path)));
    }

    private OutboundResponse send(Policy policy, OutboundRequest request) throws Exception {
        return rig.engine.client(policy).send(request);
    }

    private void fails(Policy policy, OutboundRequest request, ErrorClass errorClass) {
        assertThatThrownBy(() -> send(policy, request))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.errorClass()).as(e.getMessage()).isEqualTo(errorClass));
    }

    private URI uri(String host, String path) {
        return URI.create("http://" + host + ":" + origin.port() + path);
    }

    private static dev.capstan.tck.Handler redirect(URI to) {
        return exchange -> exchange.answer(302, "", "Location: " + to);
    }

    private static void gzip(Exchange exchange, String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        exchange.head(200, "Content-Encoding: gzip", "Content-Length: " + bytes.size());
        exchange.send(bytes.toByteArray());
    }
}
