package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.NOTHING_PROMISED;
import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.digest;
import static dev.capstan.content.file.TestStore.fill;
import static dev.capstan.content.file.TestStore.identity;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.spi.CommitRequest;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommitTest {
    @TempDir Path root;
    private final AtomicReference<Steps> steps = new AtomicReference<>(Steps.NONE);
    private TestStore test;

    @BeforeEach
    void open() throws Exception {
        test =
                new TestStore(
                        root,
                        TestStore.NO_LIMITS,
                        InstantSource.system(),
                        step -> steps.get().reached(step));
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void failsWith(ErrorClass expected, Ingest ingest, CommitRequest request) {
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.store.commit(ingest, request))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(expected));
    }

    @Test
    void p3ContentIsNamedByItsSha256AndReadOnly() throws Exception {
        var bytes = bytes(1, 3_000_000);
        var content = test.store("a", bytes);

        assertThat(content.digest()).isEqualTo(sha256(bytes));
        assertThat(content.path())
                .isEqualTo(test.layout.item(content.digest().hex()))
                .hasBinaryContent(bytes);
        assertThat(Files.getPosixFilePermissions(content.path()).toString())
                .doesNotContain("WRITE");
        assertThat(content.source()).isEqualTo(TestStore.source("a"));
        assertThat(content.validator()).isEqualTo(identity(0, "v1").validator());
        assertThat(content.mediaType()).isEqualTo("a/b");
        assertThat(test.store.find(content.digest())).contains(content);
        assertThat(test.store.find(TestStore.source("a"))).contains(content);
        assertThat(test.layout.staging()).isEmptyDirectory();
        assertThat(test.store.usage().items()).isEqualTo(1);
        assertThat(test.store.usage().bytes()).isEqualTo(3_000_000);
        assertThat(test.store.usage().stagingBytes()).isZero();
    }

    @Test
    void p3AnEmptyFileIsContent() throws Exception {
        var content = test.store("a", new byte[0]);
        assertThat(content.digest()).isEqualTo(sha256(new byte[0]));
        assertThat(content.path()).isEmptyFile();
    }

    @Test
    void p3LanesInAnyOrderGiveTheSameBytes() throws Exception {
        var bytes = bytes(1, 40_000_000);
        try (var ingest = test.ingest("a")) {
            try (var filler = ingest.fill().orElseThrow()) {
                filler.identify(identity(bytes.length, "v"));
                for (var at = bytes.length - 5_000_000; at >= 0; at -= 5_000_000) {
                    write(filler, bytes, at, at + 5_000_000);
                }
            }
            assertThat(test.store.commit(ingest, NOTHING_PROMISED).digest())
                    .isEqualTo(sha256(bytes));
        }
    }

    @Test
    void p3AFileWithHolesIsNeverCommitted() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a")) {
            try (var filler = ingest.fill().orElseThrow()) {
                filler.identify(identity(1000, "v"));
                write(filler, bytes, 0, 499);
                write(filler, bytes, 500, 1000);
            }
            failsWith(ErrorClass.PROTOCOL, ingest, NOTHING_PROMISED);
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 499).plus(500, 1000));
            try (var filler = ingest.fill().orElseThrow()) {
                write(filler, bytes, 499, 500);
            }
            assertThat(test.store.commit(ingest, NOTHING_PROMISED).digest())
                    .isEqualTo(sha256(bytes));
        }
    }

    @Test
    void p3WithoutALengthNothingIsComplete() throws Exception {
        try (var ingest = test.ingest("a")) {
            try (var filler = ingest.fill().orElseThrow()) {
                write(filler, bytes(1, 10), 0, 10);
            }
            failsWith(ErrorClass.PROTOCOL, ingest, NOTHING_PROMISED);
        }
    }

    @Test
    void p3WhileItIsFilledNothingIsCommitted() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a")) {
            var filler = ingest.fill().orElseThrow();
            filler.identify(identity(1000, "v"));
            var lane = filler.lane(0);
            lane.write(java.nio.ByteBuffer.wrap(bytes));
            assertThatThrownBy(() -> test.store.commit(ingest, NOTHING_PROMISED))
                    .isInstanceOf(IllegalStateException.class);
            filler.close();
            assertThatThrownBy(() -> test.store.commit(ingest, NOTHING_PROMISED))
                    .isInstanceOf(IllegalStateException.class);
            lane.close();
            test.store.commit(ingest, NOTHING_PROMISED);
            // What is content now cannot be written through the old handle.
            try (var late = ingest.fill().orElseThrow()) {
                assertThatThrownBy(() -> late.lane(0)).isInstanceOf(IllegalStateException.class);
            }
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 1000));
        }
    }

    @Test
    void p3WhileItIsCommittedNobodyFills() throws Exception {
        try (var ingest = test.ingest("a")) {
            fill(ingest, bytes(1, 1000));
            var refused = new ArrayList<Boolean>();
            steps.set(step -> refused.add(ingest.fill().isEmpty()));
            test.store.commit(ingest, NOTHING_PROMISED);
            assertThat(refused).isNotEmpty().containsOnly(true);
        }
    }

    @Test
    void p3PromisedDigestsAreComparedWhateverTheirAlgorithm() throws Exception {
        var bytes = bytes(1, 1_000_000);
        try (var ingest = test.ingest("a")) {
            fill(ingest, bytes);
            var promised =
                    Set.of(
                            sha256(bytes),
                            digest("md5", bytes),
                            digest("sha", bytes),
                            digest("sha-512", bytes));
            var content =
                    test.store.commit(
                            ingest, new CommitRequest(promised, Set.of(digest("sha-384", bytes))));

            assertThat(test.store.find(digest("md5", bytes))).contains(content);
            assertThat(test.store.find(digest("md5", new byte[1]))).isEmpty();
        }
        test.close();
        test = new TestStore(root);
        assertThat(test.store.find(digest("md5", bytes))).isPresent();
    }

    @Test
    void p3WrongBytesAreDroppedAndToldWithBothDigests() throws Exception {
        var bytes = bytes(1, 1000);
        var other = bytes(2, 1000);
        for (var promised : List.of(sha256(other), digest("md5", other))) {
            try (var ingest = test.ingest("a")) {
                fill(ingest, bytes);
                var wire = new CommitRequest(Set.of(), Set.of(promised));
                failsWith(ErrorClass.CHECKSUM, ingest, wire);
                assertThat(ingest.present()).isEqualTo(RangeSet.EMPTY);
                assertThat(ingest.identity()).isEqualTo(Identity.UNKNOWN);

                fill(ingest, bytes);
                var plain = new CommitRequest(Set.of(promised), Set.of());
                assertThatExceptionOfType(DownloadException.class)
                        .isThrownBy(() -> test.store.commit(ingest, plain))
                        .withMessageContaining(promised.toString())
                        .withMessageContaining(digest(promised.algorithm(), bytes).toString());
            }
            assertThat(test.layout.staging()).isEmptyDirectory();
            assertThat(test.store.find(sha256(bytes))).isEmpty();
        }
    }

    @Test
    void p3EqualBytesOfAnotherSourceAreOneItem() throws Exception {
        var bytes = bytes(1, 1000);
        var one = test.store("a", bytes);
        var two = test.store("b", bytes);

        assertThat(two.path()).isEqualTo(one.path());
        assertThat(test.store.usage().items()).isEqualTo(1);
        assertThat(test.store.find(TestStore.source("a"))).isPresent();
        assertThat(test.store.find(TestStore.source("b"))).isPresent();
        assertThat(test.layout.staging()).isEmptyDirectory();
    }

    @Test
    void p3ADamagedItemIsReplacedByTheFreshBytes() throws Exception {
        var bytes = bytes(1, 1000);
        var one = test.store("a", bytes);
        one.path().toFile().setWritable(true);
        Files.write(one.path(), bytes(2, 1000));

        var two = test.store("b", bytes);

        assertThat(two.path()).hasBinaryContent(bytes);
        assertThat(test.store.verify(one.digest())).isTrue();
        assertThat(test.store.usage().quarantined()).isEqualTo(1);
    }

    @Test
    void p8ManyCommitsOfOneSourceMakeOneItem() throws Exception {
        var bytes = bytes(1, 5_000_000);
        try (var ingest = test.ingest("a")) {
            fill(ingest, bytes);
            var commits = new ArrayList<CompletableFuture<Path>>();
            for (var i = 0; i < 16; i++) {
                var promised = i % 2 == 0 ? Set.of(digest("md5", bytes)) : Set.of(sha256(bytes));
                commits.add(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try (var handle = test.ingest("a")) {
                                        return test.store
                                                .commit(
                                                        handle,
                                                        new CommitRequest(promised, Set.of()))
                                                .path();
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                }));
            }
            for (var commit : commits) {
                assertThat(commit.get()).hasBinaryContent(bytes);
            }
            failsWith(
                    ErrorClass.CHECKSUM,
                    ingest,
                    new CommitRequest(Set.of(digest("md5", new byte[0])), Set.of()));
            assertThat(test.store.find(sha256(bytes))).isPresent();
        }
    }

    @Test
    void p3InterruptedItLeavesNothingHalfDone() throws Exception {
        var bytes = bytes(1, 30_000_000);
        try (var ingest = test.ingest("a")) {
            fill(ingest, bytes);
            var commit =
                    new FutureTask<>(
                            () -> {
                                Thread.currentThread().interrupt();
                                return test.store.commit(
                                        ingest,
                                        new CommitRequest(Set.of(digest("md5", bytes)), Set.of()));
                            });
            new Thread(commit).start();
            assertThatThrownBy(commit::get).hasCauseInstanceOf(InterruptedException.class);
            assertThat(test.store.find(sha256(bytes))).isEmpty();

            assertThat(test.store.commit(ingest, NOTHING_PROMISED).path()).hasBinaryContent(bytes);
        }
    }

    @Test
    void p3AnErrorAtAnyStepLeavesStagingForTheNextTry() throws Exception {
        var round = 0;
        for (var step : Steps.Step.values()) {
            var bytes = bytes(++round, 1000);
            try (var ingest = test.ingest("a" + round)) {
                fill(ingest, bytes);
                steps.set(
                        reached -> {
                            if (reached == step) {
                                steps.set(Steps.NONE);
                                throw new IOException("Input/output error");
                            }
                        });
                try {
                    test.store.commit(ingest, NOTHING_PROMISED);
                } catch (DownloadException e) {
                    assertThat(e.errorClass()).as("%s", step).isEqualTo(ErrorClass.IO);
                }
                steps.set(Steps.NONE);

                var content = test.store.commit(ingest, NOTHING_PROMISED);

                assertThat(content.path()).as("%s", step).hasBinaryContent(bytes);
            }
            assertThat(test.store.verify(sha256(bytes))).isTrue();
        }
    }

    @Test
    void p3WhatIsWholeIsSyncedOnceByItsCommit() throws Exception {
        var syncs = new AtomicInteger();
        steps.set(step -> syncs.addAndGet(step == Steps.Step.BEFORE_DATA_SYNC ? 1 : 0));
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a")) {
            fill(ingest, bytes);

            test.store.commit(ingest, NOTHING_PROMISED);

            assertThat(syncs).hasValue(1);
        }
        assertThat(syncs).hasValue(1);
    }

    @Test
    void p2WhatIsWholeIsClaimedWhenTheLastWhoCouldCommitItGoes() throws Exception {
        try (var other = test.ingest("a")) {
            try (var ingest = test.ingest("a")) {
                fill(ingest, bytes(1, 1000));
            }
            assertThat(checkpointed("a")).isEqualTo(RangeSet.EMPTY);
            try (var reader = test.store.open(TestStore.source("a")).orElseThrow()) {
                assertThat(reader).isNotNull();

                other.close();

                assertThat(checkpointed("a")).isEqualTo(RangeSet.of(0, 1000));
            }
        }
    }

    /** What a power cut would leave of a source: the slots of this boot are not looked at. */
    private RangeSet checkpointed(String id) throws IOException {
        var folder = test.layout.staged(Layout.key(TestStore.source(id)));
        try (var journal = Journal.open(PartFiles.journal(folder, 1))) {
            assertThat(journal).isNotNull();
            var newest = journal.newest();
            assertThat(newest).isNotNull();
            return newest.ranges();
        }
    }

    @Test
    void p2AFailedSyncTakesBackWhatWasWrittenSinceTheLast() throws Exception {
        var bytes = bytes(1, 1000);
        try (var ingest = test.ingest("a");
                var filler = ingest.fill().orElseThrow()) {
            filler.identify(identity(1000, "v"));
            write(filler, bytes, 0, 100);
            filler.checkpoint();
            write(filler, bytes, 200, 300);
            var lane = filler.lane(400);
            lane.write(java.nio.ByteBuffer.wrap(bytes, 400, 100));
            steps.set(
                    step -> {
                        throw new IOException("Input/output error");
                    });

            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(filler::checkpoint)
                    .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.IO));

            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 100));
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> lane.write(java.nio.ByteBuffer.wrap(bytes, 500, 100)));
            lane.close();
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 100));
            steps.set(Steps.NONE);
        }
        test.close();
        test = new TestStore(root);
        try (var ingest = test.ingest("a")) {
            assertThat(ingest.present()).isEqualTo(RangeSet.of(0, 100));
            fill(ingest, bytes);
            assertThat(test.store.commit(ingest, NOTHING_PROMISED).path()).hasBinaryContent(bytes);
        }
    }

    @Test
    void p3OnAnotherVolumeTheBytesAreCopied() throws Exception {
        var shm = Path.of("/dev/shm");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.isWritable(shm), "skipped: no /dev/shm to write to");
        var staging = Files.createTempDirectory(shm, "capstan-test");
        test.close();
        var layout = new Layout(root.resolve("content"), staging);
        var store =
                new FileContentStore(
                        layout, TestStore.NO_LIMITS, InstantSource.system(), Steps.NONE);
        try {
            var bytes = bytes(1, 3_000_000);
            try (var ingest = store.ingest(TestStore.request("a"))) {
                fill(ingest, bytes);
                failsOnStore(store, ingest, bytes);
                fill(ingest, bytes);
                var content = store.commit(ingest, NOTHING_PROMISED);
                assertThat(content.path()).hasBinaryContent(bytes);
            }
            assertThat(staging).isEmptyDirectory();
            assertThat(layout.incoming()).isEmptyDirectory();
        } finally {
            store.close();
            Disk.removeFolder(staging);
        }
    }

    private static void failsOnStore(FileContentStore store, Ingest ingest, byte[] bytes) {
        var wrong = new CommitRequest(Set.of(sha256(new byte[0])), Set.of(sha256(bytes)));
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> store.commit(ingest, wrong))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.CHECKSUM));
    }
}
