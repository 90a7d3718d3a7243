package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.ContentReader;
import dev.capstan.content.SourceKey;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.util.promise.Promise;

/** Enciphered files in a real framework: a host names a cipher, and a key it does not have. */
@DisplayName("D14 to D21 Enciphered downloads")
class CipherTest {
    private static final int SIZE = 1_500_000;

    /** So slow that nothing ends by itself while a test looks at it. */
    private static final int SLOW = 100_000;

    private static final int BLOCK = 1 << 19;
    private static final String PID = "dev.capstan.itest.vault";
    private static final String DECRYPTOR = "dev.capstan.decrypt.standard";
    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String IV = "fffffffffffffffffffffffffffffff0";

    @InjectBundleContext BundleContext context;
    @InjectService Downloads downloads;
    @InjectService ConfigurationAdmin configurations;

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private final byte[] plain = flac();
    private final Resource file = Resource.of(Body.of(encipher(plain)));
    private String path;
    private ServiceRegistration<HostResolver> host;
    private String link;
    private volatile String cipher = "AES_CTR";

    /** {@code vault://HOST:PORT/NAME} is enciphered, at the same address over HTTP. */
    private final class Vault implements HostResolver {
        @Override
        public Optional<String> recognise(String link) {
            return link.startsWith("vault://") ? Optional.of(link) : Optional.empty();
        }

        @Override
        public Resolution resolve(String link, ResolveContext context) {
            var parameters = Map.of("iv", IV, CipherSpec.MEDIA_TYPE, "audio/flac");
            var uri = URI.create("http" + link.substring("vault".length()));
            return new Resolution.Found(
                    RemoteFile.of(new SourceKey("vault", link), DirectLink.of(uri))
                            .name("song.flac")
                            .cipher(new CipherSpec(cipher, parameters, PID + ":key")));
        }
    }

    @BeforeEach
    void open() throws Exception {
        var properties = new Hashtable<String, Object>();
        properties.put(HostResolver.ID, "vault");
        properties.put(HostResolver.SCHEMES, "vault");
        host = context.registerService(HostResolver.class, new Vault(), properties);
        path = "/" + folder.getFileName();
        origin.serve(path, file);
        link = "vault" + origin.uri(path).toString().substring("http".length());
        key(KEY);
    }

    @AfterEach
    void close() throws Exception {
        host.unregister();
        origin.close();
        configurations.getConfiguration(PID, "?").delete();
        decryptor().start();
    }

    @Test
    @DisplayName("D16, D18, P11: it is read at any position while it comes, and equals the whole")
    void seeksWhileItComes() throws Exception {
        origin.serve(path, Resource.of(Body.of(encipher(plain))).pace(SLOW));
        var id = add();
        try (var reader = now(downloads.open(id))) {
            var random = new Random(3);
            assertReads(reader, SIZE * 9 / 10 + 7, 5_000);
            assertThat(downloads.get(id).orElseThrow().state())
                    .isEqualTo(DownloadState.DOWNLOADING);
            for (var i = 0; i < 4; i++) {
                assertReads(reader, random.nextInt(SIZE - 10_000), 1 + random.nextInt(10_000));
            }
        }
        now(downloads.command(id, Command.PAUSE));
        origin.serve(path, file);
        now(downloads.command(id, Command.RESUME));
        assertThat(ended(id).state()).isEqualTo(DownloadState.COMPLETED);
        try (var reader = now(downloads.open(id))) {
            assertReads(reader, 0, SIZE);
        }
        assertThat(folder.resolve("song.flac")).hasBinaryContent(plain);
    }

