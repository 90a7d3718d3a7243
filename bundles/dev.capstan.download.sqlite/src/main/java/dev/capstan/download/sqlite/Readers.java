package dev.capstan.download.sqlite;

import dev.capstan.download.spi.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A few connections that read, each opened when it is first needed. Every read sees what was
 * committed when it began, and waits for no writer. For any number of threads.
 */
final class Readers {
    private static final Logger LOG = System.getLogger(Readers.class.getName());

    private final Database database;
    private final Writer writer;
    private final int most;
    private final Semaphore permits;
    private final Deque<Session> idle = new ConcurrentLinkedDeque<>();
    private final Set<Session> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Readers(Database database, Writer writer, int most) {
        this.database = database;
        this.writer = writer;
        this.most = most;
        permits = new Semaphore(most);
    }

    /** Reads with one connection; all of it sees one state of the database. */
    <T> T read(Writer.Work<T> work) {
        writer.awaitOpen();
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw Failures.closed();
            }
            return readNow(work);
        } catch (SQLException e) {
            throw database.failure(e);
        } finally {
            permits.release();
        }
    }

    /** Waits for the reads that were begun, and breaks them off if they last. */
    void close(Duration within) throws InterruptedException {
        closed = true;
        if (!areIdle(within)) {
            for (var session : busy) {
                try {
                    session.interrupt();
                } catch (SQLException ended) {
                    LOG.log(Level.DEBUG, "Ended in the meantime", ended);
                }
            }
            areIdle(within);
        }
        for (var session = idle.poll(); session != null; session = idle.poll()) {
            close(session);
        }
    }

    private boolean areIdle(Duration within) throws InterruptedException {
        var idleNow = permits.tryAcquire(most, within.toMillis(), TimeUnit.MILLISECONDS);
        if (idleNow) {
            permits.release(most);
        }
        return idleNow;
    }

    private <T> T readNow(Writer.Work<T> work) throws SQLException {
        var pooled = idle.pollFirst();
        var session = pooled != null ? pooled : database.openReader();
        busy.add(session);
        var healthy = false;
        try {
            session.run("BEGIN");
            var result = work.run(session);
            session.run("COMMIT");
            healthy = true;
            return result;
        } catch (IllegalArgumentException | StoreException e) {
            session.run("COMMIT");
            healthy = true;
            throw e;
        } finally {
            busy.remove(session);
            if (healthy && !closed) {
                idle.addFirst(session);
            } else {
                close(session);
            }
        }
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "A reading connection was not closed", e);
        }
    }
}
