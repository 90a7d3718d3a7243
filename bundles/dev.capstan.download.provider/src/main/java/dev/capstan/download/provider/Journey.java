package dev.capstan.download.provider;

import dev.capstan.content.Content;
import dev.capstan.content.Digest;
import dev.capstan.content.spi.Placed;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Metrics;
import dev.capstan.download.Phase;
import dev.capstan.download.Source;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.name.SafeNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way from a link to its file: resolve, fetch, place. Where the link lists others it ends with
 * their rows, and where the host has nothing yet, with a time to come back. What goes wrong on it
 * is its {@link Run}'s business.
 */
final class Journey {
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);
    private static final int METADATA_MOST = 64;

    private final Workshop shop;
    private final Host host;
    private final Row row;
    private final Leash leash;
    private final Gauge gauge;
    private final Hold hold;
    private final Tally tally;
    private final Placement placement;
    private volatile boolean isAsking;

    Journey(
            Workshop shop,
            Host host,
            Row row,
            Leash leash,
            Gauge gauge,
            Hold hold,
            Tally tally,
            Placement placement) {
        this.shop = shop;
        this.host = host;
        this.row = row;
        this.leash = leash;
        this.gauge = gauge;
        this.hold = hold;
        this.tally = tally;
        this.placement = placement;
    }

    /** Goes the way; the row is at the end of it then. */
    void go() throws DownloadException, Stopped {
        leash.check();
        placement.check();
        checkSpace();
        var service = host.service().orElseThrow(() -> new Stopped(Stop.HOST_GONE));
        var secret = shop.intake().secretOf(row.get());
        var link = row.get().source().link();
        var limit = shop.settings().get().resolveLimit();
        var context =
                new HostContext(
                        row.get(),
                        secret,
                        shop.outbound(),
                        () -> leash.pull(Stop.ENGINE_GONE),
                        shop.clock(),
                        limit);
        var resolved = asked(() -> service.resolveGiven(link, context, limit));
        row.note(known -> named(known, resolved.canonical()));
        var resolution = resolved.resolution();
        if (resolution instanceof Resolution.Found found) {
            fetch(found.file());
        } else if (resolution instanceof Resolution.Listing listing) {
            new Expansion(shop, row, leash, secret)
                    .expand(
                            listing,
                            cursor -> {
                                context.begin(limit);
                                return asked(() -> service.page(listing.pages(), cursor, limit));
                            });
        } else if (resolution instanceof Resolution.Later later) {
            comeBack(later);
        }
    }

    /** Whether its host may be waiting for an answer from the network. */
    boolean isAsking() {
        return isAsking;
    }

    private <T> T asked(Leash.Step<T> call) throws DownloadException, Stopped {
        isAsking = true;
        try {
            return leash.interruptible(call);
        } finally {
            isAsking = false;
        }
    }

    /** Asks nobody for bytes there is no room for. */
    private void checkSpace() throws DownloadException {
        var last = row.get().status().error();
        if (last != null && shop.disk().keepsWaiting(row.get().id())) {
            throw new DownloadException(ErrorClass.DISK_FULL, last.message());
        }
    }

    private static Download named(Download row, String canonical) {
        var source = row.source();
        return row.copy()
                .source(
                        new Source(
                                source.link(),
                                canonical,
                                source.host(),
                                source.key(),
                                source.trust()))
                .build();
    }

    private void comeBack(Resolution.Later later) throws Stopped {
        var wait = RetryPolicy.bounded(later.delay());
        var until = shop.now().plus(wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
        row.move(
                status ->
                        status.with(DownloadState.QUEUED, Phase.HOST_WAIT, later.reason())
                                .withWaitUntil(until),
                Durability.DURABLE);
    }

    private void fetch(RemoteFile file) throws DownloadException, Stopped {
        learn(file);
        var link = file.links().get(0).uri();
        if ("file".equalsIgnoreCase(link.getScheme())) {
            local(file, link);
            return;
        }
        var fetch = new Fetch(shop, host, row, leash, gauge, hold, placement, tally, file);
        var content = fetch.bring();
        if (row.get().options().cacheOnly()) {
            complete(content.size(), content.digest(), fetch.remark());
        } else {
            complete(place(file, content), fetch.remark());
        }
    }

    private Placed place(RemoteFile file, Content content) throws DownloadException, Stopped {
        var size = content.size();
        row.note(known -> known.copy().metrics(new Metrics(size, size, 0, 0)).build());
        row.show(Phase.PLACING);
        var name = placement.reserve(file.key());
        try {
            return leash.interruptible(
                    () -> shop.contents().place(content.digest(), placement.folder(), name));
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
    private void local(RemoteFile file, URI link) throws DownloadException, Stopped {
        var path = LocalFile.of(link, row.get().source().trust());
        var name = placement.reserve(file.key());
        row.move(
                status -> status.with(DownloadState.DOWNLOADING, Phase.PLACING, null),
                Durability.ORDERED);
        new Proof(shop.contents(), row.get().promised()).demand(path, leash);
        if (row.get().options().cacheOnly()) {
            var size = leash.interruptible(() -> sizeOf(path));
            complete(size, null, "It is played in place.");
            return;
        }
        var placed =
                leash.interruptible(
                        () -> shop.contents().placeLocal(path, placement.folder(), name));
        complete(placed, null);
    }

    private long sizeOf(Path path) throws DownloadException {
        try (var reader = shop.contents().openLocal(path)) {
            return reader.length().orElseThrow();
        }
    }

    private void complete(Placed placed, @Nullable String remark) throws Stopped {
        row.note(known -> known.copy().target(known.target().withPlaced(placed.path())).build());
        complete(placed.size(), placed.digest(), remark);
    }

    private void complete(long size, @Nullable Digest digest, @Nullable String remark)
            throws Stopped {
        row.note(
                known ->
                        known.copy()
                                .digest(digest)
                                .metrics(new Metrics(size, size, 0, 0))
                                .completed(shop.now())
                                .build());
        row.move(
                status -> status.with(DownloadState.COMPLETED, Phase.NONE, remark).forgiven(),
                Durability.DURABLE);
    }

    /** Takes over what the host tells of the file. */
    private void learn(RemoteFile file) {
        var before = row.get().source().key();
        row.note(known -> withFacts(known, file));
        if (before != null && !before.equals(file.key())) {
            shop.dropStaged(before);
        }
    }

    private static Download withFacts(Download row, RemoteFile file) {
        var metadata = new HashMap<String, String>();
        file.metadata().entrySet().stream()
                .limit(METADATA_MOST)
                .filter(entry -> !entry.getKey().startsWith(ListingMark.RESERVED))
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        metadata.putAll(ListingMark.off(row.metadata()));
        // A suggested folder is followed once, when the file is seen for the first time.
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
}
