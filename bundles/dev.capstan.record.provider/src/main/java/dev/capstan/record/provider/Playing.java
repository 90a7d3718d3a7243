package dev.capstan.record.provider;

import dev.capstan.content.Content;
import dev.capstan.content.ContentReader;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.download.Downloads;
import dev.capstan.download.RefusedException;
import dev.capstan.record.RecordException;
import dev.capstan.record.RecordException.Reason;
import dev.capstan.record.Track;
import dev.capstan.record.provider.Fetcher.Fetch;
import dev.capstan.record.provider.Fetcher.Wish;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.PromiseFactory;

/**
 * Brings a record's bytes to whoever wants them (E3, E5, E6): what is in the store is opened and
 * nobody is asked; what is missing is fetched once for all, and must be the record's.
 *
 * <p>Safe for any number of threads.
 */
final class Playing {
    private static final System.Logger LOG = System.getLogger(Playing.class.getName());

    /** Before what is etched, since somebody listens; after it comes what is fetched ahead. */
    private static final int AT_ONCE = 100;

    private static final int AHEAD = -100;

    /** A player closes its stream and opens it again at another place. */
    private static final long GRACE_MILLIS = 30_000;

    private final Fetcher fetcher;
    private final Tracks tracks;
    private final Downloads downloads;
    private final Contents contents;
    private final Shelf shelf;
    private final LongSupplier limit;
    private final PromiseFactory promises;

    Playing(
            Fetcher fetcher,
            Tracks tracks,
            Downloads downloads,
            Contents contents,
            Shelf shelf,
            LongSupplier limit,
            PromiseFactory promises) {
        this.fetcher = fetcher;
        this.tracks = tracks;
        this.downloads = downloads;
        this.contents = contents;
        this.shelf = shelf;
        this.limit = limit;
        this.promises = promises;
    }

    /** Opens a track. */
    Promise<ContentReader> play(String id, int index) {
        try {
            var entry = shelf.require(id);
            var track = track(entry, index);
            var content = tracks.find(track).orElse(null);
            if (content != null) {
                note(entry, index, content);
                var reader = tracks.reader(content.digest()).orElse(null);
                if (reader != null) {
                    return promises.resolved(reader);
                }
            }
            return begin(entry, track, AT_ONCE, true).flatMap(fetch -> opened(entry, index, fetch));
        } catch (RecordException e) {
            return promises.failed(e);
        }
    }

    /** Fetches a track that is missing; null if it is here. */
    @Nullable Promise<Fetch> ahead(Entry entry, int index) throws RecordException {
        var track = track(entry, index);
        var content = tracks.find(track).orElse(null);
        if (content != null) {
            note(entry, index, content);
            return null;
        }
        var fetch = begin(entry, track, AHEAD, false);
        fetch.onSuccess(there -> proven(entry, index, there));
        return fetch;
    }

    /** The content of a fetch, if it is what the record names. */
    Promise<Content> proven(Entry entry, int index, Fetch fetch) {
        return fetch.content()
                .map(
                        content -> {
                            if (!isRight(entry.record().tracks().get(index), content)) {
                                throw Faults.changed();
                            }
                            note(entry, index, content);
                            return content;
                        });
    }

    static Track track(Entry entry, int index) throws RecordException {
        var tracks = entry.record().tracks();
        if (index < 0 || index >= tracks.size()) {
            throw new RecordException(
                    Reason.NOT_FOUND,
                    "The record \""
                            + entry.record().name()
                            + "\" has "
                            + tracks.size()
                            + " tracks, and none of number "
                            + (index + 1)
                            + ".");
        }
        return tracks.get(index);
    }

    private Promise<Fetch> begin(Entry entry, Track track, int priority, boolean stream) {
        var sha256 = track.sha256();
        var promised = sha256 != null ? sha256 : track.md5();
        // Whatever is longer is something else: nothing of that need come.
        var most = track.size() >= 0 ? track.size() : limit.getAsLong();
        return fetcher.begin(
                new Wish(
                        track.link(),
                        entry.trust(),
                        promised == null ? Set.of() : Set.of(promised),
                        Math.max(1, most),
                        priority,
                        stream));
    }

    private Promise<ContentReader> opened(Entry entry, int index, Fetch fetch) {
        var whole = proven(entry, index, fetch);
        return downloads
                .open(fetch.id())
                .<ContentReader>map(
                        reader -> new CheckedReader(reader, whole, () -> closeLater(fetch)))
                .recoverWith(failed -> notOpened(whole, failed.getFailure()))
                .onFailure(failure -> fetch.close());
    }

    /** A download may have ended before it was to be opened: then its end says what became. */
    private Promise<ContentReader> notOpened(Promise<Content> whole, Throwable failure) {
        return failure instanceof RefusedException && whole.isDone()
                ? whole.<ContentReader>map(content -> tracks.open(content.digest()))
                        .recoverWith(ended -> promises.failed(asPlayed(ended.getFailure())))
                : promises.failed(asPlayed(failure));
    }

    /** What is longer than the record says is not the record's. */
    private static RecordException asPlayed(Throwable failure) {
        var fault = Faults.of(failure);
        return fault.reason() == Reason.TOO_BIG ? Faults.changed() : fault;
    }

    private void closeLater(Fetch fetch) {
        promises.resolved(true).delay(GRACE_MILLIS).onResolve(() -> fetch.close());
    }

    private boolean isRight(Track track, Content content) throws Exception {
        var sha256 = track.sha256();
        if (sha256 != null) {
            return sha256.equals(content.digest());
        }
        var md5 = track.md5();
        return md5 == null || md5.equals(contents.digest(content.digest(), Digest.MD5));
    }

    /** E2, P6: upgrades an old record, and pins what is kept. */
    private void note(Entry entry, int index, Content content) {
        if (entry.kept()) {
            contents.pin(content.digest(), entry.pin());
        }
        if (entry.record().tracks().get(index).sha256() != null) {
            return;
        }
        try {
            shelf.change(
                    entry.id(), there -> there.upgraded(index, content.digest(), content.size()));
        } catch (RecordException e) {
            LOG.log(Level.WARNING, "An old record was not upgraded", e);
        }
    }
}
