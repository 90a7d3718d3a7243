package dev.capstan.download.provider;

import dev.capstan.content.spi.Placed;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.Trust;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.name.SafeNames;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One download's way from its link to its file, from the moment a worker claimed it until it is in
 * the queue again or at an end. It resolves, fetches, verifies and places; what goes wrong is
 * answered by {@link RetryPolicy}, and what comes from outside by its {@link Leash}. Either way the
 * last thing it does is to move its row.
 */
final class Run implements Runnable {
    private static final System.Logger LOG = System.getLogger(Run.class.getName());
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
    private static final int METADATA_MOST = 64;

    private final Workshop shop;
    private final Host host;
    private final Host.Visit visit;
    private final Row row;
    private final Placement placement;
    private final Leash leash = new Leash();
    private final Gauge gauge = new Gauge();
    private final Tally tally = new Tally();
    private final CountDownLatch ended = new CountDownLatch(1);

    Run(Download claimed, Host host, Workshop shop) {
        this.shop = shop;
        this.host = host;
        row = new Row(claimed, shop.ledger(), shop.clock(), shop.closing());
        placement = new Placement(row, shop.names(), shop.settings());
        visit = host.enter(claimed.id(), Link.originOf(claimed.source().canonical()), shop.now());
        row.note(Run::resolving);
    }

    // What other threads ask and say.

    String id() {
        return row.get().id();
    }

    String hostId() {
        return host.id();
    }

    /** The download as it is now. */
    Download snapshot() {
        var known = row.get();
        return known.copy().metrics(gauge.read(known.metrics())).build();
    }

    /** Its row with the numbers as they were last written. */
    Download row() {
        return row.get();
    }

    /** Takes a sample of the speed; tells whether bytes moved. */
    boolean sample(long nanos) {
        return gauge.sample(nanos);
    }

    @Nullable Transfer transfer() {
        return gauge.transfer();
    }

    boolean isMovedBy(TransferEngine engine) {
        return gauge.isMovedBy(engine);
    }

