package dev.capstan.tck.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.download.Trust;
import dev.capstan.download.spi.Claim;
import dev.capstan.download.spi.DownloadStore;
import dev.capstan.download.spi.DownloadStore.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clauses S1 to S7 of {@link DownloadStore}, to be inherited by the test of a store. The
 * subclass has a constructor without parameters: a process that is killed makes it, too.
 */
@Timeout(120)
public abstract class DownloadStoreContract {
    private static final Instant START = Instant.parse("2025-03-01T08:00:00.123456789Z");
    private static final int BLOCK = 5;

    /** Where the store of a test is. */
    @TempDir protected Path folder;

    /** Makes a suite. */
    protected DownloadStoreContract() {}

    /**
     * Opens a store; of one folder, several may be open (Q8).
     *
     * @param where an existing folder of its own, or of a store that was closed or killed
     * @return the store
     * @throws Exception if it cannot be opened
     */
    protected abstract DownloadStore open(Path where) throws Exception;

    /**
     * Closes a store.
     *
     * @param store one that {@link #open} gave
     * @throws Exception if it cannot be closed
     */
    protected abstract void close(DownloadStore store) throws Exception;

    private interface Use {
        void of(DownloadStore store) throws Exception;
    }

    private void withStore(Use use) throws Exception {
        var store = open(folder);
        try {
            use.of(store);
        } finally {
            close(store);
        }
    }

    @Test
    @DisplayName("S1, S3: killed at any write, every acknowledged one is there and no half of any")
    void killedWhileWriting() throws Exception {
        var acknowledged = new ArrayList<Integer>();
        for (var round = 0; round < 3; round++) {
            Victim.killedAfter(
                            Adding.class,
                            20 + 30 * round,
                            getClass().getName(),
                            folder.toString(),
                            String.valueOf(round))
                    .forEach(line -> acknowledged.add(Integer.valueOf(line)));

            withStore(
                    store -> {
                        assertEquals(List.of(), store.notices());
                        for (var block : acknowledged) {
                            for (var i = 0; i < BLOCK; i++) {
                                var id = id(block * BLOCK + i);
                                assertTrue(store.get(id).isPresent(), id);
                            }
                        }
                        var total = store.list(DownloadQuery.ALL).total();
                        assertEquals(0, total % BLOCK, "blocks are there whole");
                        assertEquals(total, store.counts().get(DownloadState.QUEUED), "S7");
                    });
        }
    }

    /** Adds blocks of rows from several threads and says each that was acknowledged. */
    static final class Adding {
        private Adding() {}

        /**
         * Runs until it is killed.
         *
         * @param arguments the suite, the folder, and which round it is
         * @throws Exception if the store cannot be opened
         */
        public static void main(String[] arguments) throws Exception {
            var suite = Victim.suite(DownloadStoreContract.class, arguments[0]);
            var store = suite.open(Path.of(arguments[1]));
            var next = new AtomicInteger(Integer.parseInt(arguments[2]) * 100_000);
            for (var i = 0; i < 4; i++) {
                new Thread(() -> addForever(store, next)).start();
            }
        }

        private static void addForever(DownloadStore store, AtomicInteger next) {
            while (true) {
                var block = next.getAndIncrement();
                var rows = new ArrayList<Download>();
                for (var i = 0; i < BLOCK; i++) {
                    rows.add(row(block * BLOCK + i));
                }
                store.add(rows, (stored, wanted) -> wanted, null);
                Victim.say(String.valueOf(block));
            }
        }
    }

