package dev.capstan.content.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.CipherSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P2: what is claimed is there, whatever happens to the journal. */
class JournalTest {
    private static final Executor NOBODY = task -> {};
    private static final long INODE = 4711;

    @TempDir Path folder;

    private Part.Surroundings around() {
        return around("this boot");
    }

    private static Part.Surroundings around(String bootId) {
        return new Part.Surroundings(new Waiters(), NOBODY, new Blocks(), Steps.NONE, bootId);
    }

    @Test
    void p2CheckpointsKeepEverythingThatIsKnown() throws IOException {
        var identity =
                new Identity(
                        1L << 40,
                        new Validator("\"ä\"", Instant.ofEpochSecond(5, 7), true, "r1"),
                        "audio/flac",
                        Set.of(Digest.sha256("ab".repeat(32)), new Digest("md5", "cd".repeat(16))));
        var cipher = new CipherSpec("AES_CTR", Map.of("iv", "00", "id", "1"), "pid:key");
        var ranges = RangeSet.of(0, 5).plus(7, 1L << 39);
        var checkpoint =
                new Checkpoint(
                        3, new FileState(1, 2, 3, 0), identity, cipher, "ab".repeat(32), ranges);

        assertThat(Checkpoint.decode(checkpoint.encode(1 << 16))).isEqualTo(checkpoint);
    }

    @Test
    void p2TooManyRangesKeepTheLongest() {
        var ranges = RangeSet.EMPTY;
        for (var i = 0; i < 10_000; i++) {
            ranges = ranges.plus(i * 100L, i * 100L + (i % 2 == 0 ? 10 : 90));
        }
        var file = new FileState(1, 2, 3, 0);
        var checkpoint = new Checkpoint(1, file, Identity.UNKNOWN, null, null, ranges);

        var body = checkpoint.encode(1 << 16);
        var decoded = Checkpoint.decode(body);

        assertThat(body.length).isLessThanOrEqualTo(1 << 16);
        assertThat(decoded).isNotNull();
        assertThat(decoded.ranges().ranges())
                .hasSizeGreaterThan(4000)
                .allMatch(range -> range.length() == 90);
    }

    @Test
    void p2ATextTooLongIsAsIfItHadNotBeenSaid() {
        var identity =
                new Identity(5, new Validator("\"" + "x".repeat(60_000), null, false, null), null);
        var file = new FileState(1, 2, 3, 0);
        var checkpoint = new Checkpoint(1, file, identity, null, null, RangeSet.EMPTY);

        var decoded = Checkpoint.decode(checkpoint.encode(1 << 16));

        assertThat(decoded).isNotNull();
        assertThat(decoded.identity().validator().isStrong()).isFalse();
    }

    @Test
    void p2SlotsOfAnotherBootOrFileAreNone() throws IOException {
        var path = folder.resolve("1.ranges");
        var file = new FileState(INODE, 0, 0, 0);
        var first = new Checkpoint(0, file, Identity.UNKNOWN, null, null, RangeSet.EMPTY);
        try (var journal = Journal.create(path, TestStore.source("a"), first)) {
            journal.bind("this boot", INODE);
            journal.slot(0).claim(0, 100);
            journal.slot(511).claim(500, 600);
        }

        try (var journal = Journal.open(path)) {
            assertThat(journal).isNotNull();
            journal.bind("this boot", INODE);
            journal.readSlots();
            assertThat(journal.slot(0).claimed()).isEqualTo(RangeSet.of(0, 100));
            assertThat(journal.slot(511).claimed()).isEqualTo(RangeSet.of(500, 600));
            journal.bind("this boot", INODE + 1);
            assertThat(journal.slot(0).claimed()).isEqualTo(RangeSet.EMPTY);
            journal.bind("the next boot", INODE);
            assertThat(journal.slot(0).claimed()).isEqualTo(RangeSet.EMPTY);
        }
    }

    @Test
    void whoeverOnlyLooksAtAJournalNeitherWritesNorMakesIt() throws IOException {
        var path = folder.resolve("1.ranges");
        var first =
                new Checkpoint(
                        0,
                        new FileState(INODE, 0, 0, 0),
                        Identity.UNKNOWN,
                        null,
                        null,
                        RangeSet.of(0, 5));
        assertThat(Journal.look(path)).isNull();
        assertThat(path).doesNotExist();
        Journal.create(path, TestStore.source("a"), first).close();

        try (var journal = Journal.look(path)) {
            assertThat(journal).isNotNull();
            assertThat(journal.newest()).isEqualTo(first);
            assertThatThrownBy(() -> journal.write(first))
                    .isInstanceOf(NonWritableChannelException.class);
        }
    }

