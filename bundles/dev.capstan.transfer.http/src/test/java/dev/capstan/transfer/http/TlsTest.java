package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.ErrorClass;
import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.http.wire.Proxies;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The origin's certificate is good for origin.test and for no other name that leads to it. */
@DisplayName("12: TLS is verified, and certificates of single hosts may be listed")
class TlsTest {
    private static final Body BODY = Body.random(100_000, 3);

    @TempDir Path folder;

    private final Origin origin = Origin.tls();
    private String fingerprint;
    private Rig rig;

    @BeforeEach
    void serve() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        fingerprint =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(certificate().getEncoded()));
    }

    @AfterEach
    void close() {
        rig.close();
        origin.close();
    }

    @Test
    void aListedCertificateIsTrustedWhateverItsName() throws Exception {
        open(Map.of("other.test", Set.of("00".repeat(32), fingerprint)));

        rig.fetch(link("other.test"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void itIsTrustedForItsOwnHostOnly() throws Exception {
        open(Map.of("other.test", Set.of(fingerprint)));

        refused(link("third.test"));
    }

    @Test
    void aListedHostIsTrustedByNoOtherCertificate() throws Exception {
        open(Map.of("origin.test", Set.of("00".repeat(32))));

        refused(link("origin.test"));
    }

    @Test
    void aChangeOfTheListCountsForConnectionsThatRestToo() throws Exception {
        open(Map.of("other.test", Set.of(fingerprint)));
        var policy = new Policy(Set.of(link("other.test")), Set.of(), Duration.ofSeconds(30));
        var client = rig.engine.client(policy);
        var request = OutboundRequest.get(link("other.test"));
        assertThat(client.send(request).status()).isEqualTo(200);

        rig.engine.change(Rig.QUICK);

        assertThatThrownBy(() -> client.send(request)).hasMessageContaining("certificate");
        assertThat(origin.log()).hasSize(1);
    }

    @Test
    void theQuickestOfTheStrongCiphersIsOfferedFirst() throws Exception {
        open(Map.of());
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var first = CompletableFuture.supplyAsync(() -> firstCipher(server));

            var link = URI.create("https://other.test:" + server.getLocalPort() + "/f");
            var policy = new Policy(Set.of(link), Set.of(), Duration.ofSeconds(30));

            var client = rig.engine.client(policy);

            assertThatThrownBy(() -> client.send(OutboundRequest.get(link))).isNotNull();
            assertThat(first.join()).as("TLS_AES_128_GCM_SHA256").isEqualTo(0x1301);
        }
    }

    /** Reads the first suite out of a ClientHello (RFC 8446 §4.1.2), and answers nothing. */
    private static int firstCipher(ServerSocket server) {
        try (server;
                var socket = server.accept()) {
            var in = new DataInputStream(socket.getInputStream());
            var recordHeader = 5;
            var messageHeader = 4;
            var versionAndRandom = 2 + 32;
            in.readFully(new byte[recordHeader + messageHeader + versionAndRandom]);
            in.readFully(new byte[in.readUnsignedByte()]);
            in.readUnsignedShort();
            return in.readUnsignedShort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refused(URI link) throws Exception {
        var failure = rig.failure(link);

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(failure).hasMessageContaining("certificate");
        assertThat(origin.log()).isEmpty();
    }

    private void open(Map<String, Set<String>> certificates) {
        rig = new Rig(folder, Rig.outside(Proxies.NONE, certificates, null));
    }

    private URI link(String host) {
        return URI.create("https://" + host + ":" + origin.port() + "/f");
    }

    private Certificate certificate() throws Exception {
        var factory = Origin.clientContext().getSocketFactory();
        try (var socket = (SSLSocket) factory.createSocket("127.0.0.1", origin.port())) {
            return socket.getSession().getPeerCertificates()[0];
        }
    }
}
