package dev.capstan.download.sqlite;

import dev.capstan.download.spi.StoreException;
import dev.capstan.health.HealthCheck.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What {@code doctor} is told about the database. */
final class DatabaseHealth {
    private static final long MIB = 1 << 20;

    /** Below this, an operator should make room before writes fail. */
    private static final long LITTLE_SPACE = 64 * MIB;

    private final Database database;
    private final Readers readers;

    DatabaseHealth(Database database, Readers readers) {
        this.database = database;
        this.readers = readers;
    }

    List<Finding> check(boolean thorough) {
        var findings = new ArrayList<Finding>();
        try {
            findings.add(pages(thorough));
        } catch (StoreException e) {
            findings.add(Finding.failed(String.valueOf(e.getMessage()), remedy()));
            return findings;
        }
        for (var notice : database.notices()) {
            findings.add(
                    Finding.warning(notice, "Look whether downloads are missing; add them again."));
        }
        findings.add(space());
        findings.add(backup());
        return findings;
    }

    private Finding pages(boolean thorough) {
        var rows =
                readers.read(
                        session -> {
                            if (thorough) {
                                Database.check(session);
                            }
                            return session.number("SELECT sum(downloads) FROM tally");
                        });
        return Finding.ok(
                "The download database has "
                        + (rows == 1 ? "1 row" : rows + " rows")
                        + " in "
                        + (database.size() + MIB - 1) / MIB
                        + " MiB"
                        + (thorough ? ", and every page is in order." : "."));
    }

    private String remedy() {
        return database.isDamaged()
                ? "Restart: it is set aside then, and the last backup is restored."
                : "Look at the folder " + database.folder() + " and its volume.";
    }

    private Finding space() {
        try {
            var free = Files.getFileStore(database.folder()).getUsableSpace();
            var message = free / MIB + " MiB are free where the download database is.";
            return free < LITTLE_SPACE
                    ? Finding.warning(
                            message, "Make room on the volume of " + database.folder() + ".")
                    : Finding.ok(message);
        } catch (IOException e) {
            return Finding.warning(
                    "The free space of " + database.folder() + " is not known: " + e + ".",
                    "Look at the volume.");
        }
    }

    private Finding backup() {
        return Finding.ok(
                database.backups()
                        .last()
                        .map(DatabaseHealth::told)
                        .orElse("There is no backup of the download database yet."));
    }

    private static String told(Instant time) {
        return "The last backup of the download database is of "
                + time.truncatedTo(ChronoUnit.SECONDS)
                + ".";
    }
}
