package dev.capstan.record.provider;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.download.Added;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.Trust;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Has the queue fetch bytes for records into the store. A row of the queue that was made for that
 * is shared by all who want the same bytes, and gone from the list when the last of them has let
 * go.
 *
 * <p>Safe for any number of threads; it waits for nothing and holds no lock over a call.
 */
final class Fetcher {
    /** What tells its rows from those of others. */
    static final String CATEGORY = "records";

    /**
     * What is wanted.
     *
     * @param link where the bytes are
     * @param trust who gave the link
     * @param promised digests they must have
     * @param maxBytes most of them, 0 for no limit
     * @param priority higher goes first
     * @param stream whether they are for a reader, and come as it reads
     */
    record Wish(
            URI link,
            Trust trust,
            Set<Digest> promised,
            long maxBytes,
            int priority,
            boolean stream) {}

    /**
     * A file of a list.
     *
     * @param trust what the queue has in the link: another side's list reaches less far
     */
    record Member(String link, String name, Trust trust) {}

    /** The link is no file but a list of files, the first of which are told in their order. */
    static final class ListedException extends RecordException {
        private static final long serialVersionUID = 1L;

        private final transient List<Member> members;

        private ListedException(List<Member> members) {
            super(
                    Reason.INVALID,
                    "The link is a list of files and no file; give the links of its files.");
            this.members = members;
        }

        List<Member> members() {
            return members;
        }
    }

    private final Downloads downloads;
    private final Contents contents;
    private final PromiseFactory promises;
    private final Supplier<Duration> patience;
    private final IntSupplier mostMembers;
    private final Map<String, Flight> flights = new HashMap<>();

    /** Resolves before anything is added, so that a row of another life is not taken for ours. */
    private final Promise<Boolean> cleaned;

    /**
     * Creates it.
     *
     * @param patience how long a source may take to its first byte, as configured
     * @param mostMembers how many files of a list are told, as configured
     */
    Fetcher(
            Downloads downloads,
            Contents contents,
            PromiseFactory promises,
            Supplier<Duration> patience,
            IntSupplier mostMembers) {
        this.patience = patience;
        this.mostMembers = mostMembers;
        this.downloads = downloads;
        this.contents = contents;
        this.promises = promises;
        cleaned = promises.submit(this::clean).recover(failed -> false);
    }

    /** Removes what a process that was killed left in the queue: nobody waits for it any more. */
    private boolean clean() throws InterruptedException {
        forgetAll(ours(null));
        return true;
    }

    /** Its rows in the queue, oldest first: all, or those of one batch. */
    private List<Download> ours(@Nullable String batch) {
        var query =
                new DownloadQuery(
                        Set.of(),
                        batch,
                        CATEGORY,
                        null,
                        null,
                        DownloadQuery.Sort.ADDED,
                        false,
                        DownloadQuery.MAX_LIMIT,
                        null);
        var found = new ArrayList<Download>();
        var page = downloads.list(query);
        while (true) {
            page.items().stream().filter(Fetcher::isOurs).forEach(found::add);
            if (page.next() == null) {
                return found;
            }
            page = downloads.list(query.from(page.next()));
        }
    }

    private void forgetAll(List<Download> rows) throws InterruptedException {
        for (var removal : rows.stream().map(this::forget).toList()) {
            removal.getFailure();
        }
    }

    /** What a list of files was, whose rows leave the queue. */
    private ListedException listed(Download listing, BatchRef batch) throws InterruptedException {
        var rows = new ArrayList<>(ours(batch.id()));
        rows.removeIf(row -> row.id().equals(listing.id()));
        var members =
                rows.stream()
                        .limit(mostMembers.getAsInt())
                        .map(
                                row ->
                                        new Member(
                                                row.source().link(),
                                                row.displayName(),
                                                row.source().trust()))
                        .toList();
        forgetAll(rows);
        return new ListedException(members);
    }

    /** Begins to fetch; fails with {@link RecordException} where the queue does not take it. */
    Promise<Fetch> begin(Wish wish) {
        var options =
                new DownloadOptions(0, 0, 0, patience.get(), true)
                        .withUse(true, wish.stream() ? DownloadOptions.STREAM : null)
                        .withMaxBytes(wish.maxBytes());
        var request =
                DownloadRequest.of(wish.link().toString())
                        .trust(wish.trust())
                        .category(CATEGORY)
                        .priority(wish.priority())
                        .options(options);
        wish.promised().forEach(request::promise);
        return cleaned.flatMap(done -> downloads.add(List.of(request)))
                .flatMap(added -> taken(added.get(0)));
    }

    /** Ends all waiting; the next start removes what is left in the queue. */
    void close() {
        List<Flight> left;
        synchronized (flights) {
            left = List.copyOf(flights.values());
            flights.clear();
        }
        left.forEach(Flight::givenUp);
    }

