package dev.capstan.room.provider.piece;

import dev.capstan.content.Digest;
import dev.capstan.download.Added;
import dev.capstan.download.BatchRef;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.Trust;
import dev.capstan.room.provider.document.MatchLock.Piece;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Promise;
import org.osgi.util.promise.Promises;

/**
 * What pieces have in the queue. A row is shared by all pieces, of whatever rooms, that want the
 * same link; one that was made for pieces leaves the queue, with the bytes it has, when the last of
 * them has given it up. Bytes of two links never meet: each has a row, and so a staging, of its
 * own.
 *
 * <p>Used at the desk, but for {@link #isHeld}.
 */
final class Rows {
    /** What tells its rows from those of others. */
    private static final String CATEGORY = "rooms";

    private static final int MOST_LOOKS = 200;

    private final Downloads downloads;
    private final Consumer<Runnable> desk;
    private final Duration patience;
    private final Map<String, Row> rows = new ConcurrentHashMap<>();
    private final Map<Follower, Row> followed = new HashMap<>();
    private final Turnstile turnstile = new Turnstile();

    /** In the order in which they are looked at. */
    private final Queue<Row> ring = new ArrayDeque<>();

    /** Hears of a row. */
    interface Follower {

        /** Whether it still wants a row. */
        boolean isWaiting();

        /** Bytes came. */
        void moved(long bytes, long total);

        /** All bytes are in the store. */
        void landed(Digest digest);

        /** There will be no bytes. */
        void failed(String reason);
    }

    /**
     * Creates it.
     *
     * @param desk does things on the one thread that uses this
     * @param patience how long a source may bring nothing
     */
    Rows(Downloads downloads, Consumer<Runnable> desk, Duration patience) {
        this.downloads = downloads;
        this.desk = desk;
        this.patience = patience;
    }

    /** A wish for one link of a piece. */
    record Wish(Piece piece, String link, Trust trust, BatchRef batch, Follower follower) {}

    /** Whether somebody follows a row. For any thread. */
    boolean isHeld(String id) {
        return rows.containsKey(id);
    }

    /** Adds links to the queue, all at once. */
    void add(List<Wish> wishes) {
        turnstile.add(
                () ->
                        answer(
                                () -> downloads.add(wishes.stream().map(this::request).toList()),
                                added -> taken(wishes, added),
                                failure ->
                                        wishes.forEach(
                                                wish -> wish.follower().failed(said(failure)))));
    }

    /**
     * Ends to follow.
     *
     * @param then is done once the row, if nobody else wants it, is gone with its bytes
     */
    void giveUp(Follower follower, Runnable then) {
        var row = followed.remove(follower);
        if (row != null) {
            row.followers.remove(follower);
        }
        if (row == null || !row.followers.isEmpty()) {
            then.run();
            return;
        }
        rows.remove(row.download.id());
        remove(row.download, then);
    }

    /** A download changed, or was removed. */
    void heard(Download download, boolean isRemoved) {
        var row = rows.get(download.id());
        if (row == null || download.updated().isBefore(row.download.updated())) {
            // Of nobody, or of the time before it was queued again.
            return;
        }
        if (isRemoved) {
            end(row, follower -> follower.failed("It was removed from the queue."));
            return;
        }
        switch (download.state()) {
            case COMPLETED -> completed(row, download);
            case FAILED -> {
                var error = download.status().error();
                end(
                        row,
                        follower ->
                                follower.failed(error == null ? "It failed." : error.message()));
            }
            case CANCELLED -> end(row, follower -> follower.failed("It was cancelled."));
            default -> going(row, download);
        }
    }

    /** Looks at some rows: events tell what happened, and this what does not happen. */
    void look() {
        for (var i = Math.min(ring.size(), MOST_LOOKS); i > 0; i--) {
            var row = ring.remove();
            if (rows.get(row.download.id()) == row) {
                ring.add(row);
                look(row);
            }
        }
    }

    private void look(Row row) {
        try {
            downloads
                    .get(row.download.id())
                    .ifPresentOrElse(now -> heard(now, false), () -> heard(row.download, true));
        } catch (IllegalStateException e) {
            // The queue is stopping; if it comes back, so do its rows.
        }
    }

    private void remove(Download download, Runnable then) {
        if (!isOurs(download)) {
            then.run();
            return;
        }
        turnstile.remove(
                () -> {
                    if (isHeld(download.id())) {
                        // Somebody wanted the same link meanwhile.
                        answered(then);
                    } else {
                        // Whether it was there does not matter: it is not there any more.
                        answer(
                                () -> downloads.remove(download.id(), false),
                                removed -> then.run(),
                                failure -> then.run());
                    }
                });
    }

    /** Asks the queue, and goes on at the desk with what it says. */
    private <T> void answer(
            Supplier<Promise<T>> question, Consumer<T> done, Consumer<Throwable> failed) {
        Promise<T> promise;
        try {
            promise = question.get();
        } catch (RuntimeException e) {
            // It is stopping, or takes no such link.
            promise = Promises.failed(e);
        }
        promise.onSuccess(value -> answered(() -> done.accept(value)))
                .onFailure(failure -> answered(() -> failed.accept(failure)));
    }

