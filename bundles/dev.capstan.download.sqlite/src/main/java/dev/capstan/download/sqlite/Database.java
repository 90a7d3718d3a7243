package dev.capstan.download.sqlite;

import dev.capstan.download.spi.StoreException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The files of the database: opened, checked, and replaced where they are damaged (Q5).
 *
 * <table>
 * <caption>What is in the folder</caption>
 * <tr><td>{@code downloads.db}, {@code -wal}, {@code -shm}</td><td>the database</td></tr>
 * <tr><td>{@code downloads.closed}</td><td>its size and time when it was last closed in
 *     order</td></tr>
 * <tr><td>{@code backup/newest.db}, {@code older.db}</td><td>copies</td></tr>
 * <tr><td>{@code damaged-TIME/}</td><td>a database that was set aside</td></tr>
 * <tr><td>{@code native/VERSION/}</td><td>SQLite's native library</td></tr>
 * </table>
 *
 * <p>A database that was closed in order and not touched since is opened without a look at each
 * page; any other is looked through.
 *
 * <p>The database is read and written by SQLite only. A file channel on it would, when it is
 * closed, let go of all locks this process holds on it.
 */
final class Database {
    private static final Logger LOG = System.getLogger(Database.class.getName());
    private static final int BUSY_MILLIS = 10_000;

    private final Path folder;
    private final Path file;
    private final Path closed;
    private final Backups backups;
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private volatile boolean damaged;

    Database(Path folder) {
        this.folder = folder;
        file = folder.resolve("downloads.db");
        closed = folder.resolve("downloads.closed");
        backups = new Backups(folder.resolve("backup"));
    }

    Path folder() {
        return folder;
    }

    Backups backups() {
        return backups;
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    /** Bytes of the database and its log. */
    long size() {
        return size(file) + size(beside("-wal"));
    }

    /** Opens the connection that writes; makes the database where there is none. */
    Session open() {
        try {
            makeFolder();
            NativeLibrary.load(folder.resolve("native"));
            try {
                return openChecked();
            } catch (SQLException e) {
                if (!Failures.isDamage(e)) {
                    throw e;
                }
                replace(e);
                return prepared(connect(file, false), false);
            }
        } catch (SQLException e) {
            throw failure(e);
        } catch (IOException e) {
            throw Failures.of(e, file);
        }
    }

    /** Opens a connection that only reads; the one that writes must be open. */
    Session openReader() throws SQLException {
        return connect(file, true);
    }

    /** To be called after the last connection was closed. */
    void closed() {
        try {
            if (damaged) {
                Files.deleteIfExists(closed);
            } else if (!Files.exists(beside("-wal"))) {
                Files.writeString(closed, stamp());
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The next start will look through the database", e);
        }
    }

    /** Turns an error into what callers are told, and remembers damage for the next start. */
    StoreException failure(SQLException e) {
        if (Failures.isDamage(e) && !damaged) {
            damaged = true;
            LOG.log(Level.WARNING, Failures.of(e, file).getMessage());
        }
        return Failures.of(e, file);
    }

    boolean isDamaged() {
        return damaged;
    }

    /** Looks through all pages, and throws what it finds. */
    static void check(Session session) throws SQLException {
        var finding = session.text("PRAGMA quick_check(1)");
        if (!finding.equals("ok")) {
            throw damage(finding);
        }
    }

    /** Links may say what others on the machine are not to know, so the folder is the owner's. */
    private void makeFolder() throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var owner = PosixFilePermissions.fromString("rwx------");
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(owner));
        } else {
            Files.createDirectory(folder);
        }
    }

    private Session openChecked() throws SQLException, IOException {
        var hadOne = Files.exists(closed) || !backups.existing().isEmpty();
        if (hadOne && Files.exists(file) && size(file) == 0) {
            throw damage("it is empty");
        }
        var untouched = Files.exists(file) && isUntouched();
        var session = connect(file, false);
        return prepared(session, !untouched);
    }

    private static Session prepared(Session session, boolean lookThrough) throws SQLException {
        try {
            if (lookThrough) {
                check(session);
            }
            var mode = session.text("PRAGMA journal_mode = WAL");
            if (!mode.equals("wal")) {
                throw new SQLException(
                        "its volume has no shared memory (journal mode " + mode + ")");
            }
            session.run("PRAGMA synchronous = FULL");
            session.run("PRAGMA wal_autocheckpoint = 4000");
            session.run("PRAGMA journal_size_limit = 16777216");
            // On macOS an ordinary sync stops at the drive's cache.
            session.run("PRAGMA fullfsync = ON");
            Schema.migrate(session);
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Session connect(Path file, boolean readOnly) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(readOnly ? -4_000 : -32_000);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // Nobody asks for them, and the driver would look for them after each statement.
        config.setGetGeneratedKeys(false);
        var source = new SQLiteDataSource(config);
        // As a URI, so that no character of the path means something else.
        source.setUrl("jdbc:sqlite:" + file.toUri());
        return new Session(source.getConnection());
    }

    /** Sets the damaged database aside and puts the last good backup in its place. */
    private void replace(SQLException damage) throws SQLException, IOException {
        var now = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
        var aside = Files.createDirectory(folder.resolve("damaged-" + now.format(Instant.now())));
        for (var part : List.of(file, beside("-wal"), beside("-shm"))) {
            if (Files.exists(part)) {
                Files.move(part, aside.resolve(part.getFileName()));
            }
        }
        Files.deleteIfExists(closed);
        var notice =
                "The download database was damaged ("
                        + Failures.said(damage)
                        + ") and was set aside in "
                        + aside
                        + "; "
                        + restored();
        notices.add(notice);
        LOG.log(Level.WARNING, notice);
    }

    private String restored() throws IOException {
        for (var backup : backups.existing()) {
            Backups.restore(backup, file);
            try (var session = connect(file, true)) {
                check(session);
                return "the backup of "
                        + Backups.made(backup).truncatedTo(ChronoUnit.SECONDS)
                        + " was restored";
            } catch (SQLException unusable) {
                LOG.log(
                        Level.WARNING,
                        "The backup " + backup + " is damaged too: " + Failures.said(unusable));
                Files.delete(file);
            }
        }
        return "there was no backup, so the list of downloads begins anew";
    }

    private static SQLException damage(String what) {
        return new SQLiteException(what, SQLiteErrorCode.SQLITE_CORRUPT);
    }

    private boolean isUntouched() throws IOException {
        return !Files.exists(beside("-wal"))
                && Files.exists(closed)
                && Files.readString(closed).equals(stamp());
    }

    private String stamp() throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.size() + " " + attributes.lastModifiedTime();
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException gone) {
            return 0;
        }
    }
}
