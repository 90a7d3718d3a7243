package dev.capstan.content.file;

import static dev.capstan.content.file.TestStore.bytes;
import static dev.capstan.content.file.TestStore.read;
import static dev.capstan.content.file.TestStore.sha256;
import static dev.capstan.content.file.TestStore.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Validator;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.event.Topics;
import dev.capstan.health.HealthCheck.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** P5, P6, P7: what is kept, found, checked and given up. */
@Timeout(60)
class KeepingTest {
    private static final int SIZE = 1000;

    @TempDir Path root;
    private final TestStore.Clock clock = new TestStore.Clock();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private TestStore test;

    private void open(Limits limits) throws IOException {
        test = new TestStore(root, limits, clock, Steps.NONE);
        test.store.bindEventAdmin(
                new EventAdmin() {
                    @Override
                    public void postEvent(Event event) {
                        events.add(event);
                    }

                    @Override
                    public void sendEvent(Event event) {
                        throw new UnsupportedOperationException();
                    }
                });
    }

    private void open() throws IOException {
        open(TestStore.NO_LIMITS);
    }

    @AfterEach
    void close() {
        if (test != null) {
            test.close();
        }
    }

    private static Limits limits(long bytes, long items, Duration age) {
        return new Limits(bytes, 0, items, age, 0, Duration.ofDays(30), Duration.ofDays(30));
    }

    /** Stores items a day apart, the first the longest ago. */
    private List<Content> store(int count) throws Exception {
        var contents = new ArrayList<Content>();
        for (var i = 0; i < count; i++) {
            contents.add(test.store("item" + i, bytes(i, SIZE)));
            clock.advance(Duration.ofDays(1));
        }
        return contents;
    }

    private List<Content> left() {
        return test.store.list(null, 1000);
    }

    private void keepHouse() throws InterruptedException {
        test.store.parts().housekeeper().awaitStart();
        test.store.parts().housekeeper().hourly();
    }

