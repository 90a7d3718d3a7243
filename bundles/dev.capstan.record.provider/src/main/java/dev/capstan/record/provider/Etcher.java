package dev.capstan.record.provider;

import dev.capstan.content.Content;
import dev.capstan.content.Contents;
import dev.capstan.download.Trust;
import dev.capstan.name.Ulid;
import dev.capstan.record.EtchRequest;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.Track;
import dev.capstan.record.provider.Fetcher.Fetch;
import dev.capstan.record.provider.Fetcher.ListedException;
import dev.capstan.record.provider.Fetcher.Member;
import dev.capstan.record.provider.Fetcher.Wish;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Etches (E1): checks the words, has the bytes fetched, looks at them, and only then writes the
 * record. What was fetched for an etching that fails leaves the store again, unless somebody else
 * uses it.
 *
 * <p>Safe for any number of threads.
 */
final class Etcher {
    private static final int PRIORITY = 0;

    private final Fetcher fetcher;
    private final Sentry sentry;
    private final Tracks tracks;
    private final Contents contents;
    private final Shelf shelf;
    private final Ulid ids;
    private final InstantSource clock;
    private final LongSupplier limit;
    private final PromiseFactory promises;
    private final Set<String> slotsInWork = new HashSet<>();

    Etcher(
            Fetcher fetcher,
            Sentry sentry,
            Tracks tracks,
            Contents contents,
            Shelf shelf,
            Ulid ids,
            InstantSource clock,
            LongSupplier limit,
            PromiseFactory promises) {
        this.fetcher = fetcher;
        this.sentry = sentry;
        this.tracks = tracks;
        this.contents = contents;
        this.shelf = shelf;
        this.ids = ids;
        this.clock = clock;
        this.limit = limit;
        this.promises = promises;
    }

    /** What will become a record, every word of it checked. */
    private record Plan(
            String name,
            @Nullable String author,
            List<URI> links,
            List<String> titles,
            long maxBytes,
            Trust trust) {

        Plan(String name, @Nullable String author, List<URI> links, long maxBytes, Trust trust) {
            this(name, author, links, List.of(), maxBytes, trust);
        }

        /** The same, of the files that its only link turned out to list. */
        Plan of(List<Member> members) throws RecordException {
            var found = new ArrayList<URI>();
            for (var member : members) {
                found.add(Rules.link(member.link()));
            }
            var names = members.stream().map(Member::name).toList();
            var trusted = members.stream().allMatch(member -> member.trust() == trust);
            return new Plan(name, author, found, names, maxBytes, trusted ? trust : Trust.NETWORK);
        }

        String title(int track) {
            if (!titles.isEmpty()) {
                return titles.get(track);
            }
            return links.size() == 1 ? name : name + " " + (track + 1);
        }
    }

    Promise<Entry> etch(EtchRequest request) {
        Plan plan;
        String slot;
        try {
            plan = plan(request);
            slot = Rules.slot(request.slot());
            if (slot != null) {
                reserve(slot);
            }
        } catch (RecordException e) {
            return promises.failed(e);
        }
        return bring(plan)
                .map(
                        made -> {
                            var id = ids.next();
                            var record =
                                    new EtchedRecord(
                                            id, plan.name(), plan.author(), made, clock.instant());
                            var entry = new Entry(record, plan.trust(), slot, false, null);
                            shelf.put(entry);
                            return entry;
                        })
                .onResolve(() -> giveBack(slot));
    }

    /** Etches a record's links once more, under the same name. */
    Promise<Entry> etchAgain(Entry entry) {
        var old = entry.record();
        var links = old.tracks().stream().map(Track::link).toList();
        var plan = new Plan(old.name(), old.author(), links, limit.getAsLong(), entry.trust());
        return bring(plan)
                .map(
                        made -> {
                            var record =
                                    new EtchedRecord(
                                            old.id(), old.name(), old.author(), made, now());
                            return shelf.change(old.id(), there -> there.with(record))
                                    .orElseThrow(() -> removed(old));
                        });
    }

    private Plan plan(EtchRequest request) throws RecordException {
        var name = Rules.name(request.name());
        var author = Rules.author(request.author());
        Rules.tracks(request.links().size());
        var links = new ArrayList<URI>();
        for (var link : request.links()) {
            links.add(Rules.link(link));
        }
        var most = limit.getAsLong();
        var wish = request.maxBytes();
        if (wish < 0) {
            throw new RecordException(Reason.INVALID, "A limit must not be negative.");
        }
        return new Plan(
                name, author, links, wish == 0 ? most : Math.min(wish, most), request.trust());
    }

    private void reserve(String slot) throws RecordException {
        synchronized (slotsInWork) {
            var there = shelf.inSlot(slot);
            if (there.isPresent()) {
                throw new RecordException(
                        Reason.INVALID,
                        "The slot \""
                                + slot
                                + "\" holds the record \""
                                + there.get().record().name()
                                + "\"; remove it first.");
            }
            if (!slotsInWork.add(slot)) {
                throw new RecordException(
                        Reason.INVALID, "The slot \"" + slot + "\" is being etched already.");
            }
        }
    }

