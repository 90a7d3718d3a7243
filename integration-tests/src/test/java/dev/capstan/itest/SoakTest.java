package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.itest.Control.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of downloads in one host, many of which go wrong, are paused, cancelled, tried again or
 * removed by chance, while bundles are updated under them: at the end it holds no more than it did
 * after the first tenth, and nothing is left of what did not become a file.
 */
class SoakTest {
    /** For how long, 1440 for a day; the short form has a number of rounds instead. */
    private static final long MINUTES = Long.getLong("capstan.soak.minutes", 0);

    private static final long SEED = Long.getLong("capstan.soak.seed", 1);
    private static final int ROUNDS = 5;
    private static final int FILES = 200;
    private static final int MOVES = 80;
    private static final int MOST_CONNECTIONS = 4;
    private static final int FEW = 4;
    private static final long MIB = 1 << 20;

    private static final List<String> BUNDLES =
            List.of(
                    "dev.capstan.host.direct",
                    "dev.capstan.transfer.http",
                    "dev.capstan.content.file",
                    "dev.capstan.download.sqlite");

    @TempDir Path root;
    private final Random random = new Random(SEED);

    private Control control;
    private int completed;
    private int failed;

    @Test
    void aHostHoldsNoMoreAtTheEndThanInTheBeginning() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "skipped: there is no /proc");
        var capstan = new Capstan(root);
        control = new Control(capstan.data(), capstan.folder());
        try (var host =
                capstan.startHost(
                        "--set", "dev.capstan.transfer.http:idleTimeoutMs=500",
                        "--set", "dev.capstan.transfer.http:attempts=2",
                        "--set", "dev.capstan.download.provider:maxRetries=0",
                        "--set", "dev.capstan.download.provider:maxConcurrent=32",
                        "--set", "dev.capstan.content.file:maxItems=40")) {
            var pid = host.process().pid();
            var first = Vitals.NONE;
            for (var round = 1; progress(round - 1, host) < 1; round++) {
                round(round);
                if (first == Vitals.NONE && progress(round, host) >= 0.1) {
                    first = Vitals.of(pid);
                }
            }
            var last = Vitals.of(pid);

            System.out.printf(
                    "Seed %d: %d completed, %d failed; %s became %s%n",
                    SEED, completed, failed, first, last);
            assertThat(last.heap()).isLessThan(first.heap() + first.heap() / 10 + MIB);
            awaitAtMost(first, pid);
            assertThat(filesBelow(capstan.data().resolve("staging"))).isEmpty();
            assertThat(host.terminate().exit()).isZero();
        }
    }

    private static double progress(int rounds, Capstan.Running host) {
        return MINUTES == 0
                ? (double) rounds / ROUNDS
                : (double) (System.nanoTime() - host.since()) / TimeUnit.MINUTES.toNanos(MINUTES);
    }

    /** Pools let threads go a while after the work is done. */
    private static void awaitAtMost(Vitals first, long pid) throws Exception {
        Capstan.await(
                "no more threads and handles than in the beginning",
                () ->
                        Vitals.threads(pid) <= first.threads()
                                && Vitals.handles(pid) <= first.handles() + FEW);
    }

    /** Many files at once, moved about until all have ended. */
    private void round(int number) throws Exception {
        try (var origin = new SoakOrigin(FILES, random)) {
            var digests = new HashMap<String, String>();
            for (var item : origin.items()) {
                digests.put(item.link(), item.digest());
            }
            add(origin.items());
            for (var move = 0; move < MOVES; move++) {
                moveOne();
                if (move == MOVES / 2) {
                    control.done("features", "update", BUNDLES.get(number % BUNDLES.size()));
                }
            }
            control.call("resume", "--all");
            Capstan.await("the end of all", () -> open().isEmpty());
            var rows = control.list();
            for (var row : rows) {
                check(row, digests);
            }
            control.done(words("rm --files", rows.stream().map(Row::id)));
        }
    }

    private void add(List<SoakOrigin.Item> items) throws IOException {
        var unpromised = items.stream().filter(item -> item.promise() == null).toList();
        for (var i = 0; i < MOST_CONNECTIONS; i++) {
            var some = unpromised.subList(part(unpromised, i), part(unpromised, i + 1));
            control.done(words("add -x " + (i + 1), some.stream().map(SoakOrigin.Item::link)));
        }
        for (var item : items) {
            if (item.promise() != null) {
                control.add("--checksum", "sha-256=" + item.promise(), item.link());
            }
        }
    }

    private static int part(List<?> items, int number) {
        return number * items.size() / MOST_CONNECTIONS;
    }

    private void moveOne() throws IOException {
        var rows = control.list();
        var row = rows.get(random.nextInt(rows.size()));
        var verb =
                switch (row.state()) {
                    case "PAUSED" -> "resume";
                    case "COMPLETED", "FAILED", "CANCELLED" ->
                            random.nextInt(4) == 0 ? "rm" : "retry";
                    default -> random.nextInt(3) == 0 ? "cancel" : "pause";
                };
        // It may have ended since it was looked at, and is refused then.
        control.call(verb, row.id());
    }

    private String open() {
        try {
            return control.done("ls", "--json", "-s", "queued,starting,downloading,paused");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void check(Row row, Map<String, String> digests) throws Exception {
        var digest = digests.get(row.link());
        switch (row.state()) {
            case "COMPLETED" -> {
                completed++;
                assertThat(sha256(Path.of(row.path()))).as(row.json()).isEqualTo(digest);
            }
            case "FAILED" -> {
                failed++;
                assertThat(digest).as(row.json()).isNull();
            }
            default -> assertThat(row.state()).isEqualTo("CANCELLED");
        }
    }

    private static String[] words(String call, Stream<String> more) {
        return Stream.concat(Stream.of(call.split(" ")), more).toArray(String[]::new);
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
