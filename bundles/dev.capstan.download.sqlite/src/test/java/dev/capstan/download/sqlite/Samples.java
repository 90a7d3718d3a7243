package dev.capstan.download.sqlite;

import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Status;
import dev.capstan.download.Target;
import dev.capstan.download.Trust;
import dev.capstan.download.spi.Claim;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Downloads to store. */
final class Samples {
    static final Instant START = Instant.parse("2025-03-01T08:00:00.123456789Z");

    private static final String[] WORDS =
            ("love night river blue shadow dream fire wind stone summer winter golden lost city"
                            + " light road home heart song moon")
                    .split(" ");

    private Samples() {}

    static SqliteDownloadStore open(Path folder) {
        return new SqliteDownloadStore(
                folder, 3, Duration.ofSeconds(1), Duration.ofDays(1), Duration.ofDays(1));
    }

    /** The n-th download: QUEUED, of host "direct", a second younger than the one before. */
    static Download queued(int n) {
        return queued(n, "direct", "https://files.example.org/" + n + "/file-" + n + ".bin");
    }

    static Download queued(int n, String host, String link) {
        return new Download(
                id(n),
                Download.Kind.FILE,
                new Source(link, link, host, null, Trust.NETWORK),
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

    static String id(int n) {
        return "01JN%022d".formatted(n);
    }

    static Download named(int n, String name) {
        var download = queued(n);
        return download.copy().target(download.target().withName(name)).build();
    }

    static Download in(Download download, DownloadState state) {
        return download.copy()
                .status(download.status().with(state, Phase.NONE, null))
                .updated(download.updated().plusSeconds(1))
                .build();
    }

    static Download waiting(Download download, Instant until) {
        var status = download.status().with(DownloadState.QUEUED, Phase.RETRY_WAIT, "later");
        return download.copy().status(status.withWaitUntil(until)).build();
    }

    static Download member(Download download, BatchRef batch) {
        return download.copy().batch(batch).build();
    }

    static Claim claim(String owner, String... exceptHosts) {
        return new Claim(
                owner, Duration.ofMinutes(1), START.plus(Duration.ofDays(30)), Set.of(exceptHosts));
    }

    /** Adds rows that nothing stored is like. */
    static void add(SqliteDownloadStore store, Download... downloads) {
        store.add(List.of(downloads), (stored, wanted) -> wanted, null);
    }

    /** Downloads as a queue has them: names, sizes and links that differ. */
    static List<Download> many(int count, long seed) {
        var random = new Random(seed);
        var downloads = new ArrayList<Download>(count);
        for (var n = 0; n < count; n++) {
            var name =
                    "%s %s %s s%02de%02d 1080p.mkv"
                            .formatted(word(random), word(random), word(random), n % 30, n % 24);
            var link =
                    "https://cdn%d.example.org/files/%016x/%s?x=%d"
                            .formatted(n % 50, random.nextLong(), name.replace(' ', '.'), n);
            var download = queued(n, "direct", link);
            downloads.add(
                    download.copy()
                            .target(download.target().withName(name))
                            .metrics(new Metrics(random.nextLong(1L << 33), 0, 0, 0))
                            .build());
        }
        return downloads;
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }
}