    @Test
    void whoeverLooksDoesNotBringBackWhatIsRemovedMeanwhile() throws Exception {
        make();
        var path = folder.resolve("1.ranges");
        var kept = folder.resolve("kept");
        var claimed = PartFiles.claimed(folder);
        var done = new AtomicBoolean();
        var looking =
                new FutureTask<>(
                        () -> {
                            while (!done.get()) {
                                assertThat(PartFiles.claimed(folder)).isIn(claimed, RangeSet.EMPTY);
                            }
                            return null;
                        });
        new Thread(looking, "test-looker").start();

        Files.move(path, kept);
        try {
            for (var round = 0; round < 5000 && !looking.isDone(); round++) {
                Files.createLink(path, kept);
                Files.delete(path);
                assertThat(path).doesNotExist();
            }
        } finally {
            done.set(true);
        }
        looking.get(30, TimeUnit.SECONDS);
        assertThat(path).doesNotExist();
    }

    private Part create() throws IOException {
        return PartFiles.create(
                folder, 1, TestStore.request("a"), TestStore.identity(90_000, "v"), around());
    }

    /** A closed lane, checkpoints, an open lane: bytes to 3000 are synced, 5000 to 5500 are not. */
    private RangeSet make() throws Exception {
        try (var part = create()) {
            var bytes = TestStore.bytes(1, 9000);
            var lane = part.lane(0);
            lane.write(ByteBuffer.wrap(bytes, 0, 3000));
            lane.close();
            part.checkpoint();
            part.checkpoint();
            lane = part.lane(5000);
            lane.write(ByteBuffer.wrap(bytes, 5000, 500));
            return part.present();
        }
    }

    private RangeSet load() throws IOException {
        try (var part = PartFiles.load(folder, 1, TestStore.request("a"), around())) {
            return part == null ? RangeSet.EMPTY : part.present();
        }
    }

    /** Most of the file is zeros; of those far from anything some will do. */
    private static boolean isWorthTrying(byte[] bytes, int position) {
        for (var i = Math.max(0, position - 2); i < Math.min(bytes.length, position + 3); i++) {
            if (bytes[i] != 0) {
                return true;
            }
        }
        return position % 509 == 0;
    }

    @Test
    void p2AFlippedByteNeverMakesAClaim() throws Exception {
        var written = make();
        assertThat(load()).isEqualTo(written);
        var path = PartFiles.journal(folder, 1);
        var whole = Files.readAllBytes(path);

        for (var i = 0; i < whole.length; i++) {
            if (!isWorthTrying(whole, i)) {
                continue;
            }
            for (var flip : new int[] {1, 0x80, 0xFF}) {
                var damaged = whole.clone();
                damaged[i] ^= (byte) flip;
                Files.write(path, damaged);

                var claimed = load();

                assertThat(written.plus(claimed)).as("byte %d", i).isEqualTo(written);
            }
        }
    }

    @Test
    void p2ATornJournalNeverMakesAClaim() throws Exception {
        var written = make();
        var path = PartFiles.journal(folder, 1);
        var whole = Files.readAllBytes(path);

        for (var length = 0; length < whole.length; length++) {
            if (!isWorthTrying(whole, length)) {
                continue;
            }
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            assertThat(written.plus(load())).as("length %d", length).isEqualTo(written);

            var zeroed = whole.clone();
            java.util.Arrays.fill(zeroed, length, whole.length, (byte) 0);
            Files.write(path, zeroed);
            assertThat(written.plus(load())).as("zero from %d", length).isEqualTo(written);
        }
    }

    @Test
    void p2NoOlderCheckpointBringsForgottenBytesBack() throws Exception {
        make();
        try (var part = PartFiles.load(folder, 1, TestStore.request("a"), around())) {
            assertThat(part).isNotNull();
            part.forget(new Range(1000, 2000));
        }
        var path = PartFiles.journal(folder, 1);
        var whole = Files.readAllBytes(path);
        for (var i = 0; i < whole.length; i++) {
            if (isWorthTrying(whole, i)) {
                var damaged = whole.clone();
                damaged[i] ^= (byte) 0xFF;
                Files.write(path, damaged);
                assertThat(load().missing(1000, 2000)).isEqualTo(RangeSet.of(1000, 2000));
            }
        }
    }