    @Test
    @DisplayName("S1, S3: what lies on the disk after each single write is all that was written")
    void cutAfterEveryWrite() throws Exception {
        var where = Files.createDirectory(folder.resolve("whole"));
        var expected = new LinkedHashMap<Path, Map<String, DownloadState>>();
        var states = new TreeMap<String, DownloadState>();
        var store = open(where);
        try {
            for (var n = 0; n < 15; n++) {
                switch (n % 5) {
                    case 0, 1 -> {
                        add(store, row(n));
                        states.put(id(n), DownloadState.QUEUED);
                    }
                    case 2 -> {
                        var paused = in(row(n - 2), DownloadState.PAUSED);
                        assertTrue(store.update(row(n - 2), paused, DURABLE));
                        states.put(id(n - 2), DownloadState.PAUSED);
                    }
                    case 3 -> {
                        var claimed = store.claim(claim("one")).orElseThrow();
                        states.put(claimed.id(), DownloadState.STARTING);
                    }
                    default -> {
                        store.remove(id(n - 4));
                        states.remove(id(n - 4));
                    }
                }
                expected.put(Cut.of(where, folder.resolve("cut-" + n)), new TreeMap<>(states));
            }
        } finally {
            close(store);
        }
        for (var cut : expected.entrySet()) {
            var opened = open(cut.getKey());
            try {
                assertEquals(List.of(), opened.notices());
                var found = new TreeMap<String, DownloadState>();
                for (var row : opened.list(DownloadQuery.ALL.withLimit(100)).items()) {
                    found.put(row.id(), row.state());
                }
                assertEquals(cut.getValue(), found, () -> "after " + cut.getKey());
            } finally {
                close(opened);
            }
        }
    }

    @Test
    @DisplayName("S2: writes take effect in the order of their calls")
    void writesAreInOrder() throws Exception {
        withStore(
                store -> {
                    var row = row(1);
                    add(store, row);
                    for (var i = 1; i <= 200; i++) {
                        var next =
                                row.copy()
                                        .metrics(new Metrics(i, 0, 0, 0))
                                        .updated(row.updated().plusSeconds(1))
                                        .build();
                        var durability = i % 50 == 0 ? Durability.DURABLE : Durability.ORDERED;
                        assertTrue(store.update(row, next, durability), "write " + i);
                        row = next;
                    }
                    assertEquals(Optional.of(row), store.get(row.id()));
                });
    }

    @Test
    @DisplayName("S3: what fails in the middle leaves nothing")
    void failureLeavesNothing() throws Exception {
        withStore(
                store -> {
                    var one = row(1);
                    var same = row(2).copy().source(one.source()).build();

                    assertThrows(
                            IllegalStateException.class,
                            () ->
                                    store.add(
                                            List.of(one, same),
                                            (stored, wanted) -> {
                                                throw new IllegalStateException("no");
                                            },
                                            null));

                    assertEquals(Optional.empty(), store.get(one.id()));
                    assertEquals(0, store.list(DownloadQuery.ALL).total());
                    assertEquals(0, store.counts().getOrDefault(DownloadState.QUEUED, 0L));
                });
    }

    @Test
    @DisplayName("S4: an update changes a row only as the caller saw it")
    void updateIsComparedAndSet() throws Exception {
        withStore(
                store -> {
                    var seen = row(1);
                    add(store, seen);
                    var paused = in(seen, DownloadState.PAUSED);
                    var again = in(paused, DownloadState.QUEUED);

                    assertFalse(store.update(paused, again, Durability.DURABLE));
                    assertTrue(store.update(seen, paused, Durability.DURABLE));
                    assertFalse(store.update(seen, paused, Durability.ORDERED));
                    assertTrue(store.update(paused, again, Durability.DURABLE));
                    assertFalse(store.update(seen, paused, Durability.ORDERED), "it came back");
                    assertFalse(store.update(row(9), in(row(9), DownloadState.PAUSED), DURABLE));
                    assertEquals(Optional.of(again), store.get(seen.id()));
                });
    }

    private static final Durability DURABLE = Durability.DURABLE;

    @Test
    @DisplayName("S4: every claim is a version of its own")
    void claimsAreVersions() throws Exception {
        withStore(
                store -> {
                    add(store, row(1));

                    var first = store.claim(claim("a")).orElseThrow();
                    store.recover("a", START);
                    var second = store.claim(claim("a")).orElseThrow();

                    assertTrue(first.updated().isAfter(row(1).updated()));
                    assertTrue(second.updated().isAfter(first.updated()));
                });
    }

