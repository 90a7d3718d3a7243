package dev.capstan.decrypt.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C1, C4, D17: keys by reference")
class StandardDecryptorTest {
    private static final String KEY = "ca4a51ca4a51ca4a51ca4a51ca4a51ff";
    private static final Map<String, String> IV = Map.of("iv", "00".repeat(16));

    @TempDir Path folder;
    private KeyWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new KeyWorld(folder);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void theKeyIsInTheConfiguration() throws Exception {
        world.configure("acme.host", Map.of("key", KEY));
        assertThat(firstBytes("acme.host:key")).isEqualTo(expected());
    }

    @Test
    void theConfigurationNamesAFile() throws Exception {
        var secret = world.secrets().resolve("acme");
        var mine = PosixFilePermissions.fromString("rw-------");
        Files.createFile(secret, PosixFilePermissions.asFileAttribute(mine));
        Files.writeString(secret, KEY + "\n");
        world.configure("acme.host", Map.of("key", "file:acme"));

        assertThat(firstBytes("acme.host:key")).isEqualTo(expected());
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme.host:other", "nobody:key", "acme.host:number", "acme.host:gone"})
    void anAbsentKeyIsNotConfigured(String reference) throws Exception {
        world.configure("acme.host", Map.of("key", KEY, "number", 7, "gone", "file:gone"));

        var refused = refusal(new CipherSpec("AES_CTR", IV, reference));

        assertThat(refused.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(refused).hasMessageContaining(reference).hasMessageContaining("not configured");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme.host", ":", "a:b:c", "*:key", "a)(x=*:key"})
    void aReferenceThatIsNoneIsRefused(String reference) {
        assertThat(refusal(new CipherSpec("AES_CTR", IV, reference)).errorClass())
                .isEqualTo(ErrorClass.DECRYPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca4a51ca4a51ca4a51ca4a51ca4a51", "xyzxyzxyzxyzxyzxyzxyzxyzxyzxyzxy"})
    void aMalformedKeyIsRefusedWithoutNamingIt(String key) throws Exception {
        world.configure("acme.host", Map.of("key", key));

        var refused = refusal(new CipherSpec("AES_CTR", IV, "acme.host:key"));

        assertThat(refused.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(refused.toString()).doesNotContain("ca4a51").doesNotContain("xyz");
        assertThat(refused.getCause()).isNull();
    }

    @Test
    void wrongParametersAreRefused() throws Exception {
        world.configure("acme.host", Map.of("key", KEY + KEY));
        for (var wrong :
                new CipherSpec[] {
                    new CipherSpec("AES_CTR", Map.of(), "acme.host:key"),
                    new CipherSpec("AES_CTR", Map.of("iv", "00"), "acme.host:key"),
                    new CipherSpec("AES_CTR", Map.of("iv", "no hex"), "acme.host:key"),
                    new CipherSpec("CHACHA20", Map.of("nonce", "00"), "acme.host:key"),
                    new CipherSpec(
                            "CHACHA20",
                            Map.of("nonce", "00".repeat(12), "counter", "1ffffffff"),
                            "acme.host:key"),
                    new CipherSpec("AES_GCM", IV, "acme.host:key")
                }) {
            assertThat(refusal(wrong).errorClass())
                    .as(wrong.toString())
                    .isEqualTo(ErrorClass.DECRYPT);
        }
    }

    private byte[] firstBytes(String reference) throws Exception {
        var bytes = ByteBuffer.allocate(16);
        var parameters = new HashMap<>(IV);
        world.decryptor().open(new CipherSpec("AES_CTR", parameters, reference)).decrypt(0, bytes);
        return bytes.array();
    }

    private static byte[] expected() throws Exception {
        var bytes = ByteBuffer.allocate(16);
        var key = java.util.HexFormat.of().parseHex(KEY);
        new AesCtr(key, new byte[16]).decrypt(0, bytes);
        return bytes.array();
    }

    private DownloadException refusal(CipherSpec spec) {
        return catchThrowableOfType(DownloadException.class, () -> world.decryptor().open(spec));
    }
}
