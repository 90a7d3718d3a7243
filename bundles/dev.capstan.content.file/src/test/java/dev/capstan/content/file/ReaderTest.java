package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.NOTHING_PROMISED;
import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.read;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.source;
import static dev.capstan.content.file.TestStore.write;
import static dev.capstan.download.ErrorClass.CHANGED;
import static dev.capstan.download.ErrorClass.CHECKSUM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.ContentReader;
import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.Ingest.Readers;
import dev.capstan.content.spi.IngestRequest;
import dev.capstan.content.spi.IngestRequest.LookAhead;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReaderTest {
    private static final byte[] PLAIN = bytes(1, 1_000_003);

    @TempDir Path root;
    private TestStore test;

    @BeforeEach
    void open() throws Exception {
        test = new TestStore(root);
        test.store.bindDecryptor(new XorCipher(), XorCipher.PROPERTIES);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static <T> FutureTask<T> run(Callable<T> body) {
        var task = new FutureTask<>(body);
        new Thread(task, "test-reader").start();
        return task;
    }

    private static <T> T get(FutureTask<T> task) throws Exception {
        return task.get(30, TimeUnit.SECONDS);
    }

    private static byte[] slice(int from, int length) {
        return Arrays.copyOfRange(PLAIN, from, Math.min(PLAIN.length, from + length));
    }

    @Test
    void p1AReaderWaitsForWhatIsMissingAndEndsAtTheEnd() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow();
                var reader = test.store.open(source("a")).orElseThrow()) {
            assertThat(reader.length()).isEmpty();
            assertThat(reader.isVerified()).isFalse();
            var whole = run(() -> read(reader, 0, PLAIN.length + 10));
            var end = run(() -> reader.read(PLAIN.length, ByteBuffer.allocate(1)));
            write(filler, PLAIN, 500_000, PLAIN.length);
            write(filler, PLAIN, 0, 500_000);
            filler.identify(identity(PLAIN.length, "v"));

            assertThat(get(whole)).isEqualTo(PLAIN);
            assertThat(get(end)).isEqualTo(-1);
            assertThat(reader.length()).hasValue(PLAIN.length);
        }
    }

    @Test
    void p11AReadOfMissingBytesDemandsThem() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow();
                var reader = test.store.open(source("a")).orElseThrow()) {
            filler.identify(identity(PLAIN.length, "v"));
            filler.onDemand(
                    () -> {
                        var first = filler.demands().ranges().get(0);
                        run(
                                () -> {
                                    var from = (int) first.from();
                                    write(filler, PLAIN, from, from + 1000);
                                    return true;
                                });
                    });
            assertThat(read(reader, 900_000, 1000)).isEqualTo(slice(900_000, 1000));
        }
    }

    @Test
    void p1AFailedTransferEndsTheReadVisibly() throws Exception {
        try (var ingest = test.ingest("a");
                var reader = test.store.open(source("a")).orElseThrow()) {
            try (var filler = ingest.fill().orElseThrow()) {
                filler.identify(identity(PLAIN.length, "v"));
                write(filler, PLAIN, 0, 100);
            }
            var waiting = run(() -> read(reader, 0, 200));
            ingest.fail(new DownloadException(ErrorClass.NETWORK, "Refused."));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> get(waiting))
                    .withCauseInstanceOf(DownloadException.class);
            assertThat(read(reader, 0, 100)).isEqualTo(slice(0, 100));
        }
    }

    @Test
    void aThousandReadersThatWaitCostNothingUntilTheirBytesCome() throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow();
                var reader = ingest.open()) {
            filler.identify(identity(PLAIN.length, "v"));
            var tasks = new ArrayList<FutureTask<byte[]>>();
            var waiting = new ArrayList<Thread>();
            for (var i = 0; i < 1000; i++) {
                var at = 500_000 + i;
                var task = new FutureTask<>(() -> read(reader, at, 1));
                var thread = new Thread(null, task, "test-reader-" + i, 128 << 10);
                thread.start();
                tasks.add(task);
                waiting.add(thread);
            }
            for (var thread : waiting) {
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            LongSupplier spent =
                    () ->
                            waiting.stream()
                                    .mapToLong(t -> threads.getThreadCpuTime(t.getId()))
                                    .sum();
            var before = spent.getAsLong();
            try (var lane = filler.lane(0)) {
                for (var i = 0; i < 400; i++) {
                    lane.write(ByteBuffer.wrap(PLAIN, i * 1000, 1000));
                }
            }
            assertThat(spent.getAsLong()).isEqualTo(before);

            write(filler, PLAIN, 500_000, 501_000);
            for (var i = 0; i < 1000; i++) {
                assertThat(get(tasks.get(i))).isEqualTo(slice(500_000 + i, 1));
            }
        }
    }

    @Test
    void p10TheFillerGoesAsFarAsWhoeverWantsMost() throws Exception {
        var stream = new IngestRequest(source("a"), null, new LookAhead(1000, true));
        var held = new IngestRequest(source("a"), null, new LookAhead(100, false));
        try (var first = test.store.ingest(stream);
                var filler = first.fill().orElseThrow()) {
            filler.identify(identity(PLAIN.length, "v"));
            write(filler, PLAIN, 0, 400_000);
            assertThat(filler.horizon()).isEqualTo(1000);
            try (var reader = first.open();
                    var behind = first.open()) {
                read(behind, 0, 10);
                read(reader, 300_000, 500);
                assertThat(first.readers()).isEqualTo(new Readers(2, 300_500));
                assertThat(filler.horizon()).isEqualTo(301_500);
                assertThat(filler.upcoming()).isEqualTo(RangeSet.EMPTY);
                filler.forget(new Range(301_000, 350_000));
                assertThat(filler.upcoming()).isEqualTo(RangeSet.of(301_000, 301_500));
                // A placed download is held back too while somebody reads, but no more than others.
                try (var second = test.store.ingest(held)) {
                    assertThat(second.readers().count()).isEqualTo(2);
                    assertThat(filler.horizon()).isEqualTo(301_500);
                    try (var whole = test.ingest("a")) {
                        assertThat(whole.readers().count()).isEqualTo(2);
                        assertThat(filler.horizon()).isEqualTo(Long.MAX_VALUE);
                    }
                    assertThat(filler.horizon()).isEqualTo(301_500);
                    reader.close();
                    assertThat(filler.horizon()).isEqualTo(1010);
                    behind.close();
                    // Nobody reads: the placed one wants the whole again.
                    assertThat(filler.horizon()).isEqualTo(Long.MAX_VALUE);
                }
                assertThat(filler.horizon()).isEqualTo(1000);
            }
        }
    }

    @Test
    void p11AReaderThatGaveUpDemandsNothingMore() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(PLAIN.length, "v"));
            var reader = ingest.open();
            var waiting = run(() -> read(reader, 900_000, 10));
            while (filler.demands().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(filler.demands()).isEqualTo(RangeSet.of(900_000, 900_010));
            reader.close();
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(waiting));
            assertThat(filler.demands()).isEqualTo(RangeSet.EMPTY);
            assertThat(filler.upcoming()).isEqualTo(RangeSet.EMPTY);
        }
    }

    @Test
    void closingAReaderEndsItsReads() throws Exception {
        try (var ingest = test.ingest("a")) {
            var reader = test.store.open(source("a")).orElseThrow();
            var other = test.store.open(source("a")).orElseThrow();
            var waiting = run(() -> reader.read(0, ByteBuffer.allocate(1)));
            var staying = run(() -> other.read(0, ByteBuffer.allocate(1)));
            reader.close();
            reader.close();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> get(waiting))
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(staying.isDone()).isFalse();
            try (var filler = ingest.fill().orElseThrow()) {
                write(filler, PLAIN, 0, 1);
            }
            assertThat(get(staying)).isEqualTo(1);
            other.close();
        }
    }

    @Test
    void closingAReaderWakesNoOther() throws Exception {
        try (var ingest = test.ingest("a");
                var reader = test.store.open(source("a")).orElseThrow()) {
            var other = new FutureTask<>(() -> reader.read(0, ByteBuffer.allocate(1)));
            var thread = new Thread(other, "test-reader");
            thread.start();
            awaitParked(thread);
            var threads = ManagementFactory.getThreadMXBean();
            var before = threads.getThreadInfo(thread.getId()).getWaitedCount();

            for (int i = 0; i < 20; i++) {
                var going = test.store.open(source("a")).orElseThrow();
                var its = run(() -> going.read(0, ByteBuffer.allocate(1)));
                going.close();
                assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(its));
            }

            awaitParked(thread);
            assertThat(threads.getThreadInfo(thread.getId()).getWaitedCount()).isEqualTo(before);
        }
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void p3AReaderGoesOverToTheFinishedItem() throws Exception {
        for (var enciphered : new boolean[] {false, true}) {
            var key = source("a" + enciphered);
            var cipher = enciphered ? XorCipher.spec(XorCipher.ALIGNMENT) : null;
            var wire = enciphered ? XorCipher.encipher(PLAIN, XorCipher.ALIGNMENT) : PLAIN;
            ContentReader reader;
            try (var ingest = test.store.ingest(new IngestRequest(key, cipher))) {
                try (var filler = ingest.fill().orElseThrow()) {
                    filler.identify(identity(PLAIN.length, "v"));
                    write(filler, wire, 0, 1000);
                    reader = test.store.open(key).orElseThrow();
                    assertThat(read(reader, 0, 900)).isEqualTo(slice(0, 900));
                    write(filler, wire, 1000, PLAIN.length);
                }
                var promised =
                        new CommitRequest(
                                Set.of(TestStore.sha256(PLAIN)), Set.of(TestStore.sha256(wire)));
                test.store.commit(ingest, promised);
            }
            assertThat(reader.isVerified()).isTrue();
            assertThat(read(reader, 0, PLAIN.length)).isEqualTo(PLAIN);
            assertThat(test.store.evict(TestStore.sha256(PLAIN))).isFalse();
            reader.close();
            assertThat(test.store.evict(TestStore.sha256(PLAIN))).isTrue();
            assertThat(test.layout.staging()).isEmptyDirectory();
        }
    }

    @Test
    void p3EncipheredBytesAreReadPlainAnywhereAlignedOrNot() throws Exception {
        var wire = XorCipher.encipher(PLAIN, 2048);
        var request = new IngestRequest(source("a"), XorCipher.spec(2048));
        try (var ingest = test.store.ingest(request);
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(PLAIN.length, "v"));
            var writing =
                    run(
                            () -> {
                                for (var at = 0; at < wire.length; at += 10_007) {
                                    write(filler, wire, at, Math.min(wire.length, at + 10_007));
                                }
                                return true;
                            });
            var readings = new ArrayList<FutureTask<Boolean>>();
            for (var i = 0; i < 4; i++) {
                var random = new Random(i);
                var reader = test.store.open(source("a")).orElseThrow();
                readings.add(
                        run(
                                () -> {
                                    for (var n = 0; n < 200; n++) {
                                        var from = random.nextInt(PLAIN.length);
                                        var length = random.nextInt(5000) + 1;
                                        assertThat(read(reader, from, length))
                                                .isEqualTo(slice(from, length));
                                    }
                                    reader.close();
                                    return true;
                                }));
            }
            assertThat(get(writing)).isTrue();
            for (var reading : readings) {
                assertThat(get(reading)).isTrue();
            }
        }
    }

    @Test
    void p3OfEncipheredBytesWholeUnitsAreRead() throws Exception {
        var wire = XorCipher.encipher(PLAIN, 2048);
        var request = new IngestRequest(source("a"), XorCipher.spec(2048));
        try (var ingest = test.store.ingest(request);
                var filler = ingest.fill().orElseThrow();
                var reader = test.store.open(source("a")).orElseThrow()) {
            write(filler, wire, 0, 10_007);
            var target = ByteBuffer.allocate(20_000);
            assertThat(reader.read(5, target)).isEqualTo(4 * 2048 - 5);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(PLAIN, 5, 4 * 2048 - 5));
        }
    }

    @Test
    void p3ACipherFromFrontToBackIsReadableAfterCommit() throws Exception {
        var request = new IngestRequest(source("a"), XorCipher.spec(Integer.MAX_VALUE));
        try (var ingest = test.store.ingest(request);
                var reader = test.store.open(source("a")).orElseThrow()) {
            var reading = run(() -> read(reader, 10, 1000));
            TestStore.fill(ingest, XorCipher.encipher(PLAIN, Integer.MAX_VALUE));
            assertThat(reading.isDone()).isFalse();
            test.store.commit(ingest, NOTHING_PROMISED);
            assertThat(get(reading)).isEqualTo(slice(10, 1000));
        }
    }

    @Test
    void p3WithoutTheDecryptorNothingIsReadOrCommitted() throws Exception {
        var going = new XorCipher();
        test.store.bindDecryptor(going, Map.of(XorCipher.SCHEMES, "GOING"));
        var like = XorCipher.spec(XorCipher.ALIGNMENT);
        var cipher = new dev.capstan.decrypt.spi.CipherSpec("GOING", like.parameters(), "x:y");
        try (var ingest = test.store.ingest(new IngestRequest(source("a"), cipher))) {
            TestStore.fill(ingest, PLAIN);
            test.store.unbindDecryptor(going);
            assertThatThrownBy(() -> test.store.open(source("a")))
                    .hasMessageContaining("undoes the cipher GOING");
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> test.store.commit(ingest, NOTHING_PROMISED))
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DECRYPT));
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, PLAIN.length));
        }
    }

    @Test
    void aReaderOfAnOlderVersionFailsWhenTheSourceChanges() throws Exception {
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow();
                var reader = test.store.open(source("a")).orElseThrow()) {
            filler.identify(identity(PLAIN.length, "v"));
            write(filler, PLAIN, 0, 100);
            var waiting = run(() -> read(reader, 0, 200));
            filler.restart(identity(5, "w"));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> get(waiting))
                    .havingCause()
                    .isInstanceOfSatisfying(
                            DownloadException.class,
                            e -> assertThat(e.errorClass()).isEqualTo(CHANGED));
        }
    }

    @Test
    void aReaderOfBytesThatProveWrongHearsThatTheyChanged() throws Exception {
        var bytes = bytes(2, 1000);
        var wrong = new CommitRequest(Set.of(sha256(PLAIN)), Set.of());
        for (var round = 0; round < 40; round++) {
            try (var ingest = test.ingest("wrong " + round)) {
                TestStore.fill(ingest, bytes);
                try (var reader = test.store.open(source("wrong " + round)).orElseThrow()) {
                    var reading =
                            run(
                                    () -> {
                                        while (true) {
                                            reader.read(0, ByteBuffer.allocate(bytes.length));
                                        }
                                    });
                    assertThatExceptionOfType(DownloadException.class)
                            .isThrownBy(() -> test.store.commit(ingest, wrong))
                            .satisfies(e -> assertThat(e.errorClass()).isEqualTo(CHECKSUM));
                    assertThatExceptionOfType(ExecutionException.class)
                            .isThrownBy(() -> get(reading))
                            .havingCause()
                            .isInstanceOfSatisfying(
                                    DownloadException.class,
                                    e -> assertThat(e.errorClass()).isEqualTo(CHANGED));
                }
            }
        }
    }

    @Test
    void p5WhatIsStoredIsReadWhileTheSourceIsOnlyAsked() throws Exception {
        test.store("a", PLAIN);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow();
                var stored = test.store.open(source("a")).orElseThrow()) {
            assertThat(stored.isVerified()).isTrue();
            assertThat(read(stored, 5, 10)).isEqualTo(slice(5, 10));
            filler.identify(identity(10, "new"));
            try (var arriving = test.store.open(source("a")).orElseThrow()) {
                assertThat(arriving.isVerified()).isFalse();
                assertThat(arriving.length()).hasValue(10);
            }
        }
    }

    @Test
    void whatIsInStagingCanBeReadWhenNothingRuns() throws Exception {
        var wire = XorCipher.encipher(PLAIN, XorCipher.ALIGNMENT);
        var request = new IngestRequest(source("a"), XorCipher.spec(XorCipher.ALIGNMENT));
        try (var ingest = test.store.ingest(request);
                var filler = ingest.fill().orElseThrow()) {
            write(filler, wire, 0, 4800);
        }
        close();
        open();
        try (var reader = test.store.open(source("a")).orElseThrow()) {
            assertThat(read(reader, 100, 4700)).isEqualTo(slice(100, 4700));
        }
        assertThat(test.store.open(source("b"))).isEmpty();
    }

    @Test
    void interruptingOneReadHarmsNoOther() throws Exception {
        var content = test.store("a", PLAIN);
        try (var reader = test.store.open(content.digest()).orElseThrow()) {
            var stop = new boolean[1];
            var hurt =
                    new Thread(
                            () -> {
                                while (!stop[0]) {
                                    Thread.currentThread().interrupt();
                                    try {
                                        reader.read(0, ByteBuffer.allocate(100_000));
                                    } catch (DownloadException | InterruptedException e) {
                                        return;
                                    }
                                }
                            });
            hurt.start();
            for (var i = 0; i < 300; i++) {
                hurt.interrupt();
                assertThat(read(reader, i * 1000L, 5000)).isEqualTo(slice(i * 1000, 5000));
            }
            stop[0] = true;
            hurt.interrupt();
            hurt.join();
        }
    }
}
