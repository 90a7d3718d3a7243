package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.NOTHING_PROMISED;
import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.source;
import static dev.capstan.content.file.TestStore.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.spi.Range;
import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** H2a: the store goes while it is used, and comes back. */
@Timeout(60)
class LifecycleTest {
    @TempDir Path root;

    private static <T> FutureTask<T> run(Callable<T> body) {
        var task = new FutureTask<>(body);
        new Thread(task, "test-user").start();
        return task;
    }

    private static void isGone(FutureTask<?> task) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> task.get(30, TimeUnit.SECONDS))
                .havingCause()
                .isInstanceOf(DownloadException.class)
                .withMessageContaining("content store is gone");
    }

    @RepeatedTest(5)
    void h2aNothingHangsAndTheNextGoesOnFromTheSameByte() throws Exception {
        var bytes = bytes(1, 32 << 20);
        var written = new AtomicLong();
        var test = new TestStore(root);
        var ingest = test.ingest("a");
        var filler = ingest.fill().orElseThrow();
        filler.identify(identity(bytes.length, "v"));
        var reader = test.store.open(source("a")).orElseThrow();
        var lane =
                run(
                        () -> {
                            // Equal bytes again and again, until the store goes.
                            for (var from = 0; ; from = bytes.length - 4096) {
                                try (var open = filler.lane(from)) {
                                    for (var at = from; at < bytes.length; at += 4096) {
                                        open.write(ByteBuffer.wrap(bytes, at, 4096));
                                        written.accumulateAndGet(open.position(), Math::max);
                                    }
                                }
                            }
                        });
        var waiting = run(() -> ingest.await(new Range(0, bytes.length), Duration.ofHours(1)));
        var reading = run(() -> reader.read(bytes.length - 1, ByteBuffer.allocate(1)));
        while (written.get() < 4 << 20) {
            Thread.onSpinWait();
        }

        test.close();

        isGone(lane);
        isGone(waiting);
        isGone(reading);
        assertThatExceptionOfType(DownloadException.class).isThrownBy(() -> test.ingest("b"));
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.store.commit(ingest, NOTHING_PROMISED));
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.store.place(sha256(bytes), root.resolve("out"), "a"));
        assertThat(ingest.fill()).isEmpty();
        filler.close();
        reader.close();
        ingest.close();
        test.close();

        try (var next = new TestStore(root);
                var again = next.ingest("a")) {
            assertThat(again.present().endOfRunAt(0)).isGreaterThanOrEqualTo(written.get());
            var from = (int) again.present().endOfRunAt(0);
            try (var more = again.fill().orElseThrow()) {
                write(more, bytes, from, bytes.length);
            }
            assertThat(next.store.commit(again, NOTHING_PROMISED).digest())
                    .isEqualTo(sha256(bytes));
        }
    }

    @Test
    void aFolderBelongsToOneStoreAtATime() throws Exception {
        try (var test = new TestStore(root)) {
            assertThatThrownBy(() -> new TestStore(root))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another content store");
            test.store("a", bytes(1, 10));
        }
        new TestStore(root).close();
    }

    @Test
    void h2aThreadsAreNamedAndEndWithTheStore() throws Exception {
        var test = new TestStore(root);
        var ingest = test.ingest("a");
        var filler = ingest.fill().orElseThrow();
        write(filler, bytes(1, 8 << 20), 0, 8 << 20);
        filler.close();
        ingest.close();
        test.close();
        // A pool is terminated an instant before its last thread is.
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("capstan-"))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void h2aACommitThatIsCutOffIsMadeAgain() throws Exception {
        var bytes = bytes(1, 4 << 20);
        for (var step : Steps.Step.values()) {
            var folder = root.resolve(step.name());
            var stores = new ArrayList<TestStore>();
            var test =
                    new TestStore(
                            folder,
                            TestStore.NO_LIMITS,
                            java.time.InstantSource.system(),
                            reached -> {
                                if (reached == step && stores.size() == 1) {
                                    run(
                                            () -> {
                                                stores.get(0).close();
                                                return true;
                                            });
                                    while (!stores.get(0).store.parts().isStopped()) {
                                        Thread.onSpinWait();
                                    }
                                }
                            });
            var ingest = test.ingest("a");
            TestStore.fill(ingest, bytes);
            stores.add(test);
            try {
                test.store.commit(ingest, NOTHING_PROMISED);
            } catch (DownloadException e) {
                assertThat(e).hasMessageContaining("is gone");
            }
            ingest.close();
            test.close();
            try (var next = new TestStore(folder);
                    var again = next.ingest("a")) {
                if (next.store.find(sha256(bytes)).isEmpty()) {
                    next.store.commit(again, NOTHING_PROMISED);
                }
                assertThat(next.store.verify(sha256(bytes))).isTrue();
                assertThat(next.store.find(source("a"))).isPresent();
            }
        }
    }
}
