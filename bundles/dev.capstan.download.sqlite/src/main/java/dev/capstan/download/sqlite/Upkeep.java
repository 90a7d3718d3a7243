package dev.capstan.download.sqlite;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the database needs besides writes. In a moment when nobody writes, new rows get their
 * trigrams, and the log is brought into the database, which also makes durable what did not wait
 * for the disk (S1). And from time to time a backup is made, by a thread that lives for it (Q5).
 *
 * <p>All methods but {@link #close} are for the writer's thread.
 */
final class Upkeep {
    private static final Logger LOG = System.getLogger(Upkeep.class.getName());
    private static final long NEVER = Long.MAX_VALUE;

    private final Database database;
    private final Duration quiet;
    private final Duration firstBackup;
    private final Duration backupEvery;

    private long tidyAt = NEVER;
    private long backupAt = NEVER;
    private volatile boolean closing;
    private volatile @Nullable Thread backing;
    private volatile @Nullable Session backingSession;

    /**
     * Creates it.
     *
     * @param quiet how long after a write it is tidied up, at the soonest
     * @param firstBackup how long after a write the first backup is made, at the soonest
     * @param backupEvery the time between backups
     */
    Upkeep(Database database, Duration quiet, Duration firstBackup, Duration backupEvery) {
        this.database = database;
        this.quiet = quiet;
        this.firstBackup = firstBackup;
        this.backupEvery = backupEvery;
    }

    /** Tells that the database was opened, maybe with something left to do. */
    void opened() {
        tidyAt = System.nanoTime() + quiet.toNanos();
    }

    /** Tells that something was committed. */
    void written() {
        if (tidyAt == NEVER) {
            tidyAt = System.nanoTime() + quiet.toNanos();
        }
        if (backupAt == NEVER) {
            backupAt = System.nanoTime() + untilBackup().toNanos();
        }
    }

    /** Nanoseconds until there is something to do; none or less if there is now. */
    long nanosToNext() {
        var next = Math.min(remaining(tidyAt), remaining(backupAt));
        return Math.min(next, Duration.ofHours(1).toNanos());
    }

    /** Does what is due. */
    void run(Session session, boolean idle) {
        if (remaining(backupAt) <= 0) {
            backupAt = NEVER;
            if (backing == null) {
                backUp();
            }
        }
        if (idle && remaining(tidyAt) <= 0) {
            tidyAt = NEVER;
            try {
                tidy(session);
            } catch (SQLException e) {
                session.rollBack();
                LOG.log(Level.DEBUG, "Tried again after the next write", e);
                database.failure(e);
            }
        }
    }

    /** Does a little, so that a write that comes now does not wait long. */
    private void tidy(Session session) throws SQLException {
        session.run("BEGIN IMMEDIATE");
        var more = TextIndex.advance(session);
        session.run("COMMIT");
        if (more) {
            tidyAt = System.nanoTime();
        } else {
            session.run("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    /** Breaks off a backup that is being made; for another thread, once nothing more is written. */
    void close(Duration within) throws InterruptedException {
        closing = true;
        var thread = backing;
        if (thread != null) {
            var session = backingSession;
            if (session != null) {
                try {
                    session.interrupt();
                } catch (SQLException ended) {
                    LOG.log(Level.DEBUG, "Ended in the meantime", ended);
                }
            }
            thread.join(within.toMillis());
        }
    }

    private Duration untilBackup() {
        var since = database.backups().last().map(last -> Duration.between(last, Instant.now()));
        var left = since.map(backupEvery::minus).orElse(firstBackup);
        return left.compareTo(firstBackup) < 0 ? firstBackup : left;
    }

    private void backUp() {
        var thread = new Thread(this::makeBackup, "capstan-store-backup");
        thread.setDaemon(true);
        backing = thread;
        thread.start();
    }

    private void makeBackup() {
        try (var session = database.openReader()) {
            backingSession = session;
            if (!closing) {
                database.backups().make(session);
            }
        } catch (SQLException e) {
            LOG.log(
                    closing ? Level.DEBUG : Level.WARNING,
                    "No backup was made: " + database.failure(e).getMessage(),
                    e);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "No backup of the download database was made", e);
        } finally {
            backingSession = null;
            backing = null;
        }
    }

    private static long remaining(long at) {
        return at == NEVER ? NEVER : at - System.nanoTime();
    }
}
