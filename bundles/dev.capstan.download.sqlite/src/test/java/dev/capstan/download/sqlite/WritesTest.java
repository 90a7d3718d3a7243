package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.download.Trust;
import dev.capstan.download.spi.Claim;
import dev.capstan.download.spi.DownloadStore.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritesTest {
    private static final int PAGE_IN_LOG = 24 + 4096;

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

    @Test
    void everyPartOfADownloadComesBackAsItWas() {
        var error =
                new DownloadError(
                        Samples.START,
                        ErrorClass.NETWORK,
                        Detail.NAME_NOT_RESOLVED,
                        "Refused: \"x\"\n",
                        2);
        var older = new DownloadError(Instant.EPOCH, ErrorClass.HOST, "Töricht 😀", 1);
        var download =
                new Download(
                        Samples.id(1),
                        Download.Kind.LISTING,
                        new Source(
                                "http://a/b?c=d",
                                "a:b",
                                "host",
                                new SourceKey("host", "k:1"),
                                Trust.OPERATOR),
                        new Target(
                                "Ünïcode 'name' 😀.mkv",
                                true,
                                Path.of("/some/folder"),
                                "tv",
                                "movie",
                                Path.of("/some/folder/name.mkv")),
                        new DownloadOptions(
                                4,
                                1L << 40,
                                7,
                                Duration.ofNanos(1_500_000_001),
                                true,
                                true,
                                DownloadOptions.STREAM,
                                1L << 42),
                        new BatchRef("B1", "An album"),
                        new Status(
                                DownloadState.QUEUED,
                                Phase.RETRY_WAIT,
                                "waits",
                                3,
                                Samples.START.plusNanos(1),
                                error,
                                List.of(older, error)),
                        new Metrics(1L << 41, 17, 3, 2),
                        Set.of(
                                Digest.sha256("ab".repeat(32)),
                                new Digest(Digest.MD5, "cd".repeat(16))),
                        Digest.sha256("ef".repeat(32)),
                        Map.of("artist", "Motörhead", "a\"b\\c", "\u0001"),
                        "secret-1",
                        Integer.MIN_VALUE,
                        Long.MAX_VALUE,
                        Samples.START,
                        Instant.MAX,
                        Instant.MIN);

        Samples.add(store, download);

        assertThat(store.get(download.id())).contains(download);
        var bare = Samples.queued(2);
        Samples.add(store, bare);
        assertThat(store.get(bare.id())).contains(bare);
    }

    @Test
    void anAddMeetsTheRowOfTheSameUseFirst() {
        var placed = Samples.queued(1, "direct", "http://a/1");
        var cached = Samples.queued(2, "direct", "http://a/1");
        cached = cached.copy().options(cached.options().withUse(true, null)).build();
        Samples.add(store, placed, cached);
        var met = new ArrayList<String>();

        for (var forStoreAlone : new boolean[] {false, true}) {
            var wanted = Samples.queued(3, "direct", "http://a/1");
            var use = wanted.options().withUse(forStoreAlone, null);
            store.add(
                    List.of(wanted.copy().options(use).build()),
                    (stored, wish) -> {
                        met.add(stored.id());
                        return stored;
                    },
                    null);
        }

        assertThat(met).containsExactly(placed.id(), cached.id());
    }

    @Test
    void anAddThatMeetsTheSameLinkAsksWhichRowIsToBe() {
        var first = Samples.queued(1, "direct", "http://a/1");
        var newer = Samples.queued(2, "direct", "http://a/1");
        var wanted = Samples.queued(3, "direct", "http://a/1");
        var other = Samples.queued(4, "other", "http://a/1");
        Samples.add(store, first, newer, other);

        var kept =
                store.add(
                        List.of(wanted),
                        (stored, asked) -> {
                            assertThat(stored).isEqualTo(newer);
                            assertThat(asked).isEqualTo(wanted);
                            return stored;
                        },
                        null);
        assertThat(kept).containsExactly(newer);
        assertThat(store.get(wanted.id())).isEmpty();

        var revived = Samples.in(newer, DownloadState.PAUSED);
        assertThat(store.add(List.of(wanted), (stored, asked) -> revived, null))
                .containsExactly(revived);
        assertThat(store.get(newer.id())).contains(revived);

        assertThat(store.add(List.of(wanted), (stored, asked) -> asked, null))
                .containsExactly(wanted);
        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(4);
    }

    @Test
    void oneAddFindsItsOwnRowsToo() {
        var one = Samples.queued(1, "direct", "http://a/1");
        var two = Samples.queued(2, "direct", "http://a/1");

        assertThat(store.add(List.of(one, two), (stored, wanted) -> stored, null))
                .containsExactly(one, one);
        assertThat(store.get(two.id())).isEmpty();
    }

    @Test
    void s3WhatFailsInTheMiddleLeavesNothing() {
        var one = Samples.queued(1, "direct", "http://a/1");
        var again = Samples.queued(2, "direct", "http://a/1");

        assertThatThrownBy(
                        () ->
                                store.add(
                                        List.of(one, again),
                                        (stored, wanted) -> {
                                            throw new IllegalStateException("no");
                                        },
                                        null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");
        assertThat(store.get(one.id())).isEmpty();
        assertThatThrownBy(() -> Samples.add(store, one, Samples.queued(1, "h", "http://a/2")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.list(DownloadQuery.ALL).total()).isZero();
        assertThat(store.list(DownloadQuery.ALL.withText("http")).total()).isZero();
    }

    @Test
    void aRowAlongsideIsWrittenWithTheOthers() {
        var listing = Samples.queued(1);
        Samples.add(store, listing);
        var ready = Samples.in(listing, DownloadState.COMPLETED);

        store.add(List.of(Samples.queued(2)), (stored, wanted) -> stored, ready);

        assertThat(store.get(listing.id())).contains(ready);
        assertThat(store.get(Samples.id(2))).isPresent();
    }

    @Test
    void s4AnUpdateChangesARowOnlyAsTheCallerSawIt() {
        var seen = Samples.queued(1);
        Samples.add(store, seen);
        var paused = Samples.in(seen, DownloadState.PAUSED);

        assertThat(store.update(paused, seen, Durability.DURABLE)).isFalse();
        assertThat(store.update(seen, paused, Durability.DURABLE)).isTrue();
        assertThat(store.get(seen.id())).contains(paused);
        assertThat(store.update(seen, paused, Durability.ORDERED)).isFalse();
        assertThat(store.update(Samples.queued(9), Samples.queued(9), Durability.ORDERED))
                .isFalse();
        assertThatThrownBy(() -> store.update(paused, Samples.queued(2), Durability.ORDERED))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void s4ARowAtRestThatCameBackToItsStateIsAnotherOne() {
        var seen = Samples.queued(1);
        Samples.add(store, seen);
        var paused = Samples.in(seen, DownloadState.PAUSED);
        var again = Samples.in(paused, DownloadState.QUEUED);
        store.update(seen, paused, Durability.ORDERED);
        store.update(paused, again, Durability.ORDERED);

        assertThat(store.update(seen, paused, Durability.ORDERED)).isFalse();
        assertThat(store.get(seen.id())).contains(again);
    }

    @Test
    void s4EveryClaimIsAVersionOfItsOwn() {
        Samples.add(store, Samples.queued(1));
        var at = Samples.START.minusSeconds(9);

        var first = store.claim(new Claim("a", Duration.ofMinutes(1), at, Set.of())).orElseThrow();
        store.recover("a", at);
        var second = store.claim(new Claim("a", Duration.ofMinutes(1), at, Set.of())).orElseThrow();

        assertThat(first.updated()).isAfter(Samples.START.plusSeconds(1));
        assertThat(second.updated()).isAfter(first.updated());
    }

    @Test
    void aRemovedRowIsGivenBackAndFoundNoMore() {
        var one = Samples.named(1, "song.flac");
        Samples.add(store, one, Samples.named(2, "other.flac"));

        assertThat(store.remove(one.id())).contains(one);
        assertThat(store.remove(one.id())).isEmpty();
        assertThat(store.get(one.id())).isEmpty();
        assertThat(store.list(DownloadQuery.ALL.withText("song")).total()).isZero();
        Samples.add(store, Samples.named(3, "song.flac"));
        assertThat(store.list(DownloadQuery.ALL.withText("song")).items())
                .extracting(Download::id)
                .containsExactly(Samples.id(3));
    }

    @Test
    void rowsAreFoundByTheBeginningOfTheirIdNewestFirst() {
        Samples.add(store, Samples.queued(1), Samples.queued(2), Samples.queued(11));

        assertThat(store.match("01JN", 2))
                .extracting(Download::id)
                .containsExactly(Samples.id(11), Samples.id(2));
        assertThat(store.match(Samples.id(2), 9)).extracting(Download::id).hasSize(1);
        assertThat(store.match("01JM", 9)).isEmpty();
        assertThat(store.match("%", 9)).isEmpty();
    }

    @Test
    void allRowsOfALinkAreFoundByItsCanonicalFormNewestFirst() {
        var canonical = "https://h/track/1";
        var short1 = Samples.queued(1, "h", "track_1");
        var named =
                short1.copy()
                        .source(new Source("track_1", canonical, "h", null, Trust.NETWORK))
                        .build();
        Samples.add(
                store,
                named,
                Samples.queued(2, "h", canonical),
                Samples.queued(3, "h", canonical + "0"),
                Samples.queued(4, "other", canonical));

        assertThat(store.withLink("h", canonical))
                .extracting(Download::id)
                .containsExactly(Samples.id(2), Samples.id(1));
        assertThat(store.withLink("h", "track_1")).isEmpty();
    }

    @Test
    void theNewestRowOfASourceIsFoundByState() {
        var key = new SourceKey("direct", "http://a/1");
        var one = keyed(1, key);
        var two = Samples.in(keyed(2, key), DownloadState.FAILED);
        Samples.add(store, one, two, Samples.queued(3));

        assertThat(store.find(key, Set.of(DownloadState.values()))).contains(two);
        assertThat(store.find(key, Set.of(DownloadState.QUEUED))).contains(one);
        assertThat(store.find(key, Set.of(DownloadState.PAUSED))).isEmpty();
        assertThat(store.find(new SourceKey("direct", "x"), Set.of(DownloadState.QUEUED)))
                .isEmpty();
    }

    @Test
    void whatWasWrittenIsThereAfterAReturn() throws InterruptedException {
        Samples.add(store, Samples.queued(1));
        store.update(
                Samples.queued(1),
                Samples.in(Samples.queued(1), DownloadState.PAUSED),
                Durability.ORDERED);
        store.close();

        store = Samples.open(folder);

        assertThat(store.get(Samples.id(1)).orElseThrow().state()).isEqualTo(DownloadState.PAUSED);
        assertThat(store.notices()).isEmpty();
    }

    private static Download keyed(int n, SourceKey key) {
        var download = Samples.queued(n);
        return download.copy().source(download.source().withKey(key)).build();
    }

    @Test
    void aMoveOfADownloadAtWorkTouchesNoIndexOfTheOrders() throws Exception {
        var path = folder.resolve("quiet");
        var day = Duration.ofDays(1);
        var quiet = new SqliteDownloadStore(path, 1, day, day, day);
        try {
            var rows = IntStream.range(0, 300).mapToObj(Samples::queued).toList();
            quiet.add(rows, (stored, wanted) -> stored, null);
            var begun = quiet.claim(new Claim("me", day, Samples.START, Set.of())).orElseThrow();
            var log = path.resolve("downloads.db-wal");
            var before = Files.size(log);

            quiet.update(begun, Samples.in(begun, DownloadState.DOWNLOADING), Durability.ORDERED);

            // The row, the index of those at work, and the count of each state.
            assertThat((Files.size(log) - before) / PAGE_IN_LOG).isEqualTo(3);
        } finally {
            quiet.close();
        }
    }
}
