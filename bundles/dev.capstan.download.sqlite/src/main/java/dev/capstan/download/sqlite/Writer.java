package dev.capstan.download.sqlite;

import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes (S1, S2). Callers put their work into a queue and wait; the thread
 * takes all that is there, runs it in order in one transaction, commits once, and answers.
 *
 * <p>Everybody is answered after the commit, so that what was answered is seen by the next read and
 * no failing commit goes unnoticed. What durability changes is the commit: with nothing in it that
 * must survive a power cut, it does not wait for the disk.
 *
 * <p>The database is opened by this thread too, at once but beside whoever starts the store. Where
 * that fails, each later work tries again, so that the store heals when its volume does.
 */
final class Writer {
    private static final Logger LOG = System.getLogger(Writer.class.getName());

    private static final Work<Boolean> NOTHING = session -> true;

    private final Database database;
    private final Upkeep upkeep;
    private final Thread thread;

    private final Object lock = new Object();
    private List<Task<?>> queue = new ArrayList<>();
    private boolean closing;

    private volatile boolean open;
    private volatile boolean stopping;
    private volatile @Nullable Session session;
    private boolean syncing = true;

    /** What is to be done inside a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    Writer(Database database, Upkeep upkeep) {
        this.database = database;
        this.upkeep = upkeep;
        thread = new Thread(this::run, "capstan-store-writer");
        thread.setDaemon(true);
        queue.add(opening());
        thread.start();
    }

    /** Runs work in a transaction; returns once that is committed. */
    <T> T write(Durability durability, Work<T> work) {
        return submit(new Task<>(work, durability == Durability.DURABLE)).await();
    }

    /** Returns once the database is open. */
    void awaitOpen() {
        if (!open) {
            submit(opening()).await();
        }
    }

    /** To be asked by long work now and then: throws if the store can wait for it no longer. */
    void checkStopping() {
        if (stopping) {
            throw Failures.closed();
        }
    }

    /** Takes nothing more, ends what was begun, and closes the connection. */
    void close(Duration within) throws InterruptedException {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        if (!join(within)) {
            stopping = true;
            var running = session;
            if (running != null) {
                try {
                    running.interrupt();
                } catch (SQLException alreadyClosed) {
                    LOG.log(Level.DEBUG, "Closed in the meantime", alreadyClosed);
                }
            }
            join(within);
        }
    }

    private boolean join(Duration within) throws InterruptedException {
        thread.join(within.toMillis());
        return !thread.isAlive();
    }

    private static Task<Boolean> opening() {
        return new Task<>(NOTHING, false);
    }

    private <T> Task<T> submit(Task<T> task) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("The store was called from inside its own work");
        }
        synchronized (lock) {
            if (closing) {
                throw Failures.closed();
            }
            queue.add(task);
            lock.notifyAll();
        }
        return task;
    }

    private void run() {
        try {
            while (true) {
                var group = take();
                if (group == null) {
                    break;
                }
                if (!group.isEmpty()) {
                    commit(group);
                }
                upkeep(group.isEmpty());
            }
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "The database's thread was interrupted", e);
        } finally {
            end();
        }
    }

    /** The next group; an empty one if it is time for upkeep; null at the end. */
    private @Nullable List<Task<?>> take() throws InterruptedException {
        synchronized (lock) {
            var wait = upkeep.nanosToNext();
            while (queue.isEmpty() && !closing && wait > 0) {
                TimeUnit.NANOSECONDS.timedWait(lock, wait);
                wait = upkeep.nanosToNext();
            }
            if (stopping || (queue.isEmpty() && closing)) {
                return null;
            }
            var group = queue;
            queue = new ArrayList<>();
            return group;
        }
    }

    private void commit(List<Task<?>> group) {
        try {
            var opened = openSession();
            sync(opened, group.stream().anyMatch(task -> task.durable));
            opened.run("BEGIN IMMEDIATE");
            for (var task : group) {
                task.run(opened);
            }
            opened.run("COMMIT");
            group.forEach(Task::answer);
            if (group.stream().anyMatch(task -> task.work != NOTHING)) {
                upkeep.written();
            }
        } catch (SQLException e) {
            undo(
                    group,
                    Failures.isOfStatement(e)
                            ? new IllegalArgumentException(e.getMessage(), e)
                            : database.failure(e));
        } catch (RuntimeException e) {
            undo(group, e);
        } catch (Error e) {
            undo(group, new IllegalStateException("The database's thread failed", e));
        }
    }

    /**
     * Rolls a group back. Where the failure may be of one of them only, each is tried alone. That
     * is rare, and costs less than a savepoint around each: with one open, SQLite keeps a copy of
     * every page it changes.
     */
    private void undo(List<Task<?>> group, RuntimeException failure) {
        var opened = session;
        if (opened != null) {
            opened.rollBack();
        }
        if (group.size() > 1 && mayBeOfOne(failure)) {
            group.forEach(task -> commit(List.of(task)));
        } else {
            group.forEach(task -> task.fail(failure));
        }
    }

    private static boolean mayBeOfOne(RuntimeException failure) {
        return !(failure instanceof StoreException store)
                || store.reason() == StoreException.Reason.DISK_FULL;
    }

    private Session openSession() {
        var opened = session;
        if (opened == null) {
            opened = database.open();
            session = opened;
            open = true;
            upkeep.opened();
        }
        return opened;
    }

    private void sync(Session opened, boolean durable) throws SQLException {
        if (syncing != durable) {
            opened.run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            syncing = durable;
        }
    }

    private void upkeep(boolean idle) {
        var opened = session;
        if (opened != null) {
            try {
                upkeep.run(opened, idle);
            } catch (RuntimeException e) {
                // Whoever writes next must still find this thread.
                opened.rollBack();
                LOG.log(Level.WARNING, "The upkeep of the download database failed", e);
            }
        }
    }

    private void end() {
        List<Task<?>> left;
        synchronized (lock) {
            closing = true;
            left = queue;
            queue = new ArrayList<>();
        }
        left.forEach(task -> task.fail(Failures.closed()));
        var opened = session;
        if (opened != null) {
            try {
                opened.close();
                database.closed();
            } catch (SQLException e) {
                LOG.log(Level.WARNING, "The download database was not closed in order", e);
            }
        }
    }

    /** One caller's work, and what became of it. */
    private static final class Task<T> {
        private final Work<T> work;
        private final boolean durable;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable T result;

        private Task(Work<T> work, boolean durable) {
            this.work = work;
            this.durable = durable;
        }

        private void run(Session session) throws SQLException {
            result = work.run(session);
        }

        private void answer() {
            answer.complete(result);
        }

        private void fail(RuntimeException failure) {
            answer.completeExceptionally(failure);
        }

        private T await() {
            try {
                return answer.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}