    @Test
    @DisplayName("D18: paused at 40 % it goes on by Range, and staging holds what came by wire")
    void pausesAndGoesOn() throws Exception {
        firstAnswerStallsAfter(SIZE / 2);
        var id = add();
        Awaits.until("40 %", () -> downloaded(id) >= SIZE * 4 / 10);
        now(downloads.command(id, Command.PAUSE));
        assertThat(downloads.get(id).orElseThrow().state()).isEqualTo(DownloadState.PAUSED);
        assertThat(stagedBeginnings()).contains(hex(encipher(plain))).doesNotContain(hex(plain));

        now(downloads.command(id, Command.RESUME));

        var done = ended(id);
        assertThat(done.state()).isEqualTo(DownloadState.COMPLETED);
        assertThat(done.status().retryCount()).isZero();
        assertThat(folder.resolve("song.flac")).hasBinaryContent(plain);
        assertThat(origin.bodyBytes()).isLessThan(SIZE + BLOCK);
        var last = origin.log().get(origin.log().size() - 1);
        assertThat(last.from()).isGreaterThanOrEqualTo(SIZE * 4L / 10);
    }

    @Test
    @DisplayName("D17, D21: without its key nothing is fetched; with it, it goes on")
    void withoutItsKey() throws Exception {
        configurations.getConfiguration(PID, "?").delete();

        var id = add();

        var failed = ended(id);
        assertThat(failed.state()).isEqualTo(DownloadState.FAILED);
        var error = Objects.requireNonNull(failed.status().error());
        assertThat(error.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(error.message()).contains("not configured", PID + ":key");
        assertThat(failed.status().retryCount()).isZero();
        assertThat(origin.log()).isEmpty();
        key(KEY);
        now(downloads.command(id, Command.RETRY));
        assertThat(ended(id).state()).isEqualTo(DownloadState.COMPLETED);
    }

    @Test
    @DisplayName("D19: a wrong key is told by the first bytes; nothing is placed, nothing retried")
    void aWrongKey() throws Exception {
        // Whoever does not look at the first bytes waits for the rest in vain.
        firstAnswerStallsAfter(BLOCK);
        key(KEY.replace('0', '1'));

        var id = add();

        var failed = ended(id);
        assertThat(failed.state()).isEqualTo(DownloadState.FAILED);
        var error = Objects.requireNonNull(failed.status().error());
        assertThat(error.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(error.message()).contains("audio/flac").doesNotContain(KEY);
        assertThat(failed.status().retryCount()).isZero();
        assertThat(origin.log()).hasSize(1);
        assertThat(folder).isEmptyDirectory();
        key(KEY);
        now(downloads.command(id, Command.RETRY));
        assertThat(ended(id).state()).isEqualTo(DownloadState.COMPLETED);
        assertThat(folder.resolve("song.flac")).hasBinaryContent(plain);
    }

    @Test
    @DisplayName("H2: begun while its decryptor is away, it waits, fetches nothing, and goes on")
    void waitsForItsDecryptor() throws Exception {
        decryptor().stop();

        var id = add();

        waitsForADecryptor(id);
        assertThat(origin.log()).isEmpty();
        decryptor().start();
        var done = ended(id);
        assertThat(done.state()).isEqualTo(DownloadState.COMPLETED);
        assertThat(done.status().retryCount()).isZero();
        assertThat(folder.resolve("song.flac")).hasBinaryContent(plain);
    }

    @Test
    @DisplayName("H2: whole when its decryptor is away, it waits and fetches nothing twice")
    void waitsWithAllBytesHere() throws Exception {
        origin.serve(path, Resource.of(Body.of(encipher(plain))).pace(SIZE / 2));
        var id = add();
        Awaits.until("first bytes", () -> downloaded(id) > 0);
        decryptor().stop();

        waitsForADecryptor(id);

        assertThat(origin.bodyBytes()).isEqualTo(SIZE);
        decryptor().start();
        assertThat(ended(id).state()).isEqualTo(DownloadState.COMPLETED);
        assertThat(folder.resolve("song.flac")).hasBinaryContent(plain);
        assertThat(origin.bodyBytes()).isEqualTo(SIZE);
    }

    @Test
    @DisplayName("D17: a cipher that was never claimed here is final, and nothing is fetched")
    void aCipherOfNobody() throws Exception {
        cipher = "NEVER_CLAIMED";

        var id = add();

        var failed = ended(id);
        assertThat(failed.state()).isEqualTo(DownloadState.FAILED);
        var error = Objects.requireNonNull(failed.status().error());
        assertThat(error.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(error.message()).contains("NEVER_CLAIMED", "install");
        assertThat(failed.status().retryCount()).isZero();
        assertThat(origin.log()).isEmpty();
    }

    private void waitsForADecryptor(String id) throws InterruptedException {
        Awaits.until(
                "a wait, or an end",
                () -> {
                    var now = downloads.get(id).orElseThrow();
                    return now.state().isEnded() || now.status().phase().isWaiting();
                });
        var waiting = downloads.get(id).orElseThrow();
        assertThat(waiting.state()).isEqualTo(DownloadState.QUEUED);
        assertThat(waiting.status().phase()).isEqualTo(Phase.WAITING_FOR_ENGINE);
        assertThat(waiting.status().note()).contains("waiting for a decryptor");
    }

    private Bundle decryptor() {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(DECRYPTOR))
                .findFirst()
                .orElseThrow();
    }

    private void firstAnswerStallsAfter(int bytes) {
        origin.serve(
                path,
                exchange -> {
                    if (exchange.number() == 1) {
                        exchange.stallAfter(bytes);
                    }
                    file.handle(exchange);
                });
    }

    private String add() throws Exception {
        var request =
                DownloadRequest.of(link)
                        .trust(Trust.OPERATOR)
                        .folder(folder)
                        .options(new DownloadOptions(1, 0, null, null, false));
        var added = now(downloads.add(List.of(request))).get(0);
        assertThat(added.refusal()).isNull();
        return Objects.requireNonNull(added.download()).id();
    }

    /** What a promise gives within a bound. */
    private static <T> T now(Promise<T> promise) throws Exception {
        Awaits.until("a promise that is kept", promise::isDone);
        return promise.getValue();
    }

    private Download ended(String id) throws InterruptedException {
        Awaits.until("the end of " + id, () -> downloads.get(id).orElseThrow().state().isEnded());
        return downloads.get(id).orElseThrow();
    }

    private long downloaded(String id) {
        return downloads.get(id).orElseThrow().metrics().downloaded();
    }

    private void assertReads(ContentReader reader, int from, int length) throws Exception {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && reader.read(from + bytes.position(), bytes) >= 0) {
            // The rest of it.
        }
        assertThat(bytes.array()).isEqualTo(Arrays.copyOfRange(plain, from, from + length));
    }

    /** The first bytes of everything that is in staging now. */
    private List<String> stagedBeginnings() throws IOException {
        var staging = Path.of(context.getProperty("capstan.data")).resolve("staging");
        var beginnings = new ArrayList<String>();
        try (var files = Files.walk(staging)) {
            for (var part : files.filter(file -> file.toString().endsWith(".part")).toList()) {
                try (var in = Files.newInputStream(part)) {
                    beginnings.add(hex(in.readNBytes(16)));
                }
            }
        }
        return beginnings;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes, 0, 16);
    }

    private void key(String hex) throws IOException {
        configurations.getConfiguration(PID, "?").update(new Hashtable<>(Map.of("key", hex)));
    }

    private static byte[] flac() {
        var bytes = Body.random(SIZE, 5).bytes();
        System.arraycopy(new byte[] {'f', 'L', 'a', 'C'}, 0, bytes, 0, 4);
        return bytes;
    }

    private static byte[] encipher(byte[] plain) {
        try {
            return encipher(plain, Cipher.getInstance("AES/CTR/NoPadding"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encipher(byte[] plain, Cipher cipher) throws GeneralSecurityException {
        var key = new SecretKeySpec(HexFormat.of().parseHex(KEY), "AES");
        var iv = new IvParameterSpec(HexFormat.of().parseHex(IV));
        cipher.init(Cipher.ENCRYPT_MODE, key, iv);
        return cipher.doFinal(plain);
    }
}
