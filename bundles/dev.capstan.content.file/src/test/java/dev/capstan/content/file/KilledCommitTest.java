package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.NOTHING_PROMISED;
import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.fill;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.RangeSet;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** P3: a process that commits is ended at each step, as by kill -9. */
@Timeout(60)
class KilledCommitTest {
    private static final byte[] PLAIN = bytes(1, 300_001);

    @TempDir Path root;

    static final class Committing {
        private Committing() {}

        public static void main(String[] arguments) throws Exception {
            var last = Steps.Step.valueOf(arguments[1]);
            var enciphered = Boolean.parseBoolean(arguments[2]);
            var armed = new boolean[1];
            Steps steps =
                    step -> {
                        if (armed[0] && step == last) {
                            Runtime.getRuntime().halt(42);
                        }
                    };
            var test =
                    new TestStore(
                            Path.of(arguments[0]),
                            TestStore.NO_LIMITS,
                            InstantSource.system(),
                            steps);
            test.store.bindDecryptor(new XorCipher(), XorCipher.PROPERTIES);
            var ingest = test.store.ingest(request(enciphered));
            fill(ingest, enciphered ? XorCipher.encipher(PLAIN, XorCipher.ALIGNMENT) : PLAIN);
            armed[0] = true;
            test.store.commit(ingest, NOTHING_PROMISED);
            Runtime.getRuntime().halt(43);
        }
    }

    private static IngestRequest request(boolean enciphered) {
        return new IngestRequest(
                TestStore.source("a"), enciphered ? XorCipher.spec(XorCipher.ALIGNMENT) : null);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FORGOTTEN", "REMOVED"})
    void p3PlainContentIsAbsentOrWhole(Steps.Step step) throws Exception {
        isAbsentOrWhole(step, false);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FORGOTTEN", "REMOVED"})
    void p3DecipheredContentIsAbsentOrWhole(Steps.Step step) throws Exception {
        isAbsentOrWhole(step, true);
    }

    private void isAbsentOrWhole(Steps.Step step, boolean enciphered) throws Exception {
        boolean finished;
        try (var child = new ChildProcess(Committing.class, root, step, enciphered)) {
            // Some steps belong to one of the two ways only.
            finished = child.exitCode() == 43;
        }
        try (var test = new TestStore(root)) {
            test.store.bindDecryptor(new XorCipher(), XorCipher.PROPERTIES);
            var found = test.store.find(TestStore.source("a"));
            assertThat(found.isPresent())
                    .isEqualTo(finished || step.compareTo(Steps.Step.RENAMED) >= 0);
            if (found.isPresent()) {
                assertThat(found.get().validator()).isEqualTo(identity(0, "v1").validator());
                assertThat(test.layout.staging()).isEmptyDirectory();
            } else {
                try (var ingest = test.store.ingest(request(enciphered))) {
                    assertThat(ingest.present()).isEqualTo(RangeSet.of(0, PLAIN.length));
                    test.store.commit(ingest, NOTHING_PROMISED);
                }
            }
            var content = test.store.find(TestStore.source("a")).orElseThrow();
            assertThat(content.digest()).isEqualTo(sha256(PLAIN));
            assertThat(content.path()).hasBinaryContent(PLAIN);
            try (var reader = test.store.open(content.digest()).orElseThrow()) {
                assertThat(TestStore.read(reader, 0, PLAIN.length + 1)).isEqualTo(PLAIN);
            }
            assertThat(test.store.usage().items()).isEqualTo(1);
            assertThat(test.layout.staging()).isEmptyDirectory();
            assertThat(test.layout.incoming()).isEmptyDirectory();
        }
    }
}
