package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S1, S3: a process that is killed while it adds. */
class CrashTest {
    private static final int BLOCK = 5;

    @TempDir Path folder;

    @Test
    void s3EveryAcknowledgedAddIsThereAfterAKillAndNoHalfOfAny() throws Exception {
        var acknowledged = new ArrayList<Integer>();
        for (var round = 0; round < 4; round++) {
            acknowledged.addAll(addUntilKilled(round, 40 + 30 * round));

            var store = Samples.open(folder);
            assertThat(store.notices()).isEmpty();
            for (var block : acknowledged) {
                assertThat(store.get(Samples.id(block * BLOCK))).isPresent();
            }
            assertThat(store.list(DownloadQuery.ALL).total() % BLOCK).isZero();
            assertThat(store.counts().get(DownloadState.QUEUED))
                    .isEqualTo(store.list(DownloadQuery.ALL.withText("https")).total());
            store.close();
        }
    }

    /** Blocks of which a child said that they were added, before it was killed. */
    private List<Integer> addUntilKilled(int round, int enough) throws Exception {
        var child =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Child.class.getName(),
                                folder.toString(),
                                String.valueOf(round))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var told = new ArrayList<Integer>();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                // A line may be cut by the kill.
                if (line.endsWith(".")) {
                    told.add(Integer.valueOf(line.substring(0, line.length() - 1)));
                }
                if (told.size() == enough) {
                    // The handle leaves the pipe open: what was told before is still read.
                    child.toHandle().destroyForcibly();
                }
            }
        }
        child.waitFor();
        assertThat(told).hasSizeGreaterThanOrEqualTo(enough);
        return told;
    }

    /** Adds blocks of downloads from several threads and tells each one that was acknowledged. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            var store = Samples.open(Path.of(arguments[0]));
            var next = new AtomicInteger(Integer.parseInt(arguments[1]) * 1_000_000 / BLOCK);
            for (var i = 0; i < 4; i++) {
                new Thread(() -> addForever(store, next)).start();
            }
        }

        private static void addForever(SqliteDownloadStore store, AtomicInteger next) {
            while (true) {
                var block = next.getAndIncrement();
                var downloads = new Download[BLOCK];
                for (var i = 0; i < BLOCK; i++) {
                    downloads[i] = Samples.queued(block * BLOCK + i);
                }
                Samples.add(store, downloads);
                synchronized (System.out) {
                    System.out.println(block + ".");
                }
            }
        }
    }
}
