package dev.capstan.content.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.content.spi.IngestRequest;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("D19: what is deciphered begins as it was promised to")
class OpeningTest {
    private static final int LENGTH = 300_000;
    private static final byte[] PLAIN = audio("664c6143");
    private static final byte[] WIRE = XorCipher.encipher(PLAIN, XorCipher.ALIGNMENT);
    private static final byte[] OTHER = XorCipher.encipher(audio("00112233"), XorCipher.ALIGNMENT);

    @TempDir Path root;
    private TestStore store;

    @BeforeEach
    void open() throws Exception {
        store = new TestStore(root);
        store.store.bindDecryptor(new XorCipher(), XorCipher.PROPERTIES);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aWrongBeginningFailsWithTheBlockThatCompletesIt() throws Exception {
        try (var ingest = store.store.ingest(flac());
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(TestStore.identity(LENGTH, "v1"));
            TestStore.write(filler, OTHER, 100_000, 200_000);
            try (var lane = filler.lane(0)) {
                lane.write(ByteBuffer.wrap(OTHER, 0, XorCipher.ALIGNMENT - 1));
                var failure =
                        catchThrowableOfType(
                                DownloadException.class,
                                () ->
                                        lane.write(
                                                ByteBuffer.wrap(
                                                        OTHER, XorCipher.ALIGNMENT - 1, 1)));

                assertThat(failure.errorClass()).isEqualTo(ErrorClass.DECRYPT);
                assertThat(failure).hasMessageContaining("audio/flac");
            }
        }
    }

    @Test
    void aRightBeginningIsLetThrough() throws Exception {
        try (var ingest = store.store.ingest(flac())) {
            TestStore.fill(ingest, WIRE);

            var content = store.store.commit(ingest, TestStore.NOTHING_PROMISED);

            assertThat(content.digest()).isEqualTo(TestStore.sha256(PLAIN));
        }
    }

    @Test
    void nothingIsCommittedOfAWrongOneThatWasNotSeenToCome() throws Exception {
        try (var ingest =
                store.store.ingest(new IngestRequest(TestStore.source(1), cipher(null)))) {
            TestStore.fill(ingest, OTHER);
        }
        try (var ingest = store.store.ingest(flac())) {
            var failure =
                    catchThrowableOfType(
                            DownloadException.class,
                            () -> store.store.commit(ingest, TestStore.NOTHING_PROMISED));

            assertThat(failure.errorClass()).isEqualTo(ErrorClass.DECRYPT);
            assertThat(store.store.find(TestStore.source(1))).isEmpty();
            try (var left = Files.walk(store.layout.content())) {
                assertThat(left.filter(file -> file.toFile().length() == LENGTH)).isEmpty();
            }
        }
    }

    @Test
    void aReaderIsNeverGivenAWrongBeginning() throws Exception {
        try (var ingest =
                store.store.ingest(new IngestRequest(TestStore.source(1), cipher(null)))) {
            TestStore.fill(ingest, OTHER);
        }
        try (var ingest = store.store.ingest(flac());
                var reader = ingest.open()) {
            var failure =
                    catchThrowableOfType(
                            DownloadException.class,
                            () -> reader.read(0, ByteBuffer.allocate(1000)));

            assertThat(failure.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        }
    }

    @Test
    void whoTriesAgainFetchesWrongBytesAnew() throws Exception {
        try (var ingest =
                store.store.ingest(new IngestRequest(TestStore.source(1), cipher(null)))) {
            TestStore.fill(ingest, OTHER);
        }
        try (var ingest = store.store.ingest(flac())) {
            ingest.fill().orElseThrow().close();
            assertThat(ingest.downloaded()).isZero();

            TestStore.fill(ingest, WIRE);

            var content = store.store.commit(ingest, TestStore.NOTHING_PROMISED);
            assertThat(content.digest()).isEqualTo(TestStore.sha256(PLAIN));
        }
    }

    @Test
    void rightBytesStayWhereTheyAre() throws Exception {
        try (var ingest = store.store.ingest(flac());
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(TestStore.identity(LENGTH, "v1"));
            TestStore.write(filler, WIRE, 0, 120_000);
        }
        try (var ingest = store.store.ingest(flac());
                var filler = ingest.fill().orElseThrow()) {
            assertThat(ingest.downloaded()).isEqualTo(120_000);
            TestStore.write(filler, WIRE, 120_000, LENGTH);
        }
    }

    @Test
    @DisplayName("D17: what nobody can decipher is told before anything is fetched")
    void anUnknownCipherIsToldAtOnce() {
        var spec = new CipherSpec("NOBODY", cipher(null).parameters(), "test:key");
        var request = new IngestRequest(TestStore.source(2), spec);

        var failure =
                catchThrowableOfType(DownloadException.class, () -> store.store.ingest(request));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.DECRYPT);
        assertThat(root.resolve("staging")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "audio/flac, 664c6143, true",
        "audio/flac, 49443303, false",
        "audio/mpeg, 49443303, true",
        "audio/mpeg, fffb9064, true",
        "audio/mpeg, fff3e0c4, true",
        "audio/mpeg, 664c6143, false",
        "audio/mpeg, ffeb9064, false",
        "audio/mpeg, fff99064, false",
        "audio/mpeg, fffbf064, false",
        "audio/mpeg, fffb9c64, false",
        "audio/mpeg, 7ffb9064, false",
        "audio/mpeg, 494433, false",
        "audio/ogg, 00000000, true"
    })
    void mediaTypesAreToldByTheirBeginnings(String type, String bytes, boolean fits) {
        var start = ByteBuffer.wrap(HexFormat.of().parseHex("ff" + bytes)).position(1);
        assertThat(MediaStart.fits(type, start)).isEqualTo(fits);
        assertThat(start.position()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aFileTooShortForABeginningHasNone(int length) throws Exception {
        var wire = XorCipher.encipher(new byte[length], XorCipher.ALIGNMENT);
        try (var ingest = store.store.ingest(flac())) {
            var failure =
                    catchThrowableOfType(
                            DownloadException.class,
                            () -> {
                                TestStore.fill(ingest, wire);
                                store.store.commit(ingest, TestStore.NOTHING_PROMISED);
                            });

            assertThat(failure == null ? "fits" : failure.errorClass().name())
                    .isEqualTo(length == 0 ? "fits" : "DECRYPT");
        }
    }

    private static IngestRequest flac() {
        return new IngestRequest(TestStore.source(1), cipher("audio/flac"));
    }

    private static CipherSpec cipher(String mediaType) {
        var spec = XorCipher.spec(XorCipher.ALIGNMENT);
        var parameters = new HashMap<>(spec.parameters());
        if (mediaType != null) {
            parameters.put(CipherSpec.MEDIA_TYPE, mediaType);
        }
        return new CipherSpec(spec.scheme(), parameters, spec.keyReference());
    }

    private static byte[] audio(String start) {
        var bytes = TestStore.bytes(7, LENGTH);
        var head = HexFormat.of().parseHex(start);
        System.arraycopy(head, 0, bytes, 0, head.length);
        return bytes;
    }
}
