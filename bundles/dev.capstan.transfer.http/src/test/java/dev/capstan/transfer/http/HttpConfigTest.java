package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.tck.Origin;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The component as the framework makes it: the system's resolver, the runtime's certificates. */
class HttpConfigTest {
    private final Origin origin = Origin.tls();
    private HttpTransferEngine engine;

    @AfterEach
    void close() {
        engine.deactivate();
        origin.close();
    }

    @Test
    void certificatesAreListedAsToolsPrintThem() throws Exception {
        origin.serve("/x", exchange -> exchange.answer(200, "here"));
        var hex = HexFormat.ofDelimiter(":").withUpperCase().formatHex(fingerprint());
        engine =
                engine(
                        Map.of(
                                "trustedCertificates",
                                new String[] {"rubbish", "LocalHost = " + hex}));

        assertThat(get(origin.uri("/x"))).isEqualTo("here");

        engine.modified(config(Map.of()));
        assertThatThrownBy(() -> get(origin.uri("/x"))).hasMessageContaining("certificate");
    }

    @Test
    void theProxyIsConfigured() throws Exception {
        try (var plain = Origin.plain();
                var proxy = TestProxy.socks().knows("inner.invalid")) {
            plain.serve("/x", exchange -> exchange.answer(200, "here"));
            var uri = URI.create("http://inner.invalid:" + plain.port() + "/x");
            engine = engine(Map.of("proxy", " " + proxy.url(), "proxyResolvesNames", true));

            assertThat(get(uri)).isEqualTo("here");

            engine.modified(
                    config(
                            Map.of(
                                    "proxy",
                                    proxy.url(),
                                    "proxyResolvesNames",
                                    true,
                                    "noProxy",
                                    new String[] {"other.test", "invalid"})));
            assertThatThrownBy(() -> get(uri)).hasMessageContaining("could not be resolved");
            engine.modified(config(Map.of("proxy", "none", "proxyResolvesNames", true)));
            assertThatThrownBy(() -> get(uri)).hasMessageContaining("could not be resolved");
            assertThat(proxy.asked).hasSize(1);
        }
    }

    private String get(URI uri) throws Exception {
        var policy = new Policy(Set.of(uri), Set.of(), Duration.ofSeconds(30));
        return engine.client(policy).send(OutboundRequest.get(uri)).text();
    }

    private static HttpTransferEngine engine(Map<String, Object> values) {
        return new HttpTransferEngine(config(values));
    }

    private static HttpConfig config(Map<String, Object> values) {
        return (HttpConfig)
                Proxy.newProxyInstance(
                        HttpConfig.class.getClassLoader(),
                        new Class<?>[] {HttpConfig.class},
                        (self, method, arguments) ->
                                values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private byte[] fingerprint() throws Exception {
        var factory = Origin.clientContext().getSocketFactory();
        try (var socket = (SSLSocket) factory.createSocket("127.0.0.1", origin.port())) {
            var certificate = socket.getSession().getPeerCertificates()[0];
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        }
    }
}
