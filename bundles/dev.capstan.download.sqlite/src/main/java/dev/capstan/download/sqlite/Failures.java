package dev.capstan.download.sqlite;

import dev.capstan.download.spi.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's errors mean for the store. */
final class Failures {
    /** With less than this, errors that may have other causes are taken for a full volume. */
    private static final long NO_SPACE = 64 * 1024;

    private Failures() {}

    /** Tells whether only the statement is at fault, and the transaction goes on without it. */
    static boolean isOfStatement(SQLException e) {
        return switch (primary(e)) {
            case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH -> true;
            default -> false;
        };
    }

    /** Tells whether the database file itself is broken. */
    static boolean isDamage(SQLException e) {
        return switch (primary(e)) {
            case SQLITE_CORRUPT, SQLITE_NOTADB -> true;
            default -> false;
        };
    }

    /** What SQLite says, without the driver's brackets around it. */
    static String said(SQLException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^\\[\\w+] (.*) \\(.*\\)$", "$1");
    }

    static StoreException of(SQLException e, Path file) {
        return switch (primary(e)) {
            case SQLITE_FULL -> full(e, file);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                    new StoreException(
                            StoreException.Reason.IO,
                            "The download database "
                                    + file
                                    + " is damaged; restart, and it is set aside and the last"
                                    + " backup restored",
                            e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                    new StoreException(
                            StoreException.Reason.IO,
                            "The download database " + file + " is held by another program",
                            e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
                    new StoreException(
                            StoreException.Reason.IO,
                            "The download database " + file + " may not be written",
                            e);
            case SQLITE_INTERRUPT -> closed(e);
            default ->
                    isFull(file)
                            ? full(e, file)
                            : new StoreException(
                                    StoreException.Reason.IO,
                                    "The download database "
                                            + file
                                            + " cannot be read or written: "
                                            + said(e),
                                    e);
        };
    }

    static StoreException of(IOException e, Path file) {
        return isFull(file)
                ? full(e, file)
                : new StoreException(
                        StoreException.Reason.IO,
                        "The folder of the download database " + file + " cannot be used: " + e,
                        e);
    }

    static StoreException closed() {
        return closed(null);
    }

    private static StoreException closed(@Nullable Throwable cause) {
        return new StoreException(
                StoreException.Reason.CLOSED, "The download database is being closed", cause);
    }

    private static StoreException full(Throwable cause, Path file) {
        return new StoreException(
                StoreException.Reason.DISK_FULL,
                "There is no space for the download database " + file,
                cause);
    }

    private static boolean isFull(Path file) {
        try {
            var folder = file.toAbsolutePath().getParent();
            return folder != null && Files.getFileStore(folder).getUsableSpace() < NO_SPACE;
        } catch (IOException gone) {
            return false;
        }
    }

    private static SQLiteErrorCode primary(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }
}
