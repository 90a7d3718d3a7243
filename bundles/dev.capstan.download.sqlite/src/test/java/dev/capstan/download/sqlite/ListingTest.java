package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.health.HealthCheck.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
    private static final Comparator<Download> BY_ID = Comparator.comparing(Download::id);

    @TempDir Path folder;
    private SqliteDownloadStore store;

    @BeforeEach
    void open() {
        store = Samples.open(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void aWalkInAnySortGivesEveryRowOnceAndInOrder(DownloadQuery.Sort sort) {
        var downloads = mixed(300, 7);
        Samples.add(store, downloads.toArray(Download[]::new));

        for (var descending : List.of(false, true)) {
            var order = descending ? order(sort).reversed() : order(sort);
            assertThat(walk(DownloadQuery.ALL.withSort(sort, descending).withLimit(7)))
                    .containsExactlyElementsOf(downloads.stream().sorted(order).toList());
        }
    }

    @Test
    void anyFilterInAnySortGivesWhatAPlainSearchGives() {
        var downloads = mixed(400, 11);
        Samples.add(store, downloads.toArray(Download[]::new));
        var random = new Random(12);

        for (var i = 0; i < 150; i++) {
            var query = randomQuery(random);
            var order = order(query.sort());
            var expected =
                    downloads.stream()
                            .filter(download -> matches(query, download))
                            .sorted(query.descending() ? order.reversed() : order)
                            .toList();

            assertThat(walk(query)).as("%s", query).containsExactlyElementsOf(expected);
            assertThat(store.list(query).total()).as("%s", query).isEqualTo(expected.size());
        }
    }

    @Test
    void s6AWalkUnderChangeLosesAndDoublesNoRowThatKeepsItsKey() {
        var random = new Random(3);
        for (var sort : DownloadQuery.Sort.values()) {
            for (var descending : List.of(false, true)) {
                walkUnderChange(DownloadQuery.ALL.withSort(sort, descending).withLimit(5), random);
            }
        }
    }

    private void walkUnderChange(DownloadQuery query, Random random) {
        var base = random.nextInt(1_000_000) * 1_000;
        var steady = new ArrayList<String>();
        var first = new ArrayList<Download>();
        for (var n = 0; n < 60; n++) {
            var download = Samples.named(base + n, "name " + random.nextInt(20));
            first.add(download);
            if (n % 2 == 0) {
                steady.add(download.id());
            }
        }
        Samples.add(store, first.toArray(Download[]::new));
        var next = base + 500;
        var seen = new ArrayList<String>();
        var page = store.list(query);
        while (true) {
            page.items().forEach(download -> seen.add(download.id()));
            if (page.next() == null) {
                break;
            }
            // Fewer come than a page holds, so that the walk ends.
            Samples.add(store, Samples.named(next++, "new " + random.nextInt(40)));
            for (var change = 0; change < 3; change++) {
                var victim = Samples.id(base + 1 + 2 * random.nextInt(30));
                if (random.nextBoolean()) {
                    store.remove(victim);
                } else {
                    store.get(victim).ifPresent(row -> rename(row, "moved " + row.id()));
                }
            }
            page = store.list(query.from(page.next()));
        }

        var times = seen.stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        assertThat(steady).as("%s", query).allMatch(id -> times.getOrDefault(id, 0L) == 1);
    }

    private void rename(Download row, String name) {
        var renamed = row.copy().target(row.target().withName(name)).priority(3).build();
        store.update(row, renamed, Durability.ORDERED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "AAAA",
                "é",
                "WzFd",
                "eyJhIjoxfQ",
                "W10",
                "WyJhIiwiYiJd",
                "====",
                "\u0000"
            })
    void s6ACursorThatWasNeverGivenIsRefused(String cursor) {
        assertThatThrownBy(() -> store.list(DownloadQuery.ALL.from(cursor)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cursor");
    }

    @Test
    void s6ACursorOfAnotherQueryIsRefused() {
        Samples.add(store, Samples.queued(1), Samples.queued(2));
        var query = DownloadQuery.ALL.withLimit(1);
        var cursor = store.list(query).next();

        assertThat(store.list(query.withLimit(9).from(cursor)).items()).hasSize(1);
        for (var other :
                List.of(
                        query.withSort(DownloadQuery.Sort.NAME, false),
                        query.withSort(DownloadQuery.Sort.SIZE, false),
                        query.withSort(DownloadQuery.Sort.ADDED, true),
                        query.withStates(Set.of(DownloadState.QUEUED)),
                        query.withBatch("b"),
                        query.withText("b"))) {
            assertThatThrownBy(() -> store.list(other.from(cursor)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTextIsFoundInNameAndLinkWithoutCase() {
        Samples.add(
                store,
                Samples.named(1, "Die ÄRZTE - Schrei.flac"),
                Samples.named(2, "100% \"real\" it's_ok (日本語のうた).mp3"),
                Samples.queued(3, "direct", "https://x.example/Path/FILE.bin?a=1"));

        assertThat(found("ärzte")).containsExactly(1);
        assertThat(found("schREI.f")).containsExactly(1);
        assertThat(found("path/file")).containsExactly(3);
        assertThat(found("%")).containsExactly(2);
        assertThat(found("_")).containsExactly(2);
        assertThat(found("\"real\" it's")).containsExactly(2);
        assertThat(found("本")).containsExactly(2);
        assertThat(found("日本語のうた")).containsExactly(2);
        assertThat(found("")).containsExactly(1, 2, 3);
        assertThat(found("flac OR bin")).isEmpty();
        assertThat(found("ä".repeat(500))).isEmpty();
    }

    @Test
    void theIndexFollowsTheRowsAndSearchesFindBoth() throws InterruptedException {
        store.close();
        store =
                new SqliteDownloadStore(
                        folder, 3, Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1));
        for (var round = 0; round < 30; round++) {
            var n = round * 100;
            Samples.add(store, Samples.named(n, "stays"), Samples.named(n + 1, "leaves"));
            Samples.add(store, Samples.named(n + 2, "last one"));
            store.remove(Samples.id(n + 2));
            rename(store.get(Samples.id(n + 1)).orElseThrow(), "comes back");

            assertThat(store.list(DownloadQuery.ALL.withText("stays")).total())
                    .isEqualTo(round + 1);
            assertThat(store.list(DownloadQuery.ALL.withText("comes")).total())
                    .isEqualTo(round + 1);
            assertThat(found("leaves")).isEmpty();
            assertThat(found("last one")).isEmpty();
        }
        assertThat(store.check(true)).first().extracting(Finding::level).isEqualTo(Level.OK);
    }

    @Test
    void aNameThatBecomesKnownIsFoundAndTheOldOneIsNot() {
        var download = Samples.named(1, "before.bin");
        Samples.add(store, download);
        rename(download, "after.bin");

        assertThat(found("before")).isEmpty();
        assertThat(found("after")).containsExactly(1);
    }

    @Test
    void q10ManyRowsAreFoundByWalkAndByFilterWithAndWithoutIndex() throws Exception {
        var downloads = Samples.many(12_000, 5);
        store.add(downloads, (stored, wanted) -> wanted, null);
        findAmong(downloads);

        store.close();
        var database = new Database(folder);
        try (var session = database.open()) {
            while (TextIndex.advance(session)) {
                assertThat(session.number("SELECT up_to FROM indexed")).isPositive();
            }
        }
        open();
        findAmong(downloads);
    }

    private void findAmong(List<Download> downloads) {
        for (var text : List.of("1080p", "golden lost", "x=777", "s0")) {
            for (var sort : DownloadQuery.Sort.values()) {
                var query = DownloadQuery.ALL.withText(text).withSort(sort, true).withLimit(200);
                var expected =
                        downloads.stream()
                                .filter(download -> matches(query, download))
                                .sorted(order(sort).reversed())
                                .toList();
                var first = store.list(query);

                assertThat(first.total()).isEqualTo(expected.size());
                assertThat(first.items())
                        .containsExactlyElementsOf(expected.subList(0, first.items().size()));
            }
        }
    }

    private List<Integer> found(String text) {
        return store.list(DownloadQuery.ALL.withText(text)).items().stream()
                .map(download -> Integer.valueOf(download.id().substring(4)))
                .toList();
    }

    private List<Download> walk(DownloadQuery query) {
        var rows = new ArrayList<Download>();
        var page = store.list(query);
        rows.addAll(page.items());
        while (page.next() != null) {
            assertThat(page.items()).hasSize(query.limit());
            page = store.list(query.from(page.next()));
            rows.addAll(page.items());
        }
        return rows;
    }

    /** Rows with few different values, so that keys are equal and filters overlap. */
    private static List<Download> mixed(int count, long seed) {
        var random = new Random(seed);
        var downloads = new ArrayList<Download>();
        for (var n = 0; n < count; n++) {
            var host = "host" + random.nextInt(3);
            var download = Samples.queued(n, host, "x:" + random.nextInt(50) + "/" + n);
            var target = download.target();
            if (random.nextInt(4) > 0) {
                target = target.withName("Name " + random.nextInt(30));
            }
            target = target.withCategory(random.nextBoolean() ? "tv" : null);
            var batch = random.nextInt(3) == 0 ? new BatchRef("B" + random.nextInt(2), "b") : null;
            var changed =
                    download.copy()
                            .target(target)
                            .batch(batch)
                            .metrics(new Metrics(random.nextInt(5) - 1L, 0, 0, 0))
                            .priority(random.nextInt(3) - 1)
                            .position(random.nextInt(3))
                            .build();
            downloads.add(Samples.in(changed, DownloadState.values()[random.nextInt(7)]));
        }
        return downloads;
    }

    private static DownloadQuery randomQuery(Random random) {
        var states = new HashSet<DownloadState>();
        for (var i = random.nextInt(4); i > 0; i--) {
            states.add(DownloadState.values()[random.nextInt(7)]);
        }
        var texts = new String[] {null, null, "name 1", "NAME", "x:1", "7", "e 2", "nothing"};
        return new DownloadQuery(
                states,
                random.nextInt(4) == 0 ? "B" + random.nextInt(3) : null,
                random.nextInt(4) == 0 ? (random.nextInt(4) == 0 ? "" : "tv") : null,
                random.nextInt(4) == 0 ? "host" + random.nextInt(4) : null,
                texts[random.nextInt(texts.length)],
                DownloadQuery.Sort.values()[random.nextInt(5)],
                random.nextBoolean(),
                1 + random.nextInt(60),
                null);
    }

    private static boolean matches(DownloadQuery query, Download download) {
        var batch = download.batch();
        var name = download.target().name();
        var text = query.text() == null ? "" : query.text().toLowerCase(Locale.ROOT);
        var searched = (name == null ? "" : name) + "\n" + download.source().link();
        return (query.states().isEmpty() || query.states().contains(download.state()))
                && (query.batch() == null || (batch != null && batch.id().equals(query.batch())))
                && (query.category() == null
                        || query.category().equals(download.target().category()))
                && (query.host() == null || query.host().equals(download.source().host()))
                && searched.toLowerCase(Locale.ROOT).contains(text);
    }

    private static Comparator<Download> order(DownloadQuery.Sort sort) {
        var order =
                switch (sort) {
                    case ADDED -> Comparator.comparing(Download::created);
                    case NAME ->
                            Comparator.comparing(
                                    (Download download) ->
                                            download.displayName().toLowerCase(Locale.ROOT));
                    case SIZE ->
                            Comparator.comparing((Download download) -> download.metrics().size());
                    case STATE -> Comparator.comparing(Download::state);
                    case PRIORITY ->
                            Comparator.comparing((Download download) -> -download.priority())
                                    .thenComparing(Download::position)
                                    .thenComparing(Download::created);
                };
        return order.thenComparing(BY_ID);
    }
}
