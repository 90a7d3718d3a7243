package dev.capstan.download.sqlite;

import dev.capstan.download.spi.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/**
 * The shape of the database, counted by {@code user_version}. Each version is a script that leads
 * there from the one before; there is no way back.
 */
final class Schema {
    static final int VERSION = 3;

    private Schema() {}

    /** Brings a database to this version, all of it or nothing. */
    static void migrate(Session session) throws SQLException {
        if (version(session) == VERSION) {
            return;
        }
        session.run("BEGIN IMMEDIATE");
        try {
            // Asked again, now that nobody else can change it.
            for (var from = version(session); from < VERSION; from++) {
                session.script(script(from + 1));
                session.script("PRAGMA user_version = " + (from + 1));
            }
            session.run("COMMIT");
        } catch (SQLException e) {
            session.rollBack();
            throw e;
        }
    }

    private static int version(Session session) throws SQLException {
        var version = (int) session.number("PRAGMA user_version");
        if (version > VERSION) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "The download database was written by a newer Capstan (its version is "
                            + version
                            + ", this one knows "
                            + VERSION
                            + "); update Capstan, or name another folder",
                    null);
        }
        return version;
    }

    private static String script(int version) {
        try (var in = Schema.class.getResourceAsStream("schema-" + version + ".sql")) {
            if (in == null) {
                throw new IllegalStateException("There is no script for version " + version);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