    /** A download changed, or was removed. */
    void heard(Download download, boolean removed) {
        var ended = removed || download.state().isEnded();
        if (!ended && download.state() != DownloadState.DOWNLOADING) {
            return;
        }
        Flight flight;
        synchronized (flights) {
            flight = flights.get(download.id());
        }
        if (flight != null && ended) {
            flight.landed(download);
        } else if (flight != null) {
            flight.flows();
        }
    }

    private Promise<Fetch> taken(Added added) {
        var refusal = added.refusal();
        var download = added.download();
        if (refusal != null || download == null) {
            var error =
                    refusal == null
                            ? new RecordException(Reason.UNAVAILABLE, "The queue said nothing.")
                            : Faults.of(refusal);
            return promises.failed(error);
        }
        Flight flight;
        synchronized (flights) {
            flight = flights.computeIfAbsent(download.id(), id -> new Flight(download));
            flight.holders++;
        }
        // It may have ended before anybody listened.
        downloads.get(download.id()).ifPresent(now -> heard(now, false));
        return promises.resolved(new Fetch(flight));
    }

    private Promise<?> letGo(Flight flight) {
        synchronized (flights) {
            if (--flight.holders > 0) {
                return promises.resolved(flight);
            }
            flights.remove(flight.row.id());
        }
        if (!isOurs(flight.row)) {
            flight.givenUp();
            return promises.resolved(flight);
        }
        // It may have come to its end in this moment, and its content is then in the store.
        return forget(flight.row).onSuccess(flight::landed).onFailure(failure -> flight.givenUp());
    }

    private Promise<Download> forget(Download row) {
        return downloads.remove(row.id(), false);
    }

    private static boolean isOurs(Download row) {
        return row.options().cacheOnly() && CATEGORY.equals(row.target().category());
    }

    private Content content(Download ended) throws RecordException {
        var digest = ended.digest();
        if (ended.state() == DownloadState.COMPLETED && digest != null) {
            return contents.find(digest)
                    .orElseThrow(
                            () ->
                                    new RecordException(
                                            Reason.UNAVAILABLE,
                                            "The content left the store as soon as it was there;"
                                                    + " give the store more room."));
        }
        var error = ended.status().error();
        throw ended.state() == DownloadState.FAILED && error != null
                ? Faults.of(error)
                : cancelled();
    }

    private static RecordException cancelled() {
        return new RecordException(Reason.UNAVAILABLE, "The fetch was cancelled.");
    }

    /** A row of the queue, and who wants it. */
    private final class Flight {
        private final Download row;
        private final Deferred<Content> landing = promises.deferred();
        private final Deferred<Boolean> flowing = promises.deferred();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicBoolean begun = new AtomicBoolean();
        private int holders;

        private Flight(Download row) {
            this.row = row;
        }

        private void flows() {
            if (begun.compareAndSet(false, true)) {
                flowing.resolve(true);
            }
        }

        private void flowsNoMore() {
            if (begun.compareAndSet(false, true)) {
                flowing.fail(cancelled());
            }
        }

        private void landed(Download ended) {
            if (over.compareAndSet(false, true)) {
                flowsNoMore();
                var batch = ended.batch();
                if (ended.kind() == Download.Kind.LISTING && batch != null) {
                    // It asks the queue for a while, which whoever tells of changes must not.
                    promises.submit(() -> listed(ended, batch))
                            .onSuccess(landing::fail)
                            .onFailure(landing::fail);
                    return;
                }
                try {
                    landing.resolve(content(ended));
                } catch (RecordException e) {
                    landing.fail(e);
                }
            }
        }

        private void givenUp() {
            if (over.compareAndSet(false, true)) {
                flowsNoMore();
                landing.fail(cancelled());
            }
        }
    }

    /** One caller's part in a row. */
    final class Fetch {
        private final Flight flight;
        private final Deferred<Boolean> gone = promises.deferred();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Fetch(Flight flight) {
            this.flight = flight;
        }

        /** The row's id. */
        String id() {
            return flight.row.id();
        }

        /** The content, once it is verified and in the store. */
        Promise<Content> content() {
            return flight.landing.getPromise();
        }

        /**
         * A reader of the bytes as they come, once they do; unlike a player's it starts nothing out
         * of turn. Fails where the row ends before anything flows.
         */
        Promise<ContentReader> reader() {
            return flight.flowing.getPromise().flatMap(now -> downloads.open(id()));
        }

        /**
         * Lets go; what nobody wants any more ends.
         *
         * @return resolves when it has ended and holds nothing any more, however that went
         */
        Promise<Boolean> close() {
            if (closed.compareAndSet(false, true)) {
                letGo(flight).onResolve(() -> gone.resolve(true));
            }
            return gone.getPromise();
        }
    }
}
