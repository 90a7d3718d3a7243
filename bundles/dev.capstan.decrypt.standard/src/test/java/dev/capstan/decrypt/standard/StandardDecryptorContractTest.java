package dev.capstan.decrypt.standard;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.tck.decrypt.DecryptorContract;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("C1–C4: standard ciphers")
class StandardDecryptorContractTest extends DecryptorContract {
    private static final String PID = "acme.host";
    private static final String ZEROS = "00".repeat(16);

    /** Too short by a byte. */
    private static final String MALFORMED = "ca4a51ca4a51ca4a51ca4a51ca4a51";

    @TempDir Path folder;
    private KeyWorld world;

    @BeforeEach
    void open() throws Exception {
        world = new KeyWorld(folder);
        var keys = new HashMap<String, String>();
        keys.put("malformed", MALFORMED);
        for (var vector : Vector.values()) {
            keys.put(vector.name(), vector.key());
        }
        world.configure(PID, keys);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Override
    protected Decryptor decryptor() {
        return world.decryptor();
    }

    @Override
    protected List<Published> vectors() {
        return Arrays.stream(Vector.values())
                .map(
                        vector ->
                                new Published(
                                        vector.spec(PID + ":" + vector.name()),
                                        vector.wire(),
                                        vector.plain()))
                .toList();
    }

    @Override
    protected List<CipherSpec> unopenable() {
        return List.of(
                new CipherSpec("AES_CTR", Map.of("iv", ZEROS), PID + ":absent"),
                new CipherSpec("AES_CTR", Map.of("iv", ZEROS), PID + ":malformed"),
                new CipherSpec("AES_CTR", Map.of("iv", "00"), PID + ":" + Vector.AES_128),
                new CipherSpec("CHACHA20", Map.of(), PID + ":" + Vector.CHACHA20));
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(MALFORMED.substring(0, 8), Vector.AES_128.key(), Vector.CHACHA20.key());
    }
}
