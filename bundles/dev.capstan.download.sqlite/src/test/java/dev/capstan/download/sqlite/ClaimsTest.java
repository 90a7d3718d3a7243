package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.spi.Claim;
import dev.capstan.download.spi.DownloadStore.Durability;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

class ClaimsTest {
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
    void q7RowsAreClaimedByPriorityThenPositionThenAge() {
        var old = Samples.queued(1);
        var young = Samples.queued(2);
        var ahead = Samples.queued(3).copy().position(-1).build();
        var urgent = Samples.queued(4, "other", "x:4").copy().priority(5).position(9).build();
        var lazy = Samples.queued(5).copy().priority(-1).build();
        Samples.add(store, lazy, young, old, ahead, urgent);

        assertThat(claimAll("me"))
                .extracting(Download::id)
                .containsExactly(urgent.id(), ahead.id(), old.id(), young.id(), lazy.id());
    }

    @Test
    void aClaimedRowIsStarting() {
        Samples.add(store, Samples.queued(1));

        var claimed = store.claim(Samples.claim("me")).orElseThrow();

        assertThat(claimed.state()).isEqualTo(DownloadState.STARTING);
        assertThat(claimed.status().phase()).isEqualTo(Phase.RESOLVING);
        assertThat(store.get(claimed.id())).contains(claimed);
        assertThat(store.claim(Samples.claim("me"))).isEmpty();
    }

    @Test
    void q7ARowThatWaitsIsClaimedOnceItsTimeHasCome() {
        var now = Samples.START;
        Samples.add(
                store,
                Samples.waiting(Samples.queued(1), now.plusSeconds(60)),
                Samples.waiting(Samples.queued(2).copy().priority(1).build(), now.plusSeconds(90)));

        assertThat(store.claim(at(now))).isEmpty();
        assertThat(store.nextDue(now)).contains(now.plusSeconds(60));
        assertThat(store.nextDue(now.plusSeconds(60))).contains(now.plusSeconds(90));
        assertThat(store.nextDue(now.plusSeconds(90))).isEmpty();
        assertThat(store.claim(at(now.plusNanos(59_999_999_999L)))).isEmpty();

        var first = store.claim(at(now.plusSeconds(60))).orElseThrow();
        assertThat(first.id()).isEqualTo(Samples.id(1));
        assertThat(first.status().waitUntil()).isNull();
        assertThat(store.claim(at(now.plusSeconds(90))).map(Download::id)).contains(Samples.id(2));
    }

    @Test
    void s5_severalAreClaimedAtOnceInTheirOrderAndNoMoreThanThereAre() {
        Samples.add(
                store,
                Samples.queued(1, "b", "https://b.example/1"),
                Samples.queued(2, "a", "https://a.example/2"),
                Samples.queued(3).copy().priority(1).build(),
                Samples.queued(4));

        var first = store.claim(Samples.claim("me"), 3);
        var rest = store.claim(Samples.claim("they"), 3);

        assertThat(first)
                .extracting(Download::id)
                .containsExactly(Samples.id(3), Samples.id(1), Samples.id(2));
        assertThat(rest).extracting(Download::id).containsExactly(Samples.id(4));
        assertThat(first).allMatch(row -> row.state() == DownloadState.STARTING);
        assertThat(store.claim(Samples.claim("me"), 3)).isEmpty();
    }

    @Test
    void q7_aRowWhoseTimeHadComeWaitsForAnotherTime() {
        var now = Samples.START;
        var late = now.plusSeconds(90);
        var row = Samples.waiting(Samples.queued(1, "away", "https://a.example/1"), now);
        Samples.add(store, row);
        assertThat(store.claim(Samples.claim("me", "away"))).as("its time was seen").isEmpty();

        var next = Samples.waiting(row, late).copy().updatedAfter(row.updated()).build();
        assertThat(store.update(row, next, Durability.ORDERED)).isTrue();

        assertThat(store.nextDue(now)).contains(late);
        assertThat(store.claim(at(late.minusNanos(1)))).isEmpty();
        assertThat(store.claim(at(late))).isPresent();
    }

    @Test
    void aClockThatGoesBackMakesARowWaitAgain() {
        var now = Samples.START;
        Samples.add(
                store,
                Samples.waiting(Samples.queued(1), now),
                Samples.waiting(Samples.queued(2), now));
        assertThat(store.claim(at(now))).isPresent();

        assertThat(store.claim(at(now.minusSeconds(1)))).isEmpty();
        assertThat(store.claim(at(now))).isPresent();
    }

    @Test
    void aRowIsClaimedOutOfItsTurnAlsoBeforeItsTime() {
        var claim = Samples.claim("me");
        var waits = Samples.waiting(Samples.queued(2), claim.now().plusSeconds(100));
        Samples.add(store, Samples.queued(1), waits, Samples.queued(3, "away", "x:3"));

        assertThat(store.claim(waits.id(), claim).orElseThrow().state())
                .isEqualTo(DownloadState.STARTING);

        assertThat(store.claim(waits.id(), claim)).isEmpty();
        assertThat(store.claim("nobody", claim)).isEmpty();
        assertThat(store.claim(Samples.id(3), Samples.claim("me", "away"))).isEmpty();
        assertThat(claimAll("me")).extracting(Download::id).doesNotContain(waits.id());
        assertThat(store.recover("me", claim.now())).isEqualTo(3);
        assertThat(store.claim(waits.id(), claim)).isPresent();
    }