    @Test
    @DisplayName("S5: two hosts on one store never claim a row twice")
    void claimsExclude() throws Exception {
        var rounds = 50;
        var one = open(folder);
        var two = open(folder);
        var pool = Executors.newFixedThreadPool(2);
        try {
            for (var n = 0; n < 2 * rounds; n++) {
                add(one, row(n));
            }
            var ids = new HashSet<String>();
            var together = new CyclicBarrier(2);
            for (var round = 0; round < rounds; round++) {
                var claims =
                        pool.invokeAll(
                                List.<Callable<Download>>of(
                                        () -> claimTogether(together, one, "one"),
                                        () -> claimTogether(together, two, "two")));
                for (var claim : claims) {
                    assertEquals(DownloadState.STARTING, claim.get().status().state());
                    assertTrue(ids.add(claim.get().id()), "claimed twice: " + claim.get().id());
                }
            }
            assertEquals(2L * rounds, one.counts().get(DownloadState.STARTING));
            assertEquals(Optional.empty(), one.claim(claim("one")));
        } finally {
            pool.shutdownNow();
            close(two);
            close(one);
        }
    }

    private static Download claimTogether(CyclicBarrier together, DownloadStore store, String owner)
            throws Exception {
        together.await();
        return store.claim(claim(owner)).orElseThrow();
    }

    @Test
    @DisplayName("S6: a walk under change neither loses nor doubles rows that keep their sort key")
    void walkUnderChange() throws Exception {
        withStore(
                store -> {
                    for (var n = 0; n < 100; n++) {
                        add(store, row(2 * n));
                    }
                    var walked = new ArrayList<String>();
                    @Nullable String cursor = null;
                    var added = 0;
                    do {
                        var page = store.list(DownloadQuery.ALL.withLimit(7).from(cursor));
                        page.items().forEach(row -> walked.add(row.id()));
                        cursor = page.next();
                        store.remove(walked.get(walked.size() - 1));
                        add(store, row(2 * added++ + 1));
                    } while (cursor != null);

                    assertEquals(new HashSet<>(walked).size(), walked.size(), "no row twice");
                    for (var n = 0; n < 100; n++) {
                        assertTrue(walked.contains(id(2 * n)), "lost: " + n);
                    }
                });
    }

    @Test
    @DisplayName("S7: counts follow every write, also over a restart")
    void countsFollow() throws Exception {
        withStore(
                store -> {
                    for (var n = 0; n < 10; n++) {
                        add(store, row(n));
                    }
                    store.update(row(0), in(row(0), DownloadState.PAUSED), DURABLE);
                    store.claim(claim("one"));
                    store.remove(id(9));
                });
        withStore(
                store -> {
                    assertEquals(7, store.counts().get(DownloadState.QUEUED));
                    assertEquals(1, store.counts().get(DownloadState.PAUSED));
                    assertEquals(1, store.counts().get(DownloadState.STARTING));
                    assertEquals(9, store.list(DownloadQuery.ALL).total());
                });
    }

    private static void add(DownloadStore store, Download row) {
        store.add(List.of(row), (stored, wanted) -> wanted, null);
    }

    private static String id(int n) {
        return "01JN%022d".formatted(n);
    }

    /** Queued, each a second younger than the one before. */
    private static Download row(int n) {
        var link = "https://files.example.org/" + n;
        return new Download(
                id(n),
                Download.Kind.FILE,
                new Source(link, link, "direct", null, Trust.NETWORK),
                Target.UNKNOWN,
                DownloadOptions.DEFAULT,
                null,
                Status.NEW,
                Metrics.NONE,
                Set.of(),
                null,
                Map.of(),
                null,
                0,
                0,
                START.plusSeconds(n),
                START.plusSeconds(n),
                null);
    }

    private static Download in(Download row, DownloadState state) {
        return row.copy()
                .status(row.status().with(state, Phase.NONE, null))
                .updated(row.updated().plusSeconds(1))
                .build();
    }

    private static Claim claim(String owner) {
        return new Claim(owner, Duration.ofMinutes(1), START.plus(Duration.ofDays(30)), Set.of());
    }
}
