package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.fill;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.Ingest.Await;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class IngestTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir Path root;
    private TestStore test;

    @BeforeEach
    void open() throws Exception {
        test = new TestStore(root);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private record Waiting<T>(FutureTask<T> task, Thread thread) {
        static <T> Waiting<T> start(Callable<T> body) {
            var task = new FutureTask<>(body);
            var thread = new Thread(task, "test-waiter");
            thread.start();
            return new Waiting<>(task, thread);
        }

        /** Until the thread has really parked. */
        Waiting<T> parked() {
            while (thread.getState() != Thread.State.TIMED_WAITING
                    && thread.getState() != Thread.State.WAITING
                    && thread.isAlive()) {
                Thread.onSpinWait();
            }
            return this;
        }

        T get() throws Exception {
            return task.get(30, TimeUnit.SECONDS);
        }
    }

    private static Waiting<Await> waiting(Ingest ingest, long from, long to) {
        return Waiting.start(() -> ingest.await(new Range(from, to), LONG)).parked();
    }

    @Test
    void p1BytesWrittenAnywhereAreThereAndReadBack() throws Exception {
        var bytes = bytes(1, 10_000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            assertThat(ingest.identity()).isEqualTo(Identity.UNKNOWN);
            filler.identify(identity(10_000, "v"));
            write(filler, bytes, 7000, 8000);
            write(filler, bytes, 0, 100);
            write(filler, bytes, 100, 300);

            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 300).plus(7000, 8000));
            assertThat(ingest.downloaded()).isEqualTo(1300);
            var target = ByteBuffer.allocate(10_000);
            assertThat(ingest.read(50, target)).isEqualTo(250);
            assertThat(ingest.read(300, target)).isZero();
            assertThat(ingest.read(7500, target)).isEqualTo(500);
            assertThat(target.flip())
                    .isEqualTo(
                            ByteBuffer.allocate(750)
                                    .put(bytes, 50, 250)
                                    .put(bytes, 7500, 500)
                                    .flip());
        }
    }

    @Test
    void p1BytesOfAnOpenLaneCountBlockByBlock() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            write(filler, bytes, 100, 200);
            try (var lane = filler.lane(0)) {
                lane.write(ByteBuffer.wrap(bytes, 0, 50));
                assertThat(lane.position()).isEqualTo(50);
                assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 50).plus(100, 200));
                lane.write(ByteBuffer.allocateDirect(100).put(bytes, 50, 100).flip());
                assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 200));
                assertThat(ingest.downloaded()).isEqualTo(200);
            }
        }
    }

    @Test
    void p1AWaitEndsWhenAllOfItsRangeIsThere() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            var whole = waiting(ingest, 0, 1000);
            var part = waiting(ingest, 600, 700);
            write(filler, bytes, 500, 1000);
            assertThat(part.get()).isEqualTo(Await.PRESENT);
            whole.parked();
            assertThat(whole.task().isDone()).isFalse();
            write(filler, bytes, 0, 500);
            assertThat(whole.get()).isEqualTo(Await.PRESENT);
        }
    }

    @Test
    void p1TheEndIsToldOnceTheLengthIsKnown() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            var behind = waiting(ingest, 1000, 1001);
            assertThat(ingest.await(new Range(1000, 1001), Duration.ZERO)).isEqualTo(Await.TIMEOUT);
            filler.identify(identity(1000, "v"));
            assertThat(behind.get()).isEqualTo(Await.END);

            var over = waiting(ingest, 900, 2000);
            write(filler, bytes(1, 1000), 900, 1000);
            assertThat(over.get()).isEqualTo(Await.PRESENT);
        }
    }

    @Test
    void p1AFailureWakesAllAndANewFillerClearsIt() throws Exception {
        try (var ingest = test.ingest("a");
                var other = test.ingest("a")) {
            var one = waiting(ingest, 0, 10);
            var two = waiting(other, 5, 10);

            ingest.fail(new DownloadException(ErrorClass.TIMEOUT, "Too slow."));

            for (var waiter : new Waiting<?>[] {one, two}) {
                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(waiter::get)
                        .havingCause()
                        .isInstanceOfSatisfying(
                                DownloadException.class,
                                e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.TIMEOUT))
                        .withMessage("Too slow.");
            }
            try (var filler = other.fill().orElseThrow()) {
                var again = waiting(ingest, 0, 10);
                write(filler, bytes(1, 10), 0, 10);
                assertThat(again.get()).isEqualTo(Await.PRESENT);
            }
        }
    }

    @Test
    void p1InterruptingOneWaitHarmsNoOther() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            var one = waiting(ingest, 0, 10);
            var two = waiting(ingest, 0, 10);

            one.thread().interrupt();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(one::get)
                    .withCauseInstanceOf(InterruptedException.class);
            write(filler, bytes(1, 10), 0, 10);
            assertThat(two.get()).isEqualTo(Await.PRESENT);
        }
    }

    @Test
    void p1NoWakeUpIsLostHoweverLanesAndWaitersMeet() throws Exception {
        var length = 20_000;
        var bytes = bytes(1, length);
        for (var round = 0; round < 20; round++) {
            try (var ingest = test.ingest("race" + round);
                    var filler = ingest.fill().orElseThrow()) {
                var readers = new ArrayList<Waiting<Boolean>>();
                for (var reader = 0; reader < 4; reader++) {
                    readers.add(
                            Waiting.start(
                                    () -> {
                                        for (var at = 0; at < length; at += 20) {
                                            ingest.await(new Range(at, at + 20L), LONG);
                                        }
                                        return true;
                                    }));
                }
                try (var lane = filler.lane(0)) {
                    for (var at = 0; at < length; at += 10) {
                        lane.write(ByteBuffer.wrap(bytes, at, 10));
                    }
                }
                for (var reader : readers) {
                    assertThat(reader.get()).isTrue();
                }
            }
        }
    }

    @Test
    void p1AnInterruptedWriterWritesAndStaysInterrupted() throws Exception {
        var bytes = bytes(1, 1 << 20);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            var writer =
                    Waiting.start(
                            () -> {
                                try (var lane = filler.lane(0)) {
                                    for (var at = 0; at < bytes.length; at += 1024) {
                                        Thread.currentThread().interrupt();
                                        lane.write(ByteBuffer.wrap(bytes, at, 1024));
                                        assertThat(Thread.interrupted()).isTrue();
                                    }
                                }
                                return true;
                            });
            // Interrupts from outside too, which close the channel in the middle of a write.
            while (!writer.task().isDone()) {
                writer.thread().interrupt();
            }
            assertThat(writer.get()).isTrue();
            var target = ByteBuffer.allocate(bytes.length);
            assertThat(ingest.read(0, target)).isEqualTo(bytes.length);
            assertThat(target.array()).isEqualTo(bytes);
        }
    }

    @Test
    void p1OneFillerAtATimeAndAnotherGoesOn() throws Exception {
        var bytes = bytes(1, 100);
        try (var ingest = test.ingest("a");
                var other = test.ingest("a")) {
            var filler = ingest.fill().orElseThrow();
            assertThat(other.fill()).isEmpty();
            write(filler, bytes, 0, 50);
            filler.close();
            filler.close();
            assertThatThrownBy(() -> filler.lane(0)).isInstanceOf(IllegalStateException.class);

            try (var next = other.fill().orElseThrow()) {
                assertThat(ingest.fill()).isEmpty();
                write(next, bytes, 50, 100);
            }
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 100));
        }
    }

    @Test
    void p2BytesOutliveHandleAndStore() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(2000, "v"));
            write(filler, bytes, 0, 400);
            write(filler, bytes, 600, 1000);
        }
        try (var ingest = test.ingest("a")) {
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 400).plus(600, 1000));
        }
        test.close();
        test = new TestStore(root);
        try (var ingest = test.ingest("a")) {
            assertThat(ingest.identity()).isEqualTo(identity(2000, "v"));
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 400).plus(600, 1000));
            var target = ByteBuffer.allocate(1000);
            ingest.read(600, target);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, 600, 400));
        }
    }

    @Test
    void p2ForgottenBytesAreGoneForGood() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            write(filler, bytes, 0, 1000);
            filler.checkpoint();
            filler.forget(new Range(300, 500));
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 300).plus(500, 1000));
            var lane = filler.lane(300);
            lane.write(ByteBuffer.wrap(bytes, 300, 10));
            assertThatThrownBy(() -> filler.forget(new Range(305, 306)))
                    .isInstanceOf(IllegalArgumentException.class);
            filler.forget(new Range(400, 900));
            lane.close();
        }
        test.close();
        test = new TestStore(root);
        try (var ingest = test.ingest("a")) {
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 310).plus(900, 1000));
        }
    }

    @Test
    void p2AKnownLengthIsNotContradicted() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            write(filler, bytes(1, 100), 0, 100);
            assertThatThrownBy(() -> filler.identify(identity(99, "v")))
                    .isInstanceOf(IllegalArgumentException.class);
            filler.identify(identity(100, "v"));
            assertThatThrownBy(() -> filler.identify(identity(101, "v")))
                    .isInstanceOf(IllegalArgumentException.class);
            filler.identify(identity(-1, "w"));
            assertThat(ingest.identity()).isEqualTo(identity(100, "w"));
            try (var lane = filler.lane(95)) {
                assertThatExceptionOfType(DownloadException.class)
                        .isThrownBy(() -> lane.write(ByteBuffer.allocate(6)))
                        .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.PROTOCOL));
            }
        }
    }

    @Test
    void p2ARestartKeepsTheOldPartAndFindsItAgain() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(1000, "good"));
            write(filler, bytes, 0, 600);

            filler.restart(identity(50, "error page"));
            assertThat(ingest.present()).isEqualTo(RangeSet.EMPTY);
            assertThat(ingest.identity()).isEqualTo(identity(50, "error page"));
            write(filler, bytes(2, 50), 0, 20);
        }
        test.close();
        test = new TestStore(root);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 20));

            filler.restart(identity(1000, "good"));

            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 600));
            write(filler, bytes, 600, 1000);
        }
        try (var ingest = test.ingest("a")) {
            var content = test.store.commit(ingest, TestStore.NOTHING_PROMISED);
            assertThat(content.path()).hasBinaryContent(bytes);
        }
        assertThat(test.layout.staging()).isEmptyDirectory();
    }

    @Test
    void p2ARestartWithYetAnotherVersionKeepsTheOldest() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(1000, "one"));
            write(filler, bytes, 0, 600);
            filler.restart(identity(500, "two"));
            write(filler, bytes, 0, 10);
            filler.restart(identity(400, "three"));
            assertThat(ingest.present()).isEqualTo(RangeSet.EMPTY);
            filler.restart(identity(1000, "one"));
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 600));
        }
    }

    @Test
    void p8AThousandBeginsShareOneFile() throws Exception {
        var handles = new ArrayList<CompletableFuture<Ingest>>();
        for (var i = 0; i < 1000; i++) {
            handles.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return test.ingest("same");
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }
        var fillers = 0;
        for (var handle : handles) {
            fillers += handle.get().fill().isPresent() ? 1 : 0;
        }
        assertThat(fillers).isEqualTo(1);
        assertThat(test.layout.staging().toFile().list()).hasSize(1);
        for (var handle : handles) {
            handle.get().close();
        }
    }

    @Test
    void p11DemandsAreMergedAndEndWhenTheirBytesAreThere() throws Exception {
        var heard = new ArrayList<RangeSet>();
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.onDemand(() -> heard.add(filler.demands()));
            ingest.demand(new Range(500, 600));
            ingest.demand(new Range(550, 700));
            ingest.demand(new Range(560, 570));
            assertThat(heard).containsExactly(RangeSet.of(500, 600), RangeSet.of(500, 700));
            write(filler, bytes, 400, 650);
            assertThat(filler.demands()).isEqualTo(RangeSet.of(650, 700));
            assertThat(ingest.demands()).isEqualTo(filler.demands());
            filler.identify(identity(660, "v"));
            assertThat(filler.demands()).isEqualTo(RangeSet.of(650, 660));
            assertThat(filler.horizon()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void q3DiscardDropsWithTheLastInterestOnly() throws Exception {
        var folder = test.layout.staged(Layout.key(TestStore.source("a")));
        try (var other = test.ingest("a")) {
            try (var ingest = test.ingest("a")) {
                writeSome(ingest, 100);
                ingest.discard();
            }
            assertThat(other.present()).isEqualTo(RangeSet.of(0, 100));
        }
        assertThat(folder).exists();

        var one = test.ingest("a");
        var two = test.ingest("a");
        one.discard();
        two.discard();
        one.close();
        assertThat(folder).exists();
        two.close();
        assertThat(folder).doesNotExist();
    }

    private static void writeSome(Ingest ingest, int length) throws Exception {
        try (var filler = ingest.fill().orElseThrow()) {
            TestStore.write(filler, bytes(1, length), 0, length);
        }
    }

    @Test
    void q3DiscardStagedSparesWhatIsOpen() throws Exception {
        var folder = test.layout.staged(Layout.key(TestStore.source("a")));
        try (var ingest = test.ingest("a")) {
            writeSome(ingest, 100);
            test.store.discardStaged(TestStore.source("a"));
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 100));
        }
        try (var reader = test.store.open(TestStore.source("a")).orElseThrow()) {
            test.store.discardStaged(TestStore.source("a"));
            assertThat(TestStore.read(reader, 0, 100)).isEqualTo(bytes(1, 100));
        }
        assertThat(test.store.usage().stagingBytes()).isEqualTo(100);
        test.store.discardStaged(TestStore.source("a"));
        assertThat(folder).doesNotExist();
        assertThat(test.store.usage().stagingBytes()).isZero();
    }

    @Test
    void nothingIsLeftOfWhatNeverBegan() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(10, "v"));
        }
        assertThat(test.layout.staging()).isEmptyDirectory();
    }

    @Test
    void p4GrowthIsSparse() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            try (var lane = filler.lane((1L << 40) - 1)) {
                lane.write(ByteBuffer.allocate(1));
            }
            var file = PartFiles.data(test.layout.staged(Layout.key(ingest.source())), 1);
            assertThat(Files.size(file)).isEqualTo(1L << 40);
        }
    }

    @Test
    void p4TooLittleSpaceIsToldBeforeTheFirstByte() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> filler.identify(identity(Long.MAX_VALUE / 2, "v")))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DISK_FULL))
                    .withMessageContaining("4096.0 PiB are needed")
                    .withMessageContaining("free");
            assertThat(ingest.identity()).isEqualTo(Identity.UNKNOWN);
        }
    }

    @Test
    void aCompleteIngestIsFoundComplete() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a")) {
            fill(ingest, bytes);
        }
        test.close();
        test = new TestStore(root);
        try (var ingest = test.ingest("a")) {
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 1000));
            assertThat(test.store.commit(ingest, TestStore.NOTHING_PROMISED).path())
                    .hasBinaryContent(bytes);
        }
    }
}
