package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.health.HealthCheck.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S10 on a small volume of its own; needs to be allowed to mount one. */
class VolumeTest {
    @TempDir Path temporary;
    private Path volume;
    private Path folder;

    @BeforeEach
    void mount() throws Exception {
        volume = Files.createDirectory(temporary.resolve("volume"));
        folder = volume.resolve("db");
        var options = "size=8m";
        assumeTrue(
                isDone("mount", "-t", "tmpfs", "-o", options, "tmpfs", volume.toString()),
                "skipped: only root can mount a small volume");
    }

    @AfterEach
    void unmount() throws Exception {
        isDone("umount", "-l", volume.toString());
    }

    @Test
    void onAFullVolumeNothingIsHalfDoneAndWritesGoOnWhenThereIsSpace() throws Exception {
        var store = Samples.open(folder);
        var row = Samples.queued(1);
        Samples.add(store, row);
        var filler = fill();

        var added = addUntilFull(store);

        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(added + 1);
        assertThat(store.list(DownloadQuery.ALL.withText("https")).total()).isEqualTo(added + 1);
        assertThat(store.counts().get(DownloadState.QUEUED)).isEqualTo(added + 1);
        assertThat(store.check(true)).extracting(Finding::level).contains(Level.WARNING);

        Files.delete(filler);
        Samples.add(store, Samples.queued(900_000));
        assertThat(store.update(row, Samples.in(row, DownloadState.PAUSED), Durability.DURABLE))
                .isTrue();
        store.close();
        var again = Samples.open(folder);
        assertThat(again.list(DownloadQuery.ALL).total()).isEqualTo(added + 2);
        assertThat(again.check(true)).first().extracting(Finding::level).isEqualTo(Level.OK);
        again.close();
    }

    @Test
    void aStoreThatStartsOnAFullVolumeWorksOnceThereIsSpace() throws Exception {
        var filler = fill();
        var store = Samples.open(folder);

        assertFails(StoreException.Reason.DISK_FULL, () -> Samples.add(store, Samples.queued(1)));
        assertFails(StoreException.Reason.DISK_FULL, store::counts);
        assertThat(store.notices()).singleElement().asString().contains("no space");

        Files.delete(filler);
        Samples.add(store, Samples.queued(1));
        assertThat(store.get(Samples.id(1))).isPresent();
        assertThat(store.notices()).isEmpty();
        store.close();
    }

    @Test
    void aStoreThatStartsOnAReadOnlyVolumeWorksOnceItCanBeWritten() throws Exception {
        var first = Samples.open(folder);
        Samples.add(first, Samples.queued(1));
        first.close();
        assertThat(isDone("mount", "-o", "remount,ro", volume.toString())).isTrue();
        var store = Samples.open(folder);

        assertFails(StoreException.Reason.IO, () -> Samples.add(store, Samples.queued(2)));
        assertThat(store.check(false)).extracting(Finding::level).containsExactly(Level.FAILED);

        assertThat(isDone("mount", "-o", "remount,rw", volume.toString())).isTrue();
        Samples.add(store, Samples.queued(2));
        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(2);
        assertThat(store.notices()).isEmpty();
        store.close();
    }

    /** Adds blocks, then single rows, until there is no space; tells how many rows were taken. */
    private static long addUntilFull(SqliteDownloadStore store) {
        var added = 0L;
        var n = 100;
        for (var block : List.of(200, 1)) {
            while (true) {
                var downloads = new Download[block];
                for (var i = 0; i < block; i++) {
                    downloads[i] = Samples.queued(n++);
                }
                try {
                    Samples.add(store, downloads);
                } catch (StoreException e) {
                    assertThat(e.reason()).isEqualTo(StoreException.Reason.DISK_FULL);
                    break;
                }
                added += block;
            }
        }
        return added;
    }

    private static void assertFails(StoreException.Reason reason, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** Leaves no byte free. */
    private Path fill() throws IOException {
        var filler = volume.resolve("filler");
        try (var out = Files.newOutputStream(filler)) {
            var block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