    @Test
    void rowsOfExceptedHostsStay() {
        Samples.add(store, Samples.queued(1, "a", "a:1"), Samples.queued(2, "b", "b:1"));
        assertThat(store.queuedHosts()).containsExactlyInAnyOrder("a", "b");

        assertThat(store.claim(Samples.claim("me", "a")).map(Download::id)).contains(Samples.id(2));
        assertThat(store.claim(Samples.claim("me", "a"))).isEmpty();
        assertThat(store.queuedHosts()).containsExactly("a");
        assertThat(store.claim(Samples.claim("me", "a", "b"))).isEmpty();
    }

    @Test
    void q2RecoveryGivesBackOwnRowsAndThoseWhoseLeaseHasEnded() {
        Samples.add(store, Samples.queued(1), Samples.queued(2), Samples.queued(3));
        var now = Samples.START.plus(Duration.ofDays(30));
        var mine = store.claim(Samples.claim("me")).orElseThrow();
        store.update(mine, Samples.in(mine, DownloadState.DOWNLOADING), Durability.ORDERED);
        var theirs = store.claim(Samples.claim("they")).orElseThrow();

        assertThat(store.recover("nobody", now)).isZero();
        assertThat(store.recover("me", now)).isEqualTo(1);
        var back = store.get(mine.id()).orElseThrow();
        assertThat(back.state()).isEqualTo(DownloadState.QUEUED);
        assertThat(back.status().phase()).isEqualTo(Phase.NONE);

        store.renew("they", now.plus(Duration.ofMinutes(5)));
        assertThat(store.recover("me", now.plus(Duration.ofMinutes(4)))).isZero();
        assertThat(store.recover("me", now.plus(Duration.ofMinutes(5)))).isEqualTo(1);
        assertThat(store.get(theirs.id()).orElseThrow().state()).isEqualTo(DownloadState.QUEUED);
    }

    @Test
    void s5TwoHostsOnOneStoreNeverClaimARowTwice() throws Exception {
        var rounds = 150;
        var downloads = new ArrayList<Download>();
        for (var n = 0; n < 2 * rounds; n++) {
            downloads.add(Samples.queued(n, "host" + n % 3, "x:" + n));
        }
        store.add(downloads, (stored, wanted) -> stored, null);
        var other = Samples.open(folder);
        var pool = Executors.newFixedThreadPool(2);
        try {
            var ids = new HashSet<String>();
            var together = new CyclicBarrier(2);
            for (var round = 0; round < rounds; round++) {
                var claims =
                        pool.invokeAll(
                                List.<Callable<String>>of(
                                        () -> claimTogether(together, store, "one"),
                                        () -> claimTogether(together, other, "two")));
                for (var claim : claims) {
                    assertThat(ids.add(claim.get())).isTrue();
                }
            }
        } finally {
            pool.shutdown();
            other.close();
        }
        assertThat(store.counts().get(DownloadState.STARTING)).isEqualTo(2 * rounds);
    }

    private static String claimTogether(
            CyclicBarrier together, SqliteDownloadStore store, String owner) throws Exception {
        together.await();
        return store.claim(Samples.claim(owner)).orElseThrow().id();
    }

    @Test
    void theCostOfAClaimDoesNotGrowWithRowsThatAreExceptedOrWait() throws Exception {
        Samples.add(store, Samples.queued(1, "a", "a:1"), Samples.queued(2, "b", "b:1"));
        var before = stepsOfAClaim();
        var later = Samples.START.plus(Duration.ofDays(300));
        var downloads = new ArrayList<Download>();
        for (var n = 10; n < 3_000; n++) {
            downloads.add(Samples.queued(n, "a", "a:" + n));
            downloads.add(Samples.waiting(Samples.queued(n + 5_000, "b", "b:" + n), later));
        }
        store.add(downloads, (stored, wanted) -> stored, null);

        assertThat(stepsOfAClaim()).isLessThan(before + 50);
    }

    /** Counts what SQLite's machine does for a claim with host "a" excepted, and undoes it. */
    private long stepsOfAClaim() throws SQLException {
        var source = new SQLiteDataSource(new SQLiteConfig());
        source.setUrl("jdbc:sqlite:" + folder.resolve("downloads.db").toUri());
        var steps = new AtomicLong();
        try (var connection = source.getConnection();
                var session = new Session(connection)) {
            ProgressHandler.setHandler(
                    connection,
                    1,
                    new ProgressHandler() {
                        @Override
                        protected int progress() {
                            steps.incrementAndGet();
                            return 0;
                        }
                    });
            session.run("BEGIN IMMEDIATE");
            assertThat(Claims.claim(session, Samples.claim("me", "a"), 1)).hasSize(1);
            session.rollBack();
            ProgressHandler.clearHandler(connection);
        }
        return steps.get();
    }

    private static Claim at(Instant now) {
        return new Claim("me", Duration.ofMinutes(1), now, Set.of());
    }

    private List<Download> claimAll(String owner) {
        var claimed = new ArrayList<Download>();
        for (var next = store.claim(Samples.claim(owner));
                next.isPresent();
                next = store.claim(Samples.claim(owner))) {
            claimed.add(next.get());
        }
        assertThat(store.claim(Samples.claim(owner))).isEqualTo(Optional.empty());
        return claimed;
    }
}