    /** Asks it to end; tells whether this is what it ends by. */
    boolean stop(Stop reason) {
        return leash.pull(reason);
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

    // The way.

    @Override
    public void run() {
        try {
            var obstacle = visit.obstacle();
            if (obstacle != null) {
                avoid(obstacle);
                return;
            }
            while (!attempt()) {
                row.show(Phase.RESOLVING, null);
            }
        } catch (Stopped stopped) {
            leave(stopped.reason());
        } catch (RuntimeException | Error e) {
            broken(e);
        } finally {
            placement.close();
            visit.leave();
        }
    }

    /** Nobody finds it any more. */
    void over() {
        ended.countDown();
    }

    /** Goes the way once; tells whether the run is over. */
    private boolean attempt() throws Stopped {
        try {
            go();
            visit.succeeded();
            return true;
        } catch (DownloadException e) {
            visit.failed(e, shop.now());
            return settle(e);
        }
    }

    private void go() throws DownloadException, Stopped {
        leash.check();
        placement.check();
        checkSpace();
        var service = host.service().orElseThrow(() -> new Stopped(Stop.HOST_GONE));
        var secret = shop.intake().secretOf(row.get());
        var link = canonical(service);
        var limit = shop.settings().get().resolveLimit();
        var context = new HostContext(row.get(), secret, shop.outbound(), shop.clock(), limit);
        var resolution = leash.interruptible(() -> service.resolve(link, context, limit));
        if (resolution instanceof Resolution.Found found) {
            fetch(found.file());
        } else if (resolution instanceof Resolution.Listing listing) {
            new Expansion(shop, row, leash, secret)
                    .expand(
                            listing,
                            cursor -> {
                                context.begin(limit);
                                return leash.interruptible(
                                        () -> service.page(listing.pages(), cursor, limit));
                            });
        } else if (resolution instanceof Resolution.Later later) {
            var wait = RetryPolicy.bounded(later.delay());
            var until = shop.now().plus(wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
            queue(Phase.HOST_WAIT, later.reason(), until, Durability.DURABLE);
        }
    }

    /** The canonical link as the host names it today: it may have been away when it was added. */
    private String canonical(HostService service) throws DownloadException, Stopped {
        var source = row.get().source();
        var canonical = leash.interruptible(() -> service.recognise(List.of(source.link()))).get(0);
        if (canonical.isEmpty()) {
            throw new DownloadException(
                    ErrorClass.HOST, "Host " + host.id() + " does not take this link any more.");
        }
        var link = canonical.get();
        row.note(
                known ->
                        known.copy()
                                .source(
                                        new Source(
                                                source.link(),
                                                link,
                                                source.host(),
                                                source.key(),
                                                source.trust()))
                                .build());
        return link;
    }

    private void fetch(RemoteFile file) throws DownloadException, Stopped {
        learn(file);
        var link = file.links().get(0).uri();
        if ("file".equalsIgnoreCase(link.getScheme())) {
            complete(local(file, link), null);
            return;
        }
        var fetch = new Fetch(shop, host, row, leash, gauge, placement, tally, file);
        var content = fetch.bring();
        var size = content.size();
        row.note(known -> known.copy().metrics(new Metrics(size, size, 0, 0)).build());
        row.show(Phase.PLACING, null);
        var name = placement.reserve(file.key());
        try {
            var placed =
                    leash.interruptible(
                            () ->
                                    shop.contents()
                                            .place(content.digest(), placement.folder(), name));
            complete(placed, fetch.remark());
        } catch (DownloadException e) {
            if (e.errorClass() != ErrorClass.NOT_FOUND) {
                throw e;
            }
            // Not the source is gone, but the store's copy, between finding and placing it.
            throw new DownloadException(
                    ErrorClass.CHANGED, "The content left the store before it was placed.", e);
        }
    }

    /** P13: a file of the operator's own is placed as it is, and never becomes content. */
    private Placed local(RemoteFile file, URI link) throws DownloadException, Stopped {
        if (row.get().source().trust() != Trust.OPERATOR) {
            throw new DownloadException(
                    ErrorClass.BLOCKED,
                    "file: links are for the operator's own command line only.");
        }
        Path path;
        try {
            path = Path.of(link);
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            throw new DownloadException(
                    ErrorClass.NOT_FOUND, "The link names no local file: " + e.getMessage(), e);
        }
        var name = placement.reserve(file.key());
        row.move(
                known ->
                        known.copy()
                                .status(
                                        known.status()
                                                .with(
                                                        DownloadState.DOWNLOADING,
                                                        Phase.PLACING,
                                                        null))
                                .build(),
                Durability.ORDERED);
        new Proof(shop.contents(), row.get().promised()).demand(path, leash);
        return leash.interruptible(
                () -> shop.contents().placeLocal(path, placement.folder(), name));
    }

    /** Takes over what the host tells of the file. */
    private void learn(RemoteFile file) {
        var before = row.get().source().key();
        row.note(known -> known(known, file));
        if (before != null && !before.equals(file.key())) {
            shop.dropStaged(before);
        }
    }

    private static Download known(Download row, RemoteFile file) {
        var metadata = new HashMap<String, String>();
        file.metadata().entrySet().stream()
                .limit(METADATA_MOST)
                .filter(entry -> !entry.getKey().startsWith(ListingMark.RESERVED))
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        metadata.putAll(ListingMark.off(row.metadata()));
        var target = Draft.within(row.target(), row.source().key() == null ? file.folder() : null);
        var name = file.name();
        if (name != null && !target.nameGiven() && (target.name() == null || !file.nameIsGuess())) {
            target = target.withName(SafeNames.fileName(name, Placement.NAMELESS));
        }
        var size = file.size();
        return row.copy()
                .kind(Download.Kind.FILE)
                .source(row.source().withKey(file.key()))
                .target(target)
                .metadata(metadata)
                .metrics(
                        size == null
                                ? row.metrics()
                                : new Metrics(size, row.metrics().downloaded(), 0, 0))
                .build();
    }

    private void complete(Placed placed, @Nullable String remark) throws Stopped {
        row.move(
                known ->
                        known.copy()
                                .status(
                                        known.status()
                                                .with(DownloadState.COMPLETED, Phase.NONE, remark)
                                                .forgiven())
                                .target(known.target().withPlaced(placed.path()))
                                .digest(placed.digest())
                                .metrics(new Metrics(placed.size(), placed.size(), 0, 0))
                                .completed(shop.now())
                                .build(),
                Durability.DURABLE);
    }

    // What goes wrong.

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
        if (verdict instanceof Verdict.Again) {
            LOG.log(System.Logger.Level.DEBUG, "{0} again: {1}", id(), error.getMessage());
            return false;
        }
        if (verdict instanceof Verdict.Hold) {
            return hold(error);
        }
        if (error.errorClass() == ErrorClass.DISK_FULL) {
            noteFullDisk();
        }
        if (verdict instanceof Verdict.Wait wait) {
            var status =
                    Errors.noted(known.status(), error, shop.now())
                            .with(DownloadState.QUEUED, wait.phase(), null)
                            .withRetryCount(wait.retryCount())
                            .withWaitUntil(wait.until());
            row.move(now -> now.copy().status(status).build(), Durability.DURABLE);
        } else if (verdict instanceof Verdict.Fail fail) {
            fail(fail.error());
        }
        return true;
    }

    private boolean hold(DownloadException error) throws Stopped {
        if (!tally.sessionRefreshed() && visit.mayRefresh()) {
            tally.refreshSession();
            return false;
        }
        if (tally.sessionRefreshed()) {
            host.hold(Errors.sentence(error));
            if (row.get().options().failInsteadOfWaiting()) {
                fail(error);
                return true;
            }
        }
        var status =
                Errors.noted(row.get().status(), error, shop.now())
                        .with(DownloadState.QUEUED, Phase.ACCOUNT_HELD, Errors.sentence(error));
        row.move(known -> known.copy().status(status).build(), Durability.DURABLE);
        return true;
    }

    private void fail(DownloadException error) throws Stopped {
        row.move(
                known ->
                        known.copy()
                                .status(
                                        Errors.noted(known.status(), error, shop.now())
                                                .with(DownloadState.FAILED, Phase.NONE, null))
                                .build(),
                Durability.DURABLE);
        if (row.get().metrics().downloaded() == 0) {
            shop.dropStaged(row.get().source().key());
        }
    }

    /** Stands back from what was in the way already when it was claimed. */
    private void avoid(Obstacle obstacle) throws Stopped {
        if (row.get().options().failInsteadOfWaiting() && obstacle.since() == null) {
            fail(new DownloadException(obstacle.errorClass(), obstacle.note()));
        } else {
            queue(obstacle.phase(), obstacle.note(), obstacle.until(), Durability.ORDERED);
        }
    }

    /** Asks nobody for bytes there is no room for. */
    private void checkSpace() throws DownloadException {
        var last = row.get().status().error();
        if (last != null && shop.disk().keepsWaiting(id())) {
            throw new DownloadException(ErrorClass.DISK_FULL, last.message());
        }
    }

    private void noteFullDisk() {
        if (shop.disk().keepsWaiting(id())) {
            return;
        }
        if (row.get().status().phase() == Phase.PLACING) {
            shop.disk().targetFull(id(), placement::free);
        } else {
            shop.disk().storeFull(id());
        }
    }

    // What comes from outside.

    private void leave(Stop reason) {
        try {
            switch (reason) {
                case PAUSE -> end(DownloadState.PAUSED);
                case CANCEL -> {
                    end(DownloadState.CANCELLED);
                    shop.dropStaged(row.get().source().key());
                }
                case YIELD -> queue(Phase.NONE, null, null, Durability.ORDERED);
                case HOST_GONE ->
                        queue(
                                Phase.WAITING_FOR_HOST,
                                "waiting for host " + host.id(),
                                null,
                                Durability.ORDERED);
                case ENGINE_GONE ->
                        queue(
                                Phase.WAITING_FOR_ENGINE,
                                "waiting for a transfer engine",
                                // One that is there and starts nothing is not asked in a circle.
                                shop.engines().isEmpty() ? null : shop.now().plus(SHORTEST_WAIT),
                                Durability.ORDERED);
                case SHUTDOWN, LOST -> {
                    // The row stays as it is: for the next start, or for its new owner.
                }
            }
        } catch (Stopped e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} was left as it is: {1}", id(), e.reason());
        }
    }

    private void end(DownloadState state) throws Stopped {
        row.move(
                known -> known.copy().status(known.status().with(state, Phase.NONE, null)).build(),
                Durability.DURABLE);
    }

    private void queue(
            Phase phase, @Nullable String note, @Nullable Instant until, Durability durability)
            throws Stopped {
        row.move(
                known ->
                        known.copy()
                                .status(
                                        known.status()
                                                .with(DownloadState.QUEUED, phase, note)
                                                .withWaitUntil(until))
                                .build(),
                durability);
    }

    /** Our own fault: it must not take the worker with it, nor be tried for ever. */
    private void broken(Throwable fault) {
        if (fault instanceof StoreException store
                && store.reason() == StoreException.Reason.CLOSED) {
            return;
        }
        LOG.log(System.Logger.Level.ERROR, "Download " + id() + " broke off", fault);
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
            LOG.log(System.Logger.Level.WARNING, "Download " + id() + " was left as it is", e);
        }
    }

    private static Download resolving(Download claimed) {
        var status = claimed.status();
        return claimed.copy()
                .status(status.with(DownloadState.STARTING, Phase.RESOLVING, null))
                .build();
    }
}