    private void giveBack(@Nullable String slot) {
        synchronized (slotsInWork) {
            slotsInWork.remove(slot);
        }
    }

    /** Fetches all links; what lists files gives a track for each of them (E7). */
    private Promise<List<Track>> bring(Plan plan) {
        return bringFiles(plan)
                .recoverWith(
                        failed ->
                                plan.links().size() == 1
                                                && failed.getFailure()
                                                        instanceof ListedException listed
                                                && !listed.members().isEmpty()
                                        ? bringFiles(plan.of(listed.members()))
                                        : rethrown(failed));
    }

    /**
     * Fetches all links, and makes a track of each as soon as it is here: the store may give it up
     * before the last one has come. Lets go of everything, whatever happens.
     */
    private Promise<List<Track>> bringFiles(Plan plan) {
        var begun = now();
        var fetches = new ArrayList<Promise<Fetch>>();
        var made = new ArrayList<Promise<Track>>();
        var fault = new AtomicReference<@Nullable Throwable>();
        for (var link : plan.links()) {
            var wish = new Wish(link, plan.trust(), Set.of(), plan.maxBytes(), PRIORITY, false);
            var number = fetches.size();
            var fetch = fetcher.begin(wish);
            fetches.add(fetch);
            made.add(fetch.flatMap(Fetch::content).map(content -> track(plan, number, content)));
        }
        Consumer<Throwable> refuse =
                failure -> {
                    // The first that fails ends the others, which then fail for that.
                    fault.compareAndSet(null, failure);
                    letGo(fetches);
                };
        var watched = new ArrayList<Promise<Boolean>>();
        for (var number = 0; number < made.size(); number++) {
            var link = plan.links().get(number);
            made.get(number).onFailure(refuse::accept);
            watched.add(
                    fetches.get(number)
                            .flatMap(Fetch::reader)
                            .flatMap(reader -> sentry.watch(reader, link, refuse)));
        }
        return settled(made)
                .map(ignored -> all(made, fault.get()))
                .flatMap(all -> gone(fetches).map(ignored -> all))
                .onResolve(() -> letGo(fetches))
                .recoverWith(
                        failed ->
                                settled(watched)
                                        .flatMap(left -> forgotten(fetches, begun))
                                        .flatMap(done -> rethrown(failed)));
    }

    private Track track(Plan plan, int number, Content content)
            throws RecordException, InterruptedException {
        if (content.size() > plan.maxBytes()) {
            throw tooBig(content.size(), plan.maxBytes());
        }
        return tracks.make(plan.links().get(number), content, plan.title(number));
    }

    private static List<Track> all(List<Promise<Track>> made, @Nullable Throwable fault)
            throws RecordException, InterruptedException, InvocationTargetException {
        if (fault != null) {
            throw Faults.of(fault);
        }
        var all = new ArrayList<Track>();
        for (var track : made) {
            all.add(track.getValue());
        }
        return all;
    }

    /** Resolves when all are resolved, whatever became of them. */
    private <T> Promise<Boolean> settled(List<Promise<T>> made) {
        var calm =
                made.stream()
                        .map(track -> track.map(any -> true).fallbackTo(promises.resolved(true)))
                        .toList();
        return promises.all(calm).map(all -> true);
    }

    /**
     * Resolves when the rows have left the queue: whoever plays the record at once would else be
     * given one that is just going.
     */
    private Promise<Boolean> gone(List<Promise<Fetch>> fetches) {
        return settled(fetches.stream().map(fetch -> fetch.flatMap(Fetch::close)).toList());
    }

    private void letGo(List<Promise<Fetch>> fetches) {
        fetches.forEach(fetch -> fetch.onSuccess(Fetch::close));
    }

    /** Gives up whatever came into the store by this etching alone. */
    private Promise<?> forgotten(List<Promise<Fetch>> fetches, Instant begun) {
        var forgotten =
                fetches.stream()
                        .map(
                                fetch ->
                                        fetch.flatMap(there -> forgotten(there, begun))
                                                .recover(never -> false))
                        .toList();
        return promises.all(forgotten);
    }

    /** Content can go when whoever fetched it has let go of it. */
    private Promise<Boolean> forgotten(Fetch fetch, Instant begun) {
        return fetch.close()
                .flatMap(gone -> fetch.content())
                .map(
                        content ->
                                !content.stored().isBefore(begun)
                                        && contents.evict(content.digest()));
    }

    private <T> Promise<T> rethrown(Promise<?> failed) throws InterruptedException {
        return promises.failed(failed.getFailure());
    }

    private Instant now() {
        return clock.instant();
    }

    private static RecordException tooBig(long size, long most) {
        return new RecordException(
                Reason.TOO_BIG,
                "The file has " + size + " bytes; a track may have " + most + " at most.");
    }

    private static RecordException removed(EtchedRecord record) {
        return new RecordException(
                Reason.NOT_FOUND, "The record \"" + record.name() + "\" was removed meanwhile.");
    }
}