    /** The store's own threads may be about to do, or to tell, the same. */
    private void eventually(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private List<Object> posted(String topic, String property) {
        return events.stream()
                .filter(event -> event.getTopic().equals(topic))
                .map(event -> event.getProperty(property))
                .toList();
    }

    @Test
    void p6TheLeastRecentlyUsedGoesFirst() throws Exception {
        open(limits(3 * SIZE, 0, Duration.ZERO));
        var contents = store(3);
        test.store.open(contents.get(0).digest()).orElseThrow().close();
        clock.advance(Duration.ofDays(1));
        contents.addAll(List.of(test.store("new", bytes(99, SIZE))));
        keepHouse();
        eventually(() -> !posted(Topics.CONTENT_EVICTED, Topics.DIGEST).isEmpty());

        assertThat(left()).hasSize(3);
        assertThat(test.store.find(contents.get(1).digest())).isEmpty();
        assertThat(contents.get(1).path()).doesNotExist();
        assertThat(posted(Topics.CONTENT_EVICTED, Topics.DIGEST))
                .containsExactly(contents.get(1).digest().hex());
        assertThat(posted(Topics.CONTENT_COMMITTED, Topics.SIZE)).hasSize(4).contains((long) SIZE);
        assertThat(test.store.usage().bytes()).isEqualTo(3 * SIZE);
    }

    @Test
    void p6MaxItemsAndMaxAge() throws Exception {
        open(limits(Long.MAX_VALUE, 2, Duration.ZERO));
        store(5);
        keepHouse();
        assertThat(left()).hasSize(2);
        test.close();

        open(limits(Long.MAX_VALUE, 0, Duration.ofDays(7)));
        clock.advance(Duration.ofDays(5).plusHours(12));
        keepHouse();
        assertThat(left()).hasSize(1);
    }

    @Test
    void p6WhatWasJustUsedStaysEvenOverTheLimit() throws Exception {
        open(limits(1, 0, Duration.ZERO));
        var content = test.store("a", bytes(1, SIZE));
        keepHouse();
        assertThat(test.store.find(content.digest())).isPresent();
        clock.advance(Duration.ofMinutes(2));
        keepHouse();
        assertThat(test.store.find(content.digest())).isEmpty();
    }

    @Test
    void p6PinnedReadAndPlacedItemsStay() throws Exception {
        open(limits(Long.MAX_VALUE, 0, Duration.ofDays(7)));
        var contents = store(4);
        assertThat(test.store.pin(contents.get(0).digest(), "record:1")).isTrue();
        assertThat(test.store.pin(contents.get(0).digest(), "room:2")).isTrue();
        test.store.unpin(contents.get(0).digest(), "room:2");
        var placed = test.store.place(contents.get(1).digest(), root.resolve("out"), "a.bin");
        var reader = test.store.open(contents.get(2).digest()).orElseThrow();
        clock.advance(Duration.ofDays(30));
        keepHouse();

        assertThat(left()).hasSize(3);
        assertThat(test.store.evict(contents.get(0).digest())).isFalse();
        assertThat(test.store.evict(contents.get(1).digest())).isFalse();
        assertThat(test.store.evict(contents.get(2).digest())).isFalse();
        assertThat(test.store.usage().pinnedBytes()).isEqualTo(2 * SIZE);

        reader.close();
        Files.delete(placed.path());
        test.store.unpin(contents.get(0).digest(), "record:1");
        keepHouse();
        assertThat(left()).isEmpty();
        assertThat(test.store.usage().pinnedBytes()).isZero();
    }

    @Test
    void p6TheLimitsHoldUnderLoadAndWhatIsHeldStays() throws Exception {
        open(limits(10 * SIZE, 8, Duration.ZERO));
        var pinned = test.store("pinned", bytes(1000, SIZE));
        test.store.pin(pinned.digest(), "record:1");
        var open = test.store("open", bytes(1001, SIZE));
        try (var reader = test.store.open(open.digest()).orElseThrow()) {
            var tasks = new ArrayList<FutureTask<Void>>();
            for (var t = 0; t < 4; t++) {
                var first = 100 * t;
                var task =
                        new FutureTask<Void>(
                                () -> {
                                    for (var i = first; i < first + 30; i++) {
                                        var stored = test.store("load" + i, bytes(i, SIZE));
                                        clock.advance(Duration.ofSeconds(1));
                                        var found = test.store.open(stored.digest());
                                        found.ifPresent(ContentReader::close);
                                    }
                                    return null;
                                });
                new Thread(task, "test-load-" + t).start();
                tasks.add(task);
            }
            for (var task : tasks) {
                task.get(60, TimeUnit.SECONDS);
            }
            eventually(() -> test.store.usage().items() <= 1 + 8);
            assertThat(test.store.usage().bytes() - test.store.usage().pinnedBytes())
                    .isLessThanOrEqualTo(10 * SIZE);
            assertThat(test.store.find(pinned.digest())).isPresent();
            assertThat(TestStore.read(reader, 0, SIZE)).isEqualTo(bytes(1001, SIZE));
        }
    }

    @Test
    void p6TheLastUsedGivesWayToNobodyAndTheOthersAtOnce() throws Exception {
        open(limits(2 * SIZE, 0, Duration.ZERO));
        for (var i = 0; i < 5; i++) {
            test.store("item" + i, bytes(i, SIZE));
            clock.advance(Duration.ofMillis(1));
        }
        eventually(() -> left().size() <= 2);
        assertThat(test.store.find(source("item4"))).isPresent();
        assertThat(test.store.find(source("item0"))).isEmpty();
    }

    @Test
    void p6PinsAreDurable() throws Exception {
        open();
        var content = test.store("a", bytes(1, SIZE));
        test.store.pin(content.digest(), "record:1");
        test.close();
        open(limits(1, 0, Duration.ZERO));
        clock.advance(Duration.ofDays(1));
        keepHouse();
        assertThat(test.store.find(content.digest()).orElseThrow().pins())
                .containsExactly("record:1");
        assertThat(test.store.pin(sha256(new byte[0]), "x")).isFalse();
    }

    @Test
    void p5ARevalidatedSourceIsTheNewest() throws Exception {
        open();
        var one = test.store("a", bytes(1, SIZE));
        clock.advance(Duration.ofHours(1));
        var two = test.store("a", bytes(2, SIZE));
        assertThat(test.store.find(source("a"))).contains(two);
        clock.advance(Duration.ofHours(1));
        var validator = new Validator("\"v3\"", null, false, null);
        test.store.revalidated(one.digest(), source("a"), validator);
        var found = test.store.find(source("a")).orElseThrow();
        assertThat(found.digest()).isEqualTo(one.digest());
        assertThat(found.validator()).isEqualTo(validator);
    }

    @Test
    void p5ListGoesThroughAllInTheOrderOfTheirDigests() throws Exception {
        open();
        var contents = store(7);
        var listed = new ArrayList<Content>();
        for (var page = test.store.list(null, 3); !page.isEmpty(); ) {
            listed.addAll(page);
            page = test.store.list(page.get(page.size() - 1).digest(), 3);
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(contents);
        assertThat(listed).extracting(content -> content.digest().hex()).isSorted();
    }

    private void damage(Content content) throws IOException {
        content.path().toFile().setWritable(true);
        var bytes = Files.readAllBytes(content.path());
        bytes[5] ^= 1;
        Files.write(content.path(), bytes);
    }

    @Test
    void p6ADamagedItemIsNeverServedAndSetAside() throws Exception {
        open();
        var content = test.store("a", bytes(1, SIZE));
        damage(content);

        assertThat(test.store.open(content.digest())).isEmpty();

        assertThat(test.store.find(content.digest())).isEmpty();
        assertThat(content.path()).doesNotExist();
        assertThat(test.layout.quarantine().toFile().list()).hasSize(1);
        assertThat(posted(Topics.CONTENT_QUARANTINED, Topics.DIGEST))
                .containsExactly(content.digest().hex());
        assertThat(test.store.usage().quarantined()).isEqualTo(1);
        assertThat(test.store.check(false))
                .anyMatch(f -> f.level() == Level.WARNING && f.message().contains("set aside"));
        test.close();
        open();
        assertThat(test.store.usage().quarantined()).isEqualTo(1);
        var again = test.store("a", bytes(1, SIZE));
        assertThat(again.path()).hasBinaryContent(bytes(1, SIZE));
    }

    @Test
    void p6AnEditOfThePlacedFileLeavesTheUsersFileAlone() throws Exception {
        open();
        var content = test.store("a", bytes(1, SIZE));
        var placed = test.store.place(content.digest(), root.resolve("out"), "a.bin");
        damage(content);
        var edited = Files.readAllBytes(placed.path());

        assertThat(test.store.open(content.digest())).isEmpty();

        assertThat(placed.path()).hasBinaryContent(edited);
    }

    @Test
    void p6ATouchedItemIsHashedAgainAndServed() throws Exception {
        open();
        var content = test.store("a", bytes(1, SIZE));
        Files.setLastModifiedTime(content.path(), FileTime.fromMillis(5));
        try (var reader = test.store.open(content.digest()).orElseThrow()) {
            assertThat(read(reader, 0, SIZE + 1)).isEqualTo(bytes(1, SIZE));
            assertThat(reader.isVerified()).isTrue();
        }
    }

    @Test
    void p6ALostFileIsForgotten() throws Exception {
        open();
        var content = test.store("a", bytes(1, SIZE));
        Files.delete(content.path());
        assertThat(test.store.open(content.digest())).isEmpty();
        assertThat(test.store.find(content.digest())).isEmpty();
    }

    @Test
    void p3TheStartComparesTheFolderWithTheIndex() throws Exception {
        open();
        var contents = store(3);
        test.close();
        Files.delete(contents.get(0).path());
        Files.delete(IndexLog.path(test.layout.content(), 1));
        var wrong = test.layout.item("ab".repeat(32));
        Files.createDirectories(wrong.getParent());
        Files.write(wrong, bytes(5, 10));
        Files.write(test.layout.content().resolve("ab").resolve("stray"), new byte[1]);

        open();
        test.store.parts().housekeeper().awaitStart();

        // What was not in the index is hashed first, so the wrong one is set aside.
        assertThat(left()).hasSize(2);
        assertThat(posted(Topics.CONTENT_QUARANTINED, Topics.DIGEST)).hasSizeLessThanOrEqualTo(1);
        try (var reader = test.store.open(contents.get(1).digest()).orElseThrow()) {
            assertThat(read(reader, 0, SIZE)).isEqualTo(bytes(1, SIZE));
        }
        assertThat(test.store.usage().quarantined()).isEqualTo(1);
    }

    @Test
    void p7VerifyTellsRightFromWrong() throws Exception {
        open();
        var good = test.store("a", bytes(1, SIZE));
        var bad = test.store("b", bytes(2, SIZE));
        damage(bad);
        assertThat(test.store.verify(good.digest())).isTrue();
        assertThat(test.store.verify(bad.digest())).isFalse();
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> test.store.verify(bad.digest()))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NOT_FOUND));
    }

    @Test
    void p7EverythingIsHashedAgainInTime() throws Exception {
        open();
        var contents = store(3);
        // Damage that shows in nothing but the bytes.
        var victim = contents.get(1);
        var state = Files.getLastModifiedTime(victim.path());
        damage(victim);
        Files.setLastModifiedTime(victim.path(), state);
        keepHouse();
        assertThat(left()).hasSize(3);

        clock.advance(Duration.ofDays(31));
        keepHouse();

        assertThat(left()).hasSize(2);
        assertThat(posted(Topics.CONTENT_QUARANTINED, Topics.DIGEST))
                .containsExactly(victim.digest().hex());
    }

    @Test
    void staleStagingIsCleanedAndFreshIsNot() throws Exception {
        open();
        for (var id : List.of("old", "fresh", "open")) {
            try (var ingest = test.ingest(id);
                    var filler = ingest.fill().orElseThrow()) {
                TestStore.write(filler, bytes(1, 10), 0, 10);
            }
        }
        test.close();
        open(limits(Long.MAX_VALUE, 0, Duration.ZERO));
        test.store.parts().housekeeper().awaitStart();
        for (var id : List.of("old", "open")) {
            var folder = test.layout.staged(Layout.key(source(id)));
            for (var file : Disk.list(folder)) {
                Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            }
        }
        clock.advance(Duration.ofDays(31));
        try (var ingest = test.ingest("open")) {
            keepHouse();
            assertThat(ingest.downloaded()).isEqualTo(10);
        }
        assertThat(test.layout.staging().toFile().list()).hasSize(2);
        assertThat(test.store.usage().stagingBytes()).isEqualTo(20);
    }

    @Test
    void aHealthyStoreSaysSo() throws Exception {
        open();
        store(3);
        assertThat(test.store.check(true)).singleElement().matches(f -> f.level() == Level.OK);
        damage(test.store("x", bytes(77, SIZE)));
        assertThat(test.store.check(true)).anyMatch(f -> f.level() == Level.FAILED);
    }

    @Test
    void aFullVolumeIsAWarning() throws Exception {
        open(new Limits(0, 10, 0, Duration.ZERO, Long.MAX_VALUE / 2, Duration.ZERO, Duration.ZERO));
        assertThat(test.store.check(false))
                .singleElement()
                .matches(f -> f.level() == Level.WARNING && f.message().contains("free"));
    }
}
