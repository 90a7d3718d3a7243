package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** H2a: the store comes and goes in a running process. */
class LifecycleTest {
    @TempDir Path folder;

    @Test
    void aClosedStoreRefusesEachCall() throws InterruptedException {
        var store = Samples.open(folder);
        store.counts();
        store.close();

        for (var call :
                List.<Runnable>of(
                        store::counts,
                        () -> store.get("x"),
                        () -> store.list(DownloadQuery.ALL),
                        () -> store.remove("x"),
                        () -> Samples.add(store, Samples.queued(1)))) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CLOSED));
        }
        store.close();
    }

    @Test
    void rowsOfTheFirstSchemaAreTakenOver() throws Exception {
        var store = Samples.open(folder);
        var before = Samples.queued(1);
        Samples.add(store, before);
        store.close();
        var database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + folder.resolve("downloads.db"));
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            for (var column : List.of("cache_only", "look_ahead", "max_bytes")) {
                statement.executeUpdate("ALTER TABLE download DROP COLUMN " + column);
            }
            statement.executeUpdate("DROP INDEX download_active");
            statement.executeUpdate("PRAGMA user_version = 1");
        }

        var again = Samples.open(folder);

        assertThat(again.get(before.id())).contains(before);
        var stream = Samples.queued(2);
        stream = stream.copy().options(stream.options().withUse(true, 5L)).build();
        Samples.add(again, stream);
        assertThat(again.get(stream.id())).contains(stream);
        assertThat(again.notices()).isEmpty();
        again.close();
    }

    @Test
    void whatWasWaitingIsWrittenBeforeTheStoreCloses() throws Exception {
        var store = Samples.open(folder);
        var inside = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        Samples.add(store, Samples.queued(1));
        var first = new Thread(() -> block(store, inside, goOn));
        first.start();
        inside.await();
        var second = new Thread(() -> Samples.add(store, Samples.queued(2)));
        second.start();
        while (second.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        store.close();
        first.join();
        second.join();

        var again = Samples.open(folder);
        assertThat(again.get(Samples.id(2))).isPresent();
        again.close();
    }

    @Test
    @Timeout(30)
    void closingBreaksOffALongWriteWithinTwoSeconds() throws Exception {
        var store = Samples.open(folder);
        var begun = new CountDownLatch(1);
        var endless =
                new AbstractList<Download>() {
                    @Override
                    public Download get(int index) {
                        begun.countDown();
                        return Samples.queued(index);
                    }

                    @Override
                    public int size() {
                        return 100_000_000;
                    }
                };
        var adding =
                CompletableFuture.supplyAsync(
                        () -> store.add(endless, (stored, wanted) -> wanted, null));
        begun.await();

        var begin = System.nanoTime();
        store.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
        assertThat(adding)
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(StoreException.class);
        var again = Samples.open(folder);
        assertThat(again.list(DownloadQuery.ALL).total()).isZero();
        again.close();
    }

    @Test
    void s2WritesTakeEffectInTheOrderOfTheirCalls() throws InterruptedException {
        var store = Samples.open(folder);
        var row = Samples.queued(1);
        Samples.add(store, row);
        for (var i = 0; i < 200; i++) {
            var next = Samples.in(row, DownloadState.values()[i % 2 == 0 ? 3 : 0]);
            var durability = i % 3 == 0 ? Durability.DURABLE : Durability.ORDERED;
            assertThat(store.update(row, next, durability)).isTrue();
            assertThat(store.get(row.id())).contains(next);
            row = next;
        }
        store.close();
    }

    @Test
    void oneThatFailsHarmsNoneOfItsNeighbours() throws Exception {
        var store = Samples.open(folder);
        Samples.add(store, Samples.queued(1));
        var results =
                IntStream.range(2, 200)
                        .parallel()
                        .mapToObj(
                                n ->
                                        CompletableFuture.supplyAsync(
                                                () -> {
                                                    if (n % 5 == 0) {
                                                        refuse(store, n);
                                                    } else {
                                                        Samples.add(store, Samples.queued(n));
                                                    }
                                                    return n;
                                                }))
                        .toList();

        for (var result : results) {
            result.exceptionally(refused -> 0).get(10, TimeUnit.SECONDS);
        }
        assertThat(results).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(39);
        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(160);
        store.close();
    }

    @Test
    void aPathMayHoldAnyCharacter() throws InterruptedException {
        var odd = folder.resolve("a b?c=d#e%20é;f");
        var store = Samples.open(odd);
        Samples.add(store, Samples.queued(1));
        store.close();

        assertThat(odd.resolve("downloads.db")).exists();
        assertThat(odd.resolve("downloads.db-wal")).doesNotExist();
    }

    @Test
    void q5BackupsAreMadeOfWhatChanged() throws Exception {
        var soon = Duration.ofMillis(1);
        var store = new SqliteDownloadStore(folder, 2, soon, soon, soon);
        var newest = folder.resolve("backup/newest.db");
        var older = folder.resolve("backup/older.db");
        store.counts();
        assertThat(newest).doesNotExist();

        for (var n = 0; !Files.exists(older); n++) {
            Samples.add(store, Samples.queued(n));
        }

        store.close();
        assertThat(newest).exists();
        assertThat(folder.resolve("backup/part.db")).doesNotExist();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void h2NoThreadFileOrClassLoaderStaysBehind() throws Exception {
        var gone = new ReferenceQueue<ClassLoader>();
        var loaders = new ArrayList<>(List.of(cycle(folder, gone)));
        var files = openFiles();
        for (var i = 0; i < 10; i++) {
            loaders.add(cycle(folder, gone));
        }

        for (var tries = 0; !loaders.isEmpty() && tries < 100; tries++) {
            System.gc();
            loaders.remove(gone.remove(50));
        }
        assertThat(loaders).isEmpty();
        assertThat(openFiles()).isEqualTo(files);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("capstan-store"));
    }

    /** Runs a store whose classes were loaded for it alone, as an updated bundle's are. */
    private static Reference<ClassLoader> cycle(Path folder, ReferenceQueue<ClassLoader> gone)
            throws Exception {
        var classes = SqliteDownloadStore.class.getProtectionDomain().getCodeSource();
        var tests = LifecycleTest.class.getProtectionDomain().getCodeSource();
        try (var loader = new OwnFirst(new URL[] {classes.getLocation(), tests.getLocation()})) {
            loader.loadClass(Cycle.class.getName())
                    .getMethod("run", Path.class)
                    .invoke(null, folder);
            return new WeakReference<>(loader, gone);
        }
    }

    private static long openFiles() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(LifecycleTest::isOurs).count();
        }
    }

    private static boolean isOurs(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("downloads.db");
        } catch (IOException gone) {
            return false;
        }
    }

    private static void block(
            SqliteDownloadStore store, CountDownLatch inside, CountDownLatch goOn) {
        store.add(
                List.of(Samples.queued(1)),
                (stored, wanted) -> {
                    inside.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return stored;
                },
                null);
    }

    private static void refuse(SqliteDownloadStore store, int n) {
        var same = Samples.queued(1);
        store.add(
                List.of(Samples.queued(n), same),
                (stored, wanted) -> {
                    throw new IllegalStateException("refused " + n);
                },
                null);
    }

    /** What {@link #cycle} runs in its own class loader. */
    public static final class Cycle {
        private Cycle() {}

        public static void run(Path folder) throws InterruptedException {
            var store = Samples.open(folder);
            store.add(List.of(Samples.queued(1)), (stored, wanted) -> stored, null);
            store.list(DownloadQuery.ALL).items().forEach(Download::id);
            store.check(true);
            store.close();
        }
    }

    private static final class OwnFirst extends URLClassLoader {
        private OwnFirst(URL[] urls) {
            super(urls, LifecycleTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.capstan.download.sqlite.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }
}
