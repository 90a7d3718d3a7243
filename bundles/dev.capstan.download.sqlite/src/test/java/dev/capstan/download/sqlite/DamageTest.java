package dev.capstan.download.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.spi.StoreException;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.health.HealthCheck.Level;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Q5: what becomes of a database that is damaged. */
class DamageTest {
    private static final int ROWS = 500;

    @TempDir Path folder;
    private Path file;

    /** Ways a file is damaged. */
    enum Damage {
        EMPTY {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(0);
            }
        },
        CUT_IN_THE_HEADER {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(50);
            }
        },
        CUT_IN_HALF {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.setLength(file.length() / 2 / 4096 * 4096);
            }
        },
        RUBBISH_HEADER {
            @Override
            void to(RandomAccessFile file) throws IOException {
                scribble(file, 0, 100);
            }
        },
        RUBBISH_ALL_OVER {
            @Override
            void to(RandomAccessFile file) throws IOException {
                scribble(file, 0, (int) file.length());
            }
        },
        ZERO_FIRST_PAGE {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.write(new byte[4096]);
            }
        },
        ZERO_PAGES {
            @Override
            void to(RandomAccessFile file) throws IOException {
                file.seek(20 * 4096);
                file.write(new byte[10 * 4096]);
            }
        },
        RUBBISH_PAGES {
            @Override
            void to(RandomAccessFile file) throws IOException {
                scribble(file, 20 * 4096, 10 * 4096);
            }
        };

        abstract void to(RandomAccessFile file) throws IOException;

        private static void scribble(RandomAccessFile file, long from, int count)
                throws IOException {
            var rubbish = new byte[count];
            new Random(5).nextBytes(rubbish);
            file.seek(from);
            file.write(rubbish);
        }
    }

    @BeforeEach
    void fill() throws Exception {
        file = folder.resolve("downloads.db");
        var store = Samples.open(folder);
        Samples.add(store, Samples.many(ROWS, 1).toArray(Download[]::new));
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedDatabaseIsSetAsideAndTheStoreBeginsAnew(Damage damage) throws Exception {
        apply(damage);

        var store = Samples.open(folder);

        assertThat(store.notices()).singleElement().asString().contains("set aside", "begins anew");
        assertThat(setAside()).isTrue();
        assertThat(store.list(DownloadQuery.ALL).total()).isZero();
        assertWorks(store);
        store.close();
        assertThat(Samples.open(folder).notices()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theLastBackupIsRestored(Damage damage) throws Exception {
        backUp();
        apply(damage);

        var store = Samples.open(folder);

        assertThat(store.notices()).singleElement().asString().contains("backup of", "restored");
        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(ROWS);
        assertThat(store.list(DownloadQuery.ALL.withText("x=77")).total()).isEqualTo(1);
        assertWorks(store);
        assertThat(store.check(false)).extracting(Finding::level).contains(Level.WARNING);
        store.close();
    }

    @Test
    void theBackupBeforeIsRestoredWhereTheLastIsDamagedToo() throws Exception {
        backUp();
        backUp();
        apply(Damage.RUBBISH_PAGES);
        try (var newest = new RandomAccessFile(folder.resolve("backup/newest.db").toFile(), "rw")) {
            Damage.RUBBISH_PAGES.to(newest);
        }

        var store = Samples.open(folder);

        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(ROWS);
        store.close();
    }

    @Test
    void rubbishInTheLogCostsNothingThatWasBroughtIn() throws Exception {
        Files.write(folder.resolve("downloads.db-wal"), new byte[10_000]);
        var rubbish = new byte[200_000];
        new Random(1).nextBytes(rubbish);
        Files.write(folder.resolve("downloads.db-wal"), rubbish);

        var store = Samples.open(folder);

        assertThat(store.list(DownloadQuery.ALL).total()).isEqualTo(ROWS);
        assertThat(store.notices()).isEmpty();
        assertWorks(store);
        store.close();
    }

    @Test
    void damageThatIsMetWhileRunningIsToldAndHealedByARestart() throws Exception {
        backUp();
        var store = Samples.open(folder);
        store.counts();
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(4096);
            open.write(new byte[(int) open.length() - 4096]);
        }

        assertThatThrownBy(() -> store.list(DownloadQuery.ALL))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.IO))
                .hasMessageContaining("damaged; restart");
        assertThat(store.check(true))
                .first()
                .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.FAILED));
        store.close();

        var healed = Samples.open(folder);
        assertThat(healed.list(DownloadQuery.ALL).total()).isEqualTo(ROWS);
        assertThat(healed.notices()).hasSize(1);
        healed.close();
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAlone() throws Exception {
        var before = setVersion(Schema.VERSION + 1);

        var store = Samples.open(folder);

        assertThatThrownBy(store::counts)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("written by a newer Capstan");
        assertThat(store.notices()).singleElement().asString().contains("newer Capstan");
        assertThat(store.check(false)).extracting(Finding::level).containsExactly(Level.FAILED);
        store.close();
        assertThat(before).isEqualTo(Schema.VERSION);
        assertThat(setAside()).isFalse();
        setVersion(Schema.VERSION);
        var again = Samples.open(folder);
        assertThat(again.list(DownloadQuery.ALL).total()).isEqualTo(ROWS);
        again.close();
    }

    private int setVersion(int version) throws Exception {
        var database = new Database(folder);
        try (var session = database.openReader()) {
            var before = (int) session.number("PRAGMA user_version");
            try (var writer = new RandomAccessFile(file.toFile(), "rw")) {
                writer.seek(60);
                writer.writeInt(version);
            }
            return before;
        }
    }

    private void apply(Damage damage) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            damage.to(open);
        }
    }

    private void backUp() throws Exception {
        var database = new Database(folder);
        try (var session = database.open()) {
            database.backups().make(session);
        }
        database.closed();
    }

    private boolean setAside() throws IOException {
        try (var files = Files.list(folder)) {
            return files.anyMatch(path -> path.getFileName().toString().startsWith("damaged-"));
        }
    }

    private static void assertWorks(SqliteDownloadStore store) {
        var download = Samples.queued(1_000_000);
        Samples.add(store, download);
        assertThat(store.get(download.id())).contains(download);
        assertThat(store.list(DownloadQuery.ALL.withText("file-1000000")).items())
                .isEqualTo(List.of(download));
    }
}