    private void answered(Runnable then) {
        desk.accept(
                () -> {
                    try {
                        then.run();
                    } finally {
                        turnstile.answered();
                    }
                });
    }

    private static boolean isOurs(Download download) {
        return download.options().cacheOnly() && CATEGORY.equals(download.target().category());
    }

    private DownloadRequest request(Wish wish) {
        var piece = wish.piece();
        var options =
                new DownloadOptions(0, 0, 0, patience, true)
                        .withMaxBytes(Math.max(0, piece.size()));
        var request =
                DownloadRequest.of(wish.link())
                        .trust(wish.trust())
                        .category(CATEGORY)
                        .batch(wish.batch())
                        .cacheOnly(true)
                        .options(options);
        var promised = piece.sha256();
        return promised == null ? request : request.promise(Digest.sha256(promised));
    }

    private void taken(List<Wish> wishes, List<Added> added) {
        for (var i = 0; i < wishes.size(); i++) {
            var follower = wishes.get(i).follower();
            var answer = added.get(i);
            var download = answer.download();
            if (download == null) {
                var refusal = answer.refusal();
                follower.failed(refusal == null ? "The queue said nothing." : said(refusal));
                continue;
            }
            if (!follower.isWaiting()) {
                if (!isHeld(download.id())) {
                    remove(download, () -> {});
                }
                continue;
            }
            var row = rows.computeIfAbsent(download.id(), id -> begun(download));
            row.followers.add(follower);
            followed.put(follower, row);
            // It may have ended before anybody listened.
            look(row);
        }
    }

    private Row begun(Download download) {
        var row = new Row(download);
        ring.add(row);
        return row;
    }

    private void completed(Row row, Download download) {
        var digest = download.digest();
        if (download.kind() == Download.Kind.LISTING || digest == null) {
            removeListed(download);
            end(row, follower -> follower.failed("The link is a list of files and no file."));
            return;
        }
        rows.remove(download.id());
        row.followers.forEach(followed::remove);
        row.followers.forEach(follower -> follower.landed(digest));
    }

    /** The files of a list have joined the batch, and are wanted by nobody. */
    private void removeListed(Download listing) {
        var batch = listing.batch();
        if (batch == null || !isOurs(listing)) {
            return;
        }
        var query =
                new DownloadQuery(
                        Set.of(),
                        batch.id(),
                        CATEGORY,
                        null,
                        null,
                        DownloadQuery.Sort.ADDED,
                        false,
                        DownloadQuery.MAX_LIMIT,
                        null);
        for (var page = downloads.list(query); ; page = downloads.list(query.from(page.next()))) {
            page.items().stream()
                    .filter(row -> !row.state().isEnded() && !isHeld(row.id()) && isOurs(row))
                    .forEach(row -> remove(row, () -> {}));
            if (page.next() == null) {
                return;
            }
        }
    }

    private void going(Row row, Download download) {
        var reason = row.heard(download, patience);
        if (reason != null) {
            end(row, follower -> follower.failed(reason));
            return;
        }
        if (download.state() == DownloadState.DOWNLOADING) {
            var metrics = download.metrics();
            List.copyOf(row.followers)
                    .forEach(follower -> follower.moved(metrics.downloaded(), metrics.size()));
        }
    }

    /** The followers give it up one after the other, and the last of them removes it. */
    private static void end(Row row, Consumer<Follower> said) {
        List.copyOf(row.followers).forEach(said);
    }

    private static String said(Throwable failure) {
        return failure instanceof RefusedException refused
                ? String.valueOf(refused.getMessage())
                : "The queue does not take it now (" + failure.getMessage() + ").";
    }

    /** One row and who follows it. */
    private static final class Row {
        private final Set<Follower> followers = new LinkedHashSet<>();
        private Download download;
        private long most;
        private long since = System.nanoTime();

        Row(Download download) {
            this.download = download;
        }

        /** Takes note; tells why it is to be given up, or null. */
        @Nullable String heard(Download now, Duration patience) {
            download = now;
            var status = now.status();
            if (now.state() == DownloadState.QUEUED && isHopeless(status.phase())) {
                var error = status.error();
                var note = status.note();
                return error != null ? error.message() : "It would have to wait: " + note;
            }
            var waitsForSource =
                    now.state() == DownloadState.DOWNLOADING
                            && (status.phase() == Phase.CONNECTING
                                    || status.phase() == Phase.TRANSFERRING);
            if (!waitsForSource || now.metrics().downloaded() > most) {
                most = Math.max(most, now.metrics().downloaded());
                since = System.nanoTime();
            }
            return System.nanoTime() - since > patience.toNanos()
                    ? "Nothing came for " + patience.toSeconds() + " s."
                    : null;
        }

        private static boolean isHopeless(Phase phase) {
            return switch (phase) {
                case RETRY_WAIT, HOST_WAIT, WAITING_FOR_HOST, WAITING_FOR_ENGINE, ACCOUNT_HELD ->
                        true;
                default -> false;
            };
        }
    }
}
