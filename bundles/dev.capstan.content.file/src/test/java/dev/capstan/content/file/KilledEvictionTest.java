package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.source;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P6, P7: a process that gives an item up, or sets it aside, is ended at each step by kill -9. */
@Timeout(60)
class KilledEvictionTest {
    private static final byte[] KEPT = bytes(1, 200_001);
    private static final byte[] GIVEN_UP = bytes(2, 300_001);

    @TempDir Path root;

    static final class Evicting {
        private Evicting() {}

        public static void main(String[] arguments) throws Exception {
            var last = Steps.Step.valueOf(arguments[1]);
            Steps steps =
                    step -> {
                        if (step == last) {
                            Runtime.getRuntime().halt(42);
                        }
                    };
            var test =
                    new TestStore(
                            Path.of(arguments[0]),
                            TestStore.NO_LIMITS,
                            InstantSource.system(),
                            steps);
            var kept = test.store("kept", KEPT);
            test.store.pin(kept.digest(), "record:1");
            var other = test.store("other", GIVEN_UP);
            if (Boolean.parseBoolean(arguments[2])) {
                other.path().toFile().setWritable(true);
                Files.write(other.path(), new byte[GIVEN_UP.length]);
                test.store.open(other.digest());
            } else {
                test.store.evict(other.digest());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FORGOTTEN, false", "REMOVED, false", "FORGOTTEN, true", "REMOVED, true"})
    void whatWasToGoIsGoneOrWholeAndWhatWasPinnedIsThere(Steps.Step step, boolean damaged)
            throws Exception {
        try (var child = new ChildProcess(Evicting.class, root, step, damaged)) {
            assertThat(child.exitCode()).isEqualTo(42);
        }
        try (var test = new TestStore(root)) {
            test.store.parts().housekeeper().awaitStart();

            var kept = test.store.find(source("kept")).orElseThrow();
            assertThat(kept.pins()).containsExactly("record:1");
            assertThat(kept.path()).hasBinaryContent(KEPT);
            assertThat(test.store.verify(kept.digest())).isTrue();

            // The file may still lie there: it is served if it is right, and set aside if not.
            var digest = sha256(GIVEN_UP);
            var left = step == Steps.Step.FORGOTTEN && !damaged;
            try (var reader = test.store.open(digest).orElse(null)) {
                assertThat(reader != null).isEqualTo(left);
                if (reader != null) {
                    assertThat(TestStore.read(reader, 0, GIVEN_UP.length + 1)).isEqualTo(GIVEN_UP);
                }
            }
            assertThat(Files.exists(test.layout.item(digest.hex()))).isEqualTo(left);
            assertThat(test.store.evict(digest)).isEqualTo(left);
            assertThat(test.store.usage().items()).isEqualTo(1);
            assertThat(test.store.usage().quarantined()).isEqualTo(damaged ? 1 : 0);
            // And it can be fetched again.
            assertThat(test.store("other", GIVEN_UP).path()).hasBinaryContent(GIVEN_UP);
        }
    }
}
