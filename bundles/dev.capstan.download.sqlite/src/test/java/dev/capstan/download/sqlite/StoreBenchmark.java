package dev.capstan.download.sqlite;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.spi.DownloadStore.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Measures the numbers of Q10. Run as a main class; the argument is a folder on a real disk. */
public final class StoreBenchmark {
    private static final int ROWS = 100_000;

    private StoreBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory(Path.of(arguments[0]), "store");
        try {
            run(folder);
        } finally {
            delete(folder);
        }
    }

    private static void run(Path folder) throws Exception {
        var empty = openMillis(folder.resolve("empty"));
        tell(
                "open, new: %.1f ms; again, empty: %.1f ms",
                empty, openMillis(folder.resolve("empty")));
        bulk(folder.resolve("once"), ROWS);
        bulk(folder.resolve("thousands"), 1_000);
        oneByOne(folder.resolve("single"));
        var full = folder.resolve("thousands");
        for (var i = 0; i < 3; i++) {
            tell("open with %d rows: %.1f ms", ROWS, openMillis(full));
        }
        Files.delete(full.resolve("downloads.closed"));
        tell("open with %d rows, looked through: %.1f ms", ROWS, openMillis(full));
        var store = Samples.open(full);
        tell("Not indexed yet:");
        pages(store);
        awaitIndex(full);
        tell("Indexed:");
        pages(store);
        claims(store);
        pages(store);
        store.close();
        tell("database: %d MiB", Files.size(full.resolve("downloads.db")) >> 20);
    }

    private static void awaitIndex(Path folder) throws Exception {
        var begin = System.nanoTime();
        try (var session = new Database(folder).openReader()) {
            while (session.number("SELECT up_to FROM indexed") < ROWS) {
                Thread.sleep(10);
            }
        }
        tell("indexed after %.0f ms", millisSince(begin));
    }

    private static double openMillis(Path folder) throws Exception {
        var begin = System.nanoTime();
        var store = Samples.open(folder);
        store.counts();
        var millis = millisSince(begin);
        store.close();
        return millis;
    }

    private static void bulk(Path folder, int size) throws Exception {
        var downloads = Samples.many(ROWS, 1);
        var store = Samples.open(folder);
        store.counts();
        var begin = System.nanoTime();
        for (var from = 0; from < ROWS; from += size) {
            Samples.add(
                    store,
                    downloads.subList(from, Math.min(ROWS, from + size)).toArray(Download[]::new));
        }
        var millis = millisSince(begin);
        tell("bulk, %d at once: %.0f rows/s", size, ROWS / millis * 1000);
        store.close();
    }

    private static void oneByOne(Path folder) throws Exception {
        var count = 16_000;
        var downloads = Samples.many(count, 2);
        var store = Samples.open(folder);
        store.counts();
        var next = new AtomicInteger();
        var done = new CountDownLatch(16);
        var begin = System.nanoTime();
        for (var i = 0; i < 16; i++) {
            new Thread(
                            () -> {
                                for (var n = next.getAndIncrement();
                                        n < count;
                                        n = next.getAndIncrement()) {
                                    Samples.add(store, downloads.get(n));
                                }
                                done.countDown();
                            })
                    .start();
        }
        done.await();
        tell("16 callers, one by one: %.0f rows/s", count / millisSince(begin) * 1000);
        begin = System.nanoTime();
        for (var n = 0; n < 500; n++) {
            var seen = downloads.get(n);
            store.update(seen, Samples.in(seen, DownloadState.PAUSED), Durability.DURABLE);
        }
        tell("update, durable: %.3f ms each", millisSince(begin) / 500);
        begin = System.nanoTime();
        for (var n = 500; n < 1000; n++) {
            var seen = downloads.get(n);
            store.update(seen, Samples.in(seen, DownloadState.PAUSED), Durability.ORDERED);
        }
        tell("update, ordered: %.3f ms each", millisSince(begin) / 500);
        store.close();
    }

    private static void pages(SqliteDownloadStore store) {
        for (var sort : DownloadQuery.Sort.values()) {
            for (var descending : List.of(false, true)) {
                measure(
                        sort + (descending ? " descending" : ""),
                        store,
                        DownloadQuery.ALL.withSort(sort, descending));
            }
        }
        measure("failed, by name", store, in(DownloadState.FAILED, DownloadQuery.Sort.NAME));
        measure("completed, newest", store, in(DownloadState.COMPLETED, DownloadQuery.Sort.ADDED));
        for (var text :
                List.of(
                        "golden lost",
                        "http",
                        "example.org",
                        "1080P",
                        "s0",
                        "x=77777",
                        "no such")) {
            for (var sort : DownloadQuery.Sort.values()) {
                measure(
                        "text \"" + text + "\" by " + sort,
                        store,
                        DownloadQuery.ALL.withText(text).withSort(sort, true));
            }
            measure(
                    "text \"" + text + "\" and completed",
                    store,
                    in(DownloadState.COMPLETED, DownloadQuery.Sort.ADDED).withText(text));
        }
    }

    private static DownloadQuery in(DownloadState state, DownloadQuery.Sort sort) {
        return DownloadQuery.ALL.withStates(Set.of(state)).withSort(sort, true);
    }

    /** Times first pages and the pages in the middle of a walk. */
    private static void measure(String what, SqliteDownloadStore store, DownloadQuery query) {
        var times = new double[30];
        var page = store.list(query);
        for (var i = 0; i < times.length; i++) {
            var begin = System.nanoTime();
            page = store.list(query.from(page.next()));
            times[i] = millisSince(begin);
        }
        Arrays.sort(times);
        tell(
                "page, %s: median %.1f ms, worst %.1f ms (%d match)",
                what, times[times.length / 2], times[times.length - 1], page.total());
    }

    private static void claims(SqliteDownloadStore store) {
        var begin = System.nanoTime();
        var count = 10_000;
        for (var n = 0; n < count; n++) {
            var claimed = store.claim(Samples.claim("me")).orElseThrow();
            var end = n % 100 == 0 ? DownloadState.FAILED : DownloadState.COMPLETED;
            store.update(claimed, Samples.in(claimed, end), Durability.ORDERED);
        }
        tell("claim and end: %.3f ms each", millisSince(begin) / count);
        begin = System.nanoTime();
        for (var n = 0; n < 1000; n++) {
            store.claim(Samples.claim("me", "direct"));
        }
        tell("claim, host excepted: %.3f ms each", millisSince(begin) / 1000);
        tell("recover: %d", store.recover("me", Samples.START));
        tell("states: %s of %s", store.counts(), EnumSet.allOf(DownloadState.class).size());
    }

    private static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void tell(String format, Object... values) {
        System.out.println(format.formatted(values));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
