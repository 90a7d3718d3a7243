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
import java.util.function.UnaryOperator;

/**
 * A claimed row. Its state is never ahead of the store (Q1); facts that were learned inside a state
 * may be, and reach the store with the next move.
 *
 * <p>Only the run's thread moves it from state to state; others may amend it meanwhile. Nobody
 * locks: whoever writes looks afterwards whether memory has changed, and writes again if it has. So
 * the newest row is always the last one written.
 */
final class Row {
    private static final System.Logger LOG = System.getLogger(Row.class.getName());

    private final AtomicReference<Download> now;
    private final Ledger ledger;
    private final Clock clock;
    private final CountDownLatch closing;

    Row(Download claimed, Ledger ledger, Clock clock, CountDownLatch closing) {
        now = new AtomicReference<>(claimed);
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

    /** Notes something that reaches the store with the next move. */
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
     * @param change applied again if the row was amended meanwhile
     * @throws Stopped if the row is not this run's any more, or the orchestrator stops
     */
    void move(UnaryOperator<Status> change, Durability durability) throws Stopped {
        var known = get();
        var written = known;
        while (true) {
            var next = stamped(known.copy().status(change.apply(known.status())).build());
            write(written, next, durability);
            if (now.compareAndSet(known, next)) {
                return;
            }
            written = next;
            known = get();
        }
    }

    /**
     * Changes the row within its state; for any thread.
     *
     * @return whether it is written; if not, the run is just moving the row, and writes it with
     *     this change, or has left it
     */
    boolean amend(UnaryOperator<Download> change) {
        var next = now.updateAndGet(row -> stamped(change.apply(row)));
        while (ledger.write(next, next, Durability.ORDERED)) {
            var newer = get();
            if (newer.equals(next)) {
                return true;
            }
            next = newer;
        }
        return false;
    }

    private Download stamped(Download row) {
        return row.copy().updated(clock.instant()).build();
    }

    private void write(Download seen, Download next, Durability durability) throws Stopped {
        while (true) {
            try {
                if (!ledger.write(seen, next, durability)) {
                    throw new Stopped(Stop.LOST);
                }
                return;
            } catch (StoreException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Download " + next.id() + " waits for the store: " + e.getMessage());
                waitForStore(e);
            }
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
