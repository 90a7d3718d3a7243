package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Batch;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Statistics.Totals;
import dev.capstan.download.spi.DownloadStore.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountsTest {
    @TempDir Path folder;
    private final Map<String, Download> rows = new HashMap<>();
    private final Map<String, Totals> totals = new HashMap<>();

    @Test
    void s7WhatIsKeptEqualsARecountAfterAnyOperations() throws InterruptedException {
        var random = new Random(21);
        var store = Samples.open(folder);
        for (var step = 1; step <= 1_500; step++) {
            change(store, step, random);
            if (step % 300 == 0) {
                store.close();
                store = Samples.open(folder);
                compare(store);
            }
        }
        rows.keySet().forEach(store::remove);
        rows.clear();
        compare(store);
        store.close();
    }

    @Test
    void aCompletedListingIsNoMemberOfTheBatchItBecame() throws InterruptedException {
        var store = Samples.open(folder);
        var batch = new BatchRef("B1", "Album");
        var listing = listing(Samples.member(Samples.queued(1), batch));
        Samples.add(store, listing);
        assertThat(store.batch("B1").orElseThrow().state()).isEqualTo(DownloadState.QUEUED);

        store.add(
                List.of(Samples.member(Samples.queued(2), batch)),
                (stored, wanted) -> stored,
                Samples.in(listing, DownloadState.COMPLETED));

        assertThat(store.batch("B1").orElseThrow().counts())
                .containsEntry(DownloadState.COMPLETED, 0L)
                .containsEntry(DownloadState.QUEUED, 1L);
        assertThat(store.list(DownloadQuery.ALL.withBatch("B1")).total()).isEqualTo(2);
        store.close();
    }

    @Test
    void batchesComeNewestFirst() throws InterruptedException {
        var store = Samples.open(folder);
        for (var n = 1; n <= 5; n++) {
            Samples.add(
                    store, Samples.member(Samples.queued(n), new BatchRef("B" + n, "Batch " + n)));
        }

        var first = store.batches(null, 2);
        assertThat(first).extracting(Batch::id).containsExactly("B5", "B4");
        assertThat(store.batches(first.get(1).created(), 9))
                .extracting(Batch::name)
                .containsExactly("Batch 3", "Batch 2", "Batch 1");
        store.close();
    }

    private void change(SqliteDownloadStore store, int step, Random random) {
        var some = rows.values().stream().sorted(Comparator.comparing(Download::id)).toList();
        var row = some.isEmpty() ? null : some.get(random.nextInt(some.size()));
        switch (random.nextInt(row == null ? 1 : 8)) {
            case 0, 1, 2 -> {
                var added = varied(Samples.queued(step, host(random), "x:" + step), random);
                Samples.add(store, added);
                put(null, added);
            }
            case 3 -> {
                store.remove(row.id());
                rows.remove(row.id());
            }
            case 4 -> store.claim(Samples.claim("me")).ifPresent(claimed -> put(rows, claimed));
            case 5 -> {
                store.recover("me", Samples.START);
                rows.values().stream()
                        .filter(active -> active.state().isActive())
                        .toList()
                        .forEach(active -> put(rows, store.get(active.id()).orElseThrow()));
            }
            default -> {
                var changed = varied(row, random);
                assertThat(store.update(row, changed, Durability.ORDERED)).isTrue();
                put(rows, changed);
            }
        }
    }

    private void put(Map<String, Download> before, Download after) {
        var old = before == null ? null : before.get(after.id());
        rows.put(after.id(), after);
        if (old == null || old.state() != after.state()) {
            var size = after.metrics().size();
            var bytes = size < 0 ? after.metrics().downloaded() : size;
            if (after.state() == DownloadState.COMPLETED) {
                totals.merge(after.source().host(), new Totals(1, 0, bytes), Totals::plus);
            } else if (after.state() == DownloadState.FAILED) {
                totals.merge(after.source().host(), new Totals(0, 1, 0), Totals::plus);
            }
        }
    }

    private void compare(SqliteDownloadStore store) {
        assertThat(store.counts()).isEqualTo(counts(rows.values()));
        assertThat(store.totals()).isEqualTo(totals);
        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(rows.size());
        var members = new HashMap<String, List<Download>>();
        for (var row : rows.values()) {
            if (row.batch() != null) {
                members.computeIfAbsent(row.batch().id(), id -> new ArrayList<>()).add(row);
            }
        }
        assertThat(store.batches(null, 100))
                .extracting(Batch::id)
                .containsExactlyInAnyOrderElementsOf(members.keySet());
        members.forEach(
                (id, all) -> {
                    var batch = store.batch(id).orElseThrow();
                    all.removeIf(CountsTest::isCompletedListing);
                    assertThat(batch.counts()).isEqualTo(counts(all));
                    assertThat(batch.size())
                            .isEqualTo(
                                    all.stream()
                                            .mapToLong(row -> Math.max(0, row.metrics().size()))
                                            .sum());
                    assertThat(batch.downloaded())
                            .isEqualTo(
                                    all.stream()
                                            .mapToLong(row -> row.metrics().downloaded())
                                            .sum());
                });
    }

    private static boolean isCompletedListing(Download row) {
        return row.kind() == Download.Kind.LISTING && row.state() == DownloadState.COMPLETED;
    }

    private static Map<DownloadState, Long> counts(Iterable<Download> rows) {
        var counts = new EnumMap<DownloadState, Long>(DownloadState.class);
        for (var state : DownloadState.values()) {
            counts.put(state, 0L);
        }
        rows.forEach(row -> counts.merge(row.state(), 1L, Long::sum));
        return counts;
    }

    private static Download varied(Download row, Random random) {
        var size = random.nextInt(100) - 1L;
        var batch = random.nextInt(3) == 0 ? null : new BatchRef("B" + random.nextInt(4), "b");
        var changed =
                row.copy()
                        .kind(Download.Kind.values()[random.nextInt(2)])
                        .batch(batch)
                        .metrics(new Metrics(size, random.nextInt(50), 0, 0))
                        .target(row.target().withCategory(random.nextBoolean() ? "tv" : null))
                        .build();
        return Samples.in(changed, DownloadState.values()[random.nextInt(7)]);
    }

    private static Download listing(Download download) {
        return download.copy().kind(Download.Kind.LISTING).build();
    }

    private static String host(Random random) {
        return "host" + random.nextInt(3);
    }
}
