package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.http.wire.Proxies;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names ending in .public and .test lead to the origin; literal loopback addresses need no proxy.
 */
@DisplayName("12: proxies, with real ones")
class ProxyTest {
    private static final Body BODY = Body.random(3_000_000, 12);

    @TempDir Path folder;

    private Origin origin = Origin.plain();
    private TestProxy proxy;
    private Rig rig;

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        origin.close();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void aFileComesWholeAndTheProxyIsToldAnAddress(boolean socks, boolean tls) throws Exception {
        through(socks, tls);

        rig.connections(4).fetch(link());

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(proxy.asked).isNotEmpty().containsOnly("127.0.0.1:" + origin.port());
        assertThat(proxy.asked).hasSize(origin.connections());
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void credentialsGoToTheProxyAndNowhereElse(boolean socks, boolean tls) throws Exception {
        start(socks, tls).login("us er:p%:w");
        open(Map.of("all_proxy", proxy.url("us%20er:p%25:w")));

        rig.fetch(link());

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log())
                .allSatisfy(
                        asked -> {
                            assertThat(asked.header("proxy-authorization")).isEmpty();
                            assertThat(asked.header("authorization")).isEmpty();
                        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void wrongOrMissingCredentialsAreToldWithoutShowingThem(boolean socks) throws Exception {
        start(socks, false).login("me:right");
        for (var url : new String[] {proxy.url("me:secret"), proxy.url()}) {
            open(Map.of("all_proxy", url));

            var failure = rig.failure(link());

            assertThat(failure.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
            assertThat(failure)
                    .hasMessageContaining("The proxy 127.0.0.1:" + proxy.port())
                    .hasMessageContaining("credentials");
            for (Throwable next = failure; next != null; next = next.getCause()) {
                assertThat(next.toString()).doesNotContain("secret");
            }
            rig.close();
            rig = null;
        }
        assertThat(origin.connections()).isZero();
    }

    @Test
    void credentialsOfAConfiguredProxyAreInTheNetrcFile() throws Exception {
        start(false, false).login("me:right");
        var netrc = folder.resolve("netrc");
        Files.createFile(
                netrc,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(netrc, "machine 127.0.0.1 login me password right\n");
        var proxies = Proxies.configured(proxy.url(), "", false);
        rig = new Rig(folder, Rig.outside(proxies, Map.of(), netrc));

        rig.fetch(link());

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log().get(0).header("authorization")).isEmpty();
    }

    static Stream<Object[]> faults() {
        return Stream.of(
                new Object[] {false, "HTTP/1.1 403 No\r\n\r\n", ErrorClass.BLOCKED},
                new Object[] {false, "HTTP/1.1 302 Go\r\nLocation: /\r\n\r\n", ErrorClass.BLOCKED},
                new Object[] {false, "HTTP/1.1 401 Who\r\n\r\n", ErrorClass.ACCOUNT},
                new Object[] {false, "HTTP/1.1 502 Lost\r\n\r\n", ErrorClass.NETWORK},
                new Object[] {false, "SSH-2.0-OpenSSH_9.2\r\n", ErrorClass.PROTOCOL},
                new Object[] {false, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200", ErrorClass.PROTOCOL},
                new Object[] {false, "HTTP/1.1 200 OK\r\nA: b", ErrorClass.NETWORK},
                new Object[] {
                    false, "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(101), ErrorClass.PROTOCOL
                },
                new Object[] {false, "", ErrorClass.NETWORK},
                new Object[] {true, "\5\0\5\2\0\1\0\0\0\0\0\0", ErrorClass.BLOCKED},
                new Object[] {true, "\5\0\5\5\0\1\0\0\0\0\0\0", ErrorClass.NETWORK},
                new Object[] {true, "\5\0\5\7\0\1\0\0\0\0\0\0", ErrorClass.PROTOCOL},
                new Object[] {true, "\5\0\5\0\0\7\0\0\0\0\0\0", ErrorClass.PROTOCOL},
                new Object[] {true, "\5\u00ff", ErrorClass.ACCOUNT},
                new Object[] {true, "\5\2", ErrorClass.ACCOUNT},
                new Object[] {true, "\4\0", ErrorClass.PROTOCOL},
                new Object[] {true, "HTTP/1.1 400 Bad\r\n\r\n", ErrorClass.PROTOCOL},
                new Object[] {true, "\5\0\5\0\0\1\0\0", ErrorClass.NETWORK},
                new Object[] {true, "", ErrorClass.NETWORK});
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatAProxyDoesWrongIsToldOfTheProxy(boolean socks, String answer, ErrorClass errorClass)
            throws Exception {
        through(socks, false);
        proxy.says(answer);

        var failure = rig.failure(link());

        assertThat(failure.errorClass()).as(failure.getMessage()).isEqualTo(errorClass);
        assertThat(failure).hasMessageContaining("The proxy 127.0.0.1:" + proxy.port());
        assertThat(origin.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProxyThatNeverAnswersTimesOut(boolean socks) throws Exception {
        through(socks, true);
        proxy.script((in, out) -> in.transferTo(OutputStream.nullOutputStream()));

        var failure = failureOfOneAttempt("/f");

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.TIMEOUT);
        assertThat(failure).hasMessageContaining("through the proxy 127.0.0.1:" + proxy.port());
    }

    @Test
    void aProxyThatTricklesItsAnswerTimesOut() throws Exception {
        through(false, false);
        proxy.script(ProxyTest::trickle);

        assertThat(failureOfOneAttempt("/f").errorClass()).isEqualTo(ErrorClass.TIMEOUT);
    }

    @Test
    void aTunnelThatEndsInTheMiddleIsMadeAgain() throws Exception {
        var file = Resource.of(BODY);
        through(false, true);
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.number() < 3) {
                        exchange.resetAfter(500_000);
                    }
                    file.handle(exchange);
                });

        rig.fetch(link());

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(proxy.asked).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        through(false, false);
        proxy.close();

        var failure = rig.failure(link());

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.NETWORK);
        assertThat(failure)
                .hasMessageContaining("The proxy 127.0.0.1:" + proxy.port() + " refuses");
    }

    @Test
    void aProxyWhoseNameNobodyKnowsIsNamed() throws Exception {
        start(false, false);
        open(Map.of("http_proxy", "http://proxy.invalid:3128"));

        var failure = rig.failure(link());

        assertThat(failure.detail()).isEqualTo(Detail.NAME_NOT_RESOLVED);
        assertThat(failure).hasMessageContaining("of the proxy proxy.invalid");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("S1: what cannot be resolved here is refused unless the proxy may")
    void namesAreResolvedHere(boolean socks) throws Exception {
        start(socks, false).knows("inner.invalid");
        var uri = URI.create("http://inner.invalid:" + origin.port() + "/f");
        open(Map.of("all_proxy", proxy.url()));

        var failure = rig.failure(uri);

        assertThat(failure.detail()).isEqualTo(Detail.NAME_NOT_RESOLVED);
        assertThat(proxy.asked).isEmpty();

        rig.engine.change(
                Rig.outside(
                        Proxies.ofEnvironment(Map.of("all_proxy", proxy.url())::get, "", true),
                        Map.of(),
                        null));
        // What looks like an address and is none is no name either.
        assertThat(rig.failure(URI.create("http://1.2.3.999/f")).detail())
                .isEqualTo(Detail.NAME_NOT_RESOLVED);
        rig.fetch(uri);
        assertThat(proxy.asked).containsOnly("inner.invalid:" + origin.port());
    }

    @Test
    @DisplayName("S1: a proxy opens no private address to links from elsewhere")
    void theGuardStandsBeforeTheProxy() throws Exception {
        through(false, false);
        rig.trust(Trust.NETWORK);

        var failure = rig.failure(URI.create("http://inside.test:" + origin.port() + "/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(proxy.asked).isEmpty();
        // The proxy itself is at a private address.
        rig.fetch(URI.create("http://a.public:" + origin.port() + "/f"));
        assertThat(proxy.asked).hasSize(1);
    }

    @Test
    void hostsThatNeedNoProxyAreReachedWithoutIt() throws Exception {
        start(false, false);
        open(Map.of("http_proxy", proxy.url(), "no_proxy", "example.org, .public"));

        rig.fetch(link());

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(proxy.asked).isEmpty();
    }

    @Test
    void aProxyThatIsNotUnderstoodIsNotGoneAround() throws Exception {
        start(false, false);
        open(Map.of("http_proxy", "gopher://u:secret@127.0.0.1:1"));

        var failure = rig.failure(link());

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(failure).hasMessageContaining("http_proxy");
        assertThat(failure.getMessage()).doesNotContain("secret");
        assertThat(origin.connections()).isZero();
    }

    @Test
    void connectionsRestForAnOriginAndAProxy() throws Exception {
        start(false, false);
        origin.serve("/x", exchange -> exchange.answer(200, "x"));
        open(Map.of("http_proxy", proxy.url()));
        var client = rig.engine.client(Policy.DEFAULT);
        var request = OutboundRequest.get(URI.create("http://a.public:" + origin.port() + "/x"));

        client.send(request);
        client.send(request);
        assertThat(proxy.asked).hasSize(1);

        rig.engine.change(Rig.QUICK);
        client.send(request);
        client.send(request);
        assertThat(origin.connections()).isEqualTo(2);
        assertThat(proxy.asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    @DisplayName("6: the limits of time hold through proxies and TLS")
    void limitsOfTimeHold(boolean socks, boolean tls) throws Exception {
        through(socks, tls);
        origin.serve("/mute", Exchange::stall);
        origin.serve(
                "/head",
                exchange -> {
                    exchange.pace(20);
                    exchange.head(200, "Content-Length: 5", "X-Long: " + "x".repeat(1000));
                });
        origin.serve(
                "/idle",
                exchange -> {
                    exchange.head(200, "Content-Length: 1000");
                    exchange.stallAfter(10);
                    exchange.send(new byte[1000]);
                });
        origin.serve(
                "/slow",
                exchange -> {
                    exchange.head(200, "Content-Length: 1000");
                    exchange.pace(50);
                    exchange.send(new byte[1000]);
                });

        for (var path : new String[] {"/mute", "/head", "/idle", "/slow"}) {
            var failure = failureOfOneAttempt(path);

            assertThat(failure.errorClass()).as(path).isEqualTo(ErrorClass.TIMEOUT);
            assertThat(failure).hasMessageContaining("through the proxy");
            assertThat(failure.detail())
                    .isEqualTo(path.equals("/slow") ? Detail.TOO_SLOW : Detail.NONE);
        }
    }

    private DownloadException failureOfOneAttempt(String path) {
        var policy = new Policy(Set.of(link("/")), Set.of(), Duration.ofMinutes(1));
        return catchThrowableOfType(
                DownloadException.class,
                () -> rig.engine.client(policy).send(OutboundRequest.get(link(path))));
    }

    private static void trickle(InputStream in, OutputStream out) throws IOException {
        for (var i = 0; i < 1000; i++) {
            out.write('H');
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void through(boolean socks, boolean tls) {
        start(socks, tls);
        open(Map.of("all_proxy", proxy.url()));
    }

    private TestProxy start(boolean socks, boolean tls) {
        proxy = socks ? TestProxy.socks() : TestProxy.http();
        if (tls) {
            origin.close();
            origin = Origin.tls();
        }
        origin.serve("/f", Resource.of(BODY));
        return proxy;
    }

    private void open(Map<String, String> environment) {
        var proxies = Proxies.ofEnvironment(environment::get, "", false);
        rig = new Rig(folder, Rig.outside(proxies, Map.of(), null));
    }

    private URI link() {
        return link("/f");
    }

    private URI link(String path) {
        var secure = origin.uri("/").getScheme().equals("https");
        return URI.create(
                (secure ? "https://origin.test:" : "http://a.public:") + origin.port() + path);
    }
}
