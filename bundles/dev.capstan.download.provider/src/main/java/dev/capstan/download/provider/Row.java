package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.Status;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A claimed row. Its state is never ahead of the store (Q1); facts that were learned inside a state
 * may be, and reach the store with the next move or within a second: a small file is at its end by
 * then, and costs no write for them.
 *
 * <p>Only the run's thread moves it from state to state; others may amend it meanwhile. They write
 * one after the other, each the version that follows the one before, so that none can come late and
 * stand in front of a newer one (S4). The lock is this row's alone: whoever waits for it wants to
 * write the same row.
 */
final class Row {
    private static final System.Logger LOG = System.getLogger(Row.class.getName());

    private final AtomicReference<Download> now;
    private volatile Download stored;
    private final ReentrantLock writing = new ReentrantLock();
    private final Ledger ledger;
    private final Clock clock;
    private final CountDownLatch closing;

    Row(Download claimed, Ledger ledger, Clock clock, CountDownLatch closing) {
        now = new AtomicReference<>(claimed);
        stored = claimed;
        this.ledger = ledger;
        this.clock = clock;
        this.closing = closing;
    }

    Download get() {
        return Objects.requireNonNull(now.get());
    }

    DownloadState state() {
        return get().state();
    }

    /** The version that was last written. */
    Download stored() {
        return stored;
    }

    /** Writes what was noted since the last move, if anything was; for any thread. */
    void keep() {
        if (!get().equals(stored)) {
            amend(row -> row);
        }
    }

    /** Notes something that is told to the store soon. */
    void note(UnaryOperator<Download> change) {
        now.updateAndGet(change);
    }

    /** Tells what happens inside the state. */
    void show(Phase phase) {
        ledger.announce(now.updateAndGet(row -> in(row, phase)));
    }

    /** The same row in another phase. */
    static Download in(Download row, Phase phase) {
        var status = row.status();
        return row.copy().status(status.with(status.state(), phase, null)).build();
    }

    /**
     * Moves the row and returns when that is written; until then nobody sees it. A store that
     * cannot write now is waited for: a move that happened must not be forgotten.
     *
     * @param change applied to the row as it is then; applied again if that could not be written
     * @throws Stopped if the row is not this run's any more, or the orchestrator stops
     */
    void move(UnaryOperator<Status> change, Durability durability) throws Stopped {
        UnaryOperator<Download> moved =
                row -> row.copy().status(change.apply(row.status())).build();
        while (true) {
            try {
                if (!write(moved, durability)) {
                    throw new Stopped(Stop.LOST);
                }
                return;
            } catch (StoreException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Download " + get().id() + " waits for the store: " + e.getMessage());
                waitForStore(e);
            }
        }
    }

    /**
     * Changes the row within its state; for any thread.
     *
     * @return whether it is written; if not, the run has left the row
     * @throws StoreException if the store cannot write now; then nothing has changed
     */
    boolean amend(UnaryOperator<Download> change) {
        return write(change, Durability.ORDERED);
    }

    /** Writes the version that follows; false if the row is not this run's any more. */
    private boolean write(UnaryOperator<Download> change, Durability durability) {
        writing.lock();
        try {
            var known = get();
            if (!known.state().isActive()) {
                return false;
            }
            var next = after(known, change);
            if (!ledger.write(stored, next, durability)) {
                return false;
            }
            written(known, next, change);
            return true;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Changes the row within its state, in one write with others.
     *
     * @param writer writes the version that follows
     * @return what the writer gives
     */
    <T> T writeWith(UnaryOperator<Download> change, Function<Download, T> writer) {
        writing.lock();
        try {
            var known = get();
            var next = after(known, change);
            var result = writer.apply(next);
            written(known, next, change);
            return result;
        } finally {
            writing.unlock();
        }
    }

    private Download after(Download known, UnaryOperator<Download> change) {
        return change.apply(known).copy().updatedAfter(clock.instant()).build();
    }

    private void written(Download known, Download next, UnaryOperator<Download> change) {
        stored = next;
        if (!now.compareAndSet(known, next)) {
            // Something was noted meanwhile, and stays.
            now.updateAndGet(row -> change.apply(row).copy().updated(next.updated()).build());
        }
    }

    private void waitForStore(StoreException error) throws Stopped {
        try {
            if (error.reason() == StoreException.Reason.CLOSED
                    || closing.await(1, TimeUnit.SECONDS)) {
                throw new Stopped(Stop.SHUTDOWN);
            }
        } catch (InterruptedException e) {
            throw new Stopped(Stop.SHUTDOWN);
        }
    }
}