    @Test
    void p2SlotsAreUsedAgainOnceACheckpointClaimsTheSame() throws Exception {
        RangeSet written;
        try (var part = create()) {
            for (var i = 0; i < 4 * Journal.SLOTS; i++) {
                var lane = part.lane(i * 20L);
                lane.write(ByteBuffer.allocate(10));
                lane.close();
                if (i % 100 == 0) {
                    part.checkpoint();
                }
            }
            written = part.present();
        }
        assertThat(load()).isEqualTo(written);
    }

    @Test
    void p2WithoutAFreeSlotCheckpointsClaim() throws Exception {
        RangeSet written;
        try (var part = create()) {
            for (var i = 0; i < Journal.SLOTS + 50; i++) {
                part.lane(i * 20L).write(ByteBuffer.allocate(10));
            }
            written = part.present();
            assertThat(load().ranges()).hasSize(Journal.SLOTS);
            part.checkpoint();
        }
        assertThat(load()).isEqualTo(written);
    }

    @Test
    void p2RubbishIsNoJournal() throws Exception {
        make();
        var path = PartFiles.journal(folder, 1);
        var random = new Random(5);
        for (var i = 0; i < 300; i++) {
            var rubbish = new byte[random.nextInt(200_000)];
            random.nextBytes(rubbish);
            Files.write(path, rubbish);

            assertThat(load()).isEqualTo(RangeSet.EMPTY);
        }
    }

    @Test
    void p2AJournalThatDoesNotFitItsFileIsDiscarded() throws Exception {
        make();
        var data = PartFiles.data(folder, 1);

        try (var channel = java.nio.channels.FileChannel.open(data, StandardOpenOption.WRITE)) {
            channel.truncate(5400);
        }
        assertThat(load()).isEqualTo(RangeSet.EMPTY);

        Files.write(data, TestStore.bytes(1, 5499));
        assertThat(load()).isEqualTo(RangeSet.EMPTY);
        Files.delete(data);
        assertThat(load()).isEqualTo(RangeSet.EMPTY);
    }

    @Test
    void p2AnotherFileInPlaceOfTheDataIsNotBelieved() throws Exception {
        make();
        var data = PartFiles.data(folder, 1);
        var other = folder.resolve("other");
        Files.write(other, TestStore.bytes(2, 9000));
        Files.move(other, data, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(load()).isEqualTo(RangeSet.EMPTY);
    }

    @Test
    void p2AFolderMovedToAnotherDiskGoesOnFromItsCheckpoint() throws Exception {
        try (var part = create()) {
            var lane = part.lane(0);
            lane.write(ByteBuffer.wrap(TestStore.bytes(1, 3000)));
            lane.close();
            part.checkpoint();
        }
        var data = PartFiles.data(folder, 1);
        var copy = folder.resolve("copy");
        Files.copy(data, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(copy, data, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(load()).isEqualTo(RangeSet.of(0, 3000));
    }

    @Test
    void p2OnlyCheckpointsAreBelievedAfterAPowerCut() throws Exception {
        var written = make();
        var request = TestStore.request("a");
        try (var part = PartFiles.load(folder, 1, request, around("the next boot"))) {
            assertThat(part).isNotNull();
            assertThat(part.present()).isEqualTo(RangeSet.of(0, 3000));
        }
        try (var part = PartFiles.load(folder, 1, request, around())) {
            assertThat(part).isNotNull();
            assertThat(part.present()).isEqualTo(written);
        }
    }

    @Test
    void p2BootsAreNamed() {
        assertThat(BootId.CURRENT).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void p2ASymbolicLinkInStagingIsNotFollowed() throws Exception {
        var victim = folder.resolve("victim");
        Files.writeString(victim, "mine");
        Files.createSymbolicLink(PartFiles.journal(folder, 1), victim);
        Files.createSymbolicLink(PartFiles.data(folder, 1), victim);

        assertThat(load()).isEqualTo(RangeSet.EMPTY);
        try (var part = create()) {
            var lane = part.lane(0);
            lane.write(ByteBuffer.wrap(new byte[100]));
            lane.close();
        }
        assertThat(victim).hasContent("mine");
    }
}
