package dev.capstan.download.provider;

import dev.capstan.content.ContentReader;
import dev.capstan.content.spi.Ingest.Readers;
import dev.capstan.content.spi.IngestRequest.LookAhead;
import dev.capstan.download.Arrival;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One download at work, from the moment a worker claimed it until it is in the queue again or at an
 * end. Its {@link Journey} goes the way; what goes wrong there is answered by {@link RetryPolicy},
 * and what is asked from outside by its {@link Leash}. Either way the last thing it does is to move
 * its row.
 */
final class Run implements Runnable {
    private static final System.Logger LOG = System.getLogger(Run.class.getName());
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);

    private final Workshop shop;
    private final Host host;
    private final Host.Visit visit;
    private final Row row;
    private final Placement placement;
    private final Leash leash = new Leash();
    private final Gauge gauge = new Gauge();
    private final Hold hold;
    private final Tally tally = new Tally();
    private final Journey journey;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Instant heard;

    Run(Download claimed, Host host, Workshop shop) {
        this.shop = shop;
        this.host = host;
        heard = shop.now();
        row = new Row(claimed, shop.ledger(), shop.clock(), shop.closing());
        placement = new Placement(row, shop.names(), shop.settings());
        hold = new Hold(shop.contents(), this::lookAhead);
        journey = new Journey(shop, host, row, leash, gauge, hold, tally, placement);
        visit = host.enter(claimed.id(), Link.originOf(claimed.source().canonical()), shop.now());
    }

    // What other threads ask and say.

    String hostId() {
        return host.id();
    }

    /** The download as it is now. */
    Download snapshot() {
        var known = row.get();
        return known.copy().metrics(gauge.read(known.metrics())).build();
    }

    /** Its row, with the numbers as they were when it last rested. */
    Download row() {
        return row.get();
    }

    /** Its row as the store has it. */
    Download stored() {
        return row.stored();
    }

    /** Has the store know what was learned since the last move. */
    void keep() {
        row.keep();
    }

    /** Takes a sample of the speed; tells whether bytes moved. */
    boolean sample(long nanos) {
        return gauge.sample(nanos);
    }

    @Nullable Arrival arrival() {
        return gauge.arrival();
    }

    @Nullable Transfer transfer() {
        return gauge.transfer();
    }

    boolean isMovedBy(TransferEngine engine) {
        return gauge.isMovedBy(engine);
    }

    /** Whether its host may be waiting for an answer from the network. */
    boolean isAsking() {
        return journey.isAsking();
    }

    /** Opens what there is to read, or null while there is nothing. */
    @Nullable ContentReader read() throws DownloadException {
        return hold.read(gauge.isAnswered());
    }

    /** P14: who reads along, or null where no bytes arrive. */
    @Nullable Readers readers() {
        return gauge.readers();
    }

    /** P15: whether it lasts as long as somebody reads it, and nobody has for the time of grace. */
    boolean isUnheard(Instant now) {
        var readers = gauge.readers();
        if (!row.get().options().isStream() || readers == null || readers.count() > 0) {
            heard = now;
        }
        return !now.isBefore(heard.plus(shop.settings().get().grace()))
                && row.get().options().isStream();
    }

    private @Nullable LookAhead lookAhead() {
        var options = row.get().options();
        var bytes = options.lookAhead();
        if (bytes == null) {
            return null;
        }
        return new LookAhead(
                bytes == DownloadOptions.STREAM ? shop.settings().get().lookAhead() : bytes,
                options.cacheOnly());
    }

    /** Asks it to end; the first to ask decides how. */
    void stop(Stop reason) {
        leash.pull(reason);
    }

    boolean awaitEnd(Duration most) throws InterruptedException {
        return ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Changes settings while it runs; tells whether they are written. */
    boolean amend(UnaryOperator<Download> change) {
        var written = row.amend(change);
        var transfer = gauge.transfer();
        if (transfer != null) {
            var options = row.get().options();
            transfer.limit(options.maxConnections(), options.limitBytesPerSecond());
        }
        return written;
    }

    /** Nobody finds it any more. */
    void over() {
        ended.countDown();
    }

    // The worker's thread.

    @Override
    public void run() {
        try {
            var obstacle = visit.obstacle();
            if (obstacle != null) {
                avoid(obstacle);
                return;
            }
            while (!attempt()) {
                row.show(Phase.RESOLVING);
            }
        } catch (Stopped stopped) {
            leave(stopped.reason());
        } catch (RuntimeException | Error e) {
            broken(e);
        } finally {
            hold.close();
            placement.close();
            visit.leave();
        }
    }

    /** Goes the way once; tells whether the run is over. */
    private boolean attempt() throws Stopped {
        try {
            journey.go();
            visit.succeeded();
            return true;
        } catch (DownloadException e) {
            // What breaks since it was asked to end is nobody's failure.
            leash.check();
            visit.failed(e, shop.now());
            return settle(e);
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.CLOSED) {
                throw new Stopped(Stop.SHUTDOWN);
            }
            var isFull = e.reason() == StoreException.Reason.DISK_FULL;
            return settle(
                    new DownloadException(
                            isFull ? ErrorClass.DISK_FULL : ErrorClass.IO,
                            String.valueOf(e.getMessage()),
                            e));
        }
    }

    /** Answers an error; tells whether the run is over. */
    private boolean settle(DownloadException error) throws Stopped {
        leash.check();
        var known = row.get();
        var verdict =
                RetryPolicy.judge(
                        error,
                        tally,
                        known.status().retryCount(),
                        known.options(),
                        shop.settings().get().maxRetries(),
                        shop.now());
        if (error.errorClass() == ErrorClass.DISK_FULL) {
            noteFullDisk();
        }
        if (verdict instanceof Verdict.Again) {
            LOG.log(System.Logger.Level.DEBUG, "{0} again: {1}", known.id(), error.getMessage());
            return false;
        }
        if (verdict instanceof Verdict.Hold) {
            return hold(error);
        }
        if (verdict instanceof Verdict.Wait wait) {
            row.move(
                    status ->
                            Errors.noted(status, error, shop.now())
                                    .with(DownloadState.QUEUED, wait.phase(), null)
                                    .withRetryCount(wait.retryCount())
                                    .withWaitUntil(wait.until()),
                    Durability.DURABLE);
        } else if (verdict instanceof Verdict.Fail fail) {
            fail(fail.error());
        }
        return true;
    }

    /** The account is in question; tells whether the run is over. */
    private boolean hold(DownloadException error) throws Stopped {
        if (!tally.sessionRefreshed() && visit.mayRefresh()) {
            tally.refreshSession();
            return false;
        }
        var sentence = Errors.sentence(error);
        if (tally.sessionRefreshed()) {
            host.hold(sentence);
            if (row.get().options().failInsteadOfWaiting()) {
                fail(error);
                return true;
            }
        }
        row.move(
                status ->
                        Errors.noted(status, error, shop.now())
                                .with(DownloadState.QUEUED, Phase.ACCOUNT_HELD, sentence),
                Durability.DURABLE);
        return true;
    }

    private void fail(DownloadException error) throws Stopped {
        row.move(
                status ->
                        Errors.noted(status, error, shop.now())
                                .with(DownloadState.FAILED, Phase.NONE, null),
                Durability.DURABLE);
        shop.endReaders(row.get().source().key(), error);
        if (row.get().metrics().downloaded() == 0) {
            hold.close();
            shop.dropStaged(row.get().source().key());
        }
    }

    private void noteFullDisk() {
        var known = row.get();
        if (shop.disk().keepsWaiting(known.id())) {
            return;
        }
        if (known.status().phase() == Phase.PLACING) {
            shop.disk().targetFull(known.id(), placement::free);
        } else {
            shop.disk().storeFull(known.id());
        }
    }

    /** Stands back from what was in the way already when it was claimed. */
    private void avoid(Obstacle obstacle) throws Stopped {
        if (row.get().options().failInsteadOfWaiting() && obstacle.since() == null) {
            fail(new DownloadException(obstacle.errorClass(), obstacle.note()));
        } else {
            queue(obstacle.phase(), obstacle.note(), obstacle.until());
        }
    }

    private void leave(Stop reason) {
        try {
            switch (reason) {
                case PAUSE -> {
                    end(DownloadState.PAUSED, null);
                    shop.endReaders(row.get());
                }
                case UNHEARD -> {
                    end(DownloadState.CANCELLED, "nobody reads it any more");
                    // Somebody may have come in the last moment.
                    shop.endReaders(row.get());
                }
                case CANCEL -> {
                    end(DownloadState.CANCELLED, null);
                    shop.endReaders(row.get());
                    hold.close();
                    shop.dropStaged(row.get().source().key());
                }
                case YIELD -> queue(Phase.NONE, null, null);
                case HOST_GONE ->
                        queue(Phase.WAITING_FOR_HOST, "waiting for host " + host.id(), null);
                case ENGINE_GONE -> {
                    // One that is there and starts nothing is not asked in a circle.
                    var until = shop.engines().isEmpty() ? null : shop.now().plus(SHORTEST_WAIT);
                    queue(Phase.WAITING_FOR_ENGINE, "waiting for a transfer engine", until);
                }
                case DECRYPTOR_GONE ->
                        // The store may see it come, and go, a little later than the queue does.
                        queue(
                                Phase.WAITING_FOR_ENGINE,
                                "waiting for a decryptor",
                                shop.now().plus(SHORTEST_WAIT));
                case SHUTDOWN, LOST -> {
                    // The row stays as it is: for the next start, or for its new owner.
                }
            }
        } catch (Stopped e) {
            LOG.log(System.Logger.Level.DEBUG, "A row was left as it is: {0}", e.reason());
        }
    }

    private void end(DownloadState state, @Nullable String note) throws Stopped {
        row.move(status -> status.with(state, Phase.NONE, note), Durability.DURABLE);
    }

    private void queue(Phase phase, @Nullable String note, @Nullable Instant until) throws Stopped {
        row.move(
                status -> status.with(DownloadState.QUEUED, phase, note).withWaitUntil(until),
                Durability.ORDERED);
    }

    /** Our own fault: it must not take the worker with it, nor be tried for ever. */
    private void broken(Throwable fault) {
        LOG.log(System.Logger.Level.ERROR, "Download " + row.get().id() + " broke off", fault);
        try {
            if (row.state().isActive()) {
                fail(
                        new DownloadException(
                                ErrorClass.IO,
                                "An internal error ended the download ("
                                        + fault
                                        + "). The log tells more."));
            }
        } catch (Stopped | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A row was left as it is", e);
        }
    }
}
