package dev.capstan.download.provider;

import dev.capstan.content.ContentReader;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/**
 * Opens downloads for those who play them (P11). What cannot be read yet is looked at again
 * whenever its row has changed or a source has answered, on a thread of the {@link Desk}, in line
 * with what else is asked of the download; so nobody's transfer ever waits for whoever reads.
 *
 * <p>Safe for any thread.
 */
final class Playing {
    private final Desk desk;
    private final Map<Opening, Boolean> waiting = new ConcurrentHashMap<>();
    private volatile @Nullable Parts parts;

    /** What it looks at. */
    private record Parts(Workshop shop, Workers workers, Commands commands) {}

    /** Somebody who waits for a reader. Used by one thread at a time, that of the line. */
    private static final class Opening {
        private final String id;
        private final Deferred<ContentReader> deferred;
        private boolean begun;
        private boolean done;

        private Opening(String id, Deferred<ContentReader> deferred) {
            this.id = id;
            this.deferred = deferred;
        }
    }

    Playing(Desk desk) {
        this.desk = desk;
    }

    /** Puts it together with those who need it themselves. */
    void with(Workshop shop, Workers workers, Commands commands) {
        parts = new Parts(shop, workers, commands);
        shop.ledger().onChange(this::changed);
    }

    Promise<ContentReader> open(String id) {
        var opening = new Opening(id, desk.deferred());
        waiting.put(opening, true);
        look(opening);
        return opening.deferred.getPromise();
    }

    /** A row has changed. */
    private void changed(String id) {
        for (var opening : waiting.keySet()) {
            if (opening.id.equals(id)) {
                look(opening);
            }
        }
    }

    /** Bytes of some download can be read. */
    void readable() {
        waiting.keySet().forEach(this::look);
    }

    /** Refuses whoever waits: all is over. */
    void close() {
        for (var opening : waiting.keySet()) {
            if (waiting.remove(opening) != null) {
                opening.deferred.fail(
                        new RefusedException(Reason.UNAVAILABLE, "Downloads are stopping."));
            }
        }
    }

    private void look(Opening opening) {
        var looked =
                desk.later(
                        opening.id,
                        () -> {
                            lookInLine(opening);
                            return opening;
                        });
        looked.onFailure(failure -> end(opening, null, failure));
    }

    private void lookInLine(Opening opening) throws InterruptedException {
        var with = parts;
        if (opening.done || with == null) {
            return;
        }
        try {
            var reader = reader(opening, with);
            if (reader != null) {
                end(opening, reader, null);
            }
        } catch (RefusedException | DownloadException e) {
            end(opening, null, e);
        } catch (IOException e) {
            var message = String.valueOf(e.getMessage());
            end(opening, null, new DownloadException(ErrorClass.IO, message, e));
        }
    }

    private void end(Opening opening, @Nullable ContentReader reader, @Nullable Throwable error) {
        opening.done = true;
        if (waiting.remove(opening) == null) {
            if (reader != null) {
                reader.close();
            }
        } else if (reader != null) {
            opening.deferred.resolve(reader);
        } else if (error != null) {
            opening.deferred.fail(error);
        }
    }

    /** A reader, or null while there is nothing to be read yet. */
    private static @Nullable ContentReader reader(Opening opening, Parts with)
            throws RefusedException, DownloadException, IOException, InterruptedException {
        var run = with.workers.find(opening.id);
        if (run != null) {
            opening.begun = true;
            var reader = run.read();
            if (reader != null) {
                return reader;
            }
        }
        var row = with.shop.store().get(opening.id).orElseThrow(() -> notFound(opening.id));
        if (row.kind() == Download.Kind.LISTING) {
            throw new RefusedException(
                    Reason.INVALID, "The link lists other files; open one of those.");
        }
        if (LocalFile.isMeant(row.source()) && isPlayable(row.state())) {
            return with.shop.contents().openLocal(LocalFile.of(row.source()));
        }
        switch (row.state()) {
            case QUEUED -> {
                if (!opening.begun) {
                    opening.begun = true;
                    with.workers.startBeside(opening.id);
                }
            }
            case STARTING, DOWNLOADING -> opening.begun = true;
            case COMPLETED -> {
                var stored = stored(row, with.shop);
                if (stored != null) {
                    return stored;
                }
                fetchAgain(opening, with);
            }
            case PAUSED, FAILED, CANCELLED -> refuse(opening, row);
        }
        return null;
    }

    private static boolean isPlayable(DownloadState state) {
        return state != DownloadState.PAUSED
                && state != DownloadState.FAILED
                && state != DownloadState.CANCELLED;
    }

    private static @Nullable ContentReader stored(Download row, Workshop shop) throws IOException {
        var digest = row.digest();
        return digest == null ? null : shop.contents().open(digest).orElse(null);
    }

    /** E9: what was given up to make room is fetched once more. */
    private static void fetchAgain(Opening opening, Parts with)
            throws RefusedException, InterruptedException {
        opening.begun = true;
        with.commands.apply(opening.id, Command.RETRY);
        with.workers.startBeside(opening.id);
    }

    /** One that failed while somebody waited for it has an error to tell; else it is refused. */
    private static void refuse(Opening opening, Download row)
            throws RefusedException, DownloadException {
        var error = row.status().error();
        if (opening.begun && row.state() == DownloadState.FAILED && error != null) {
            throw new DownloadException(
                    error.errorClass(), error.message(), error.detail(), null, null);
        }
        throw new RefusedException(
                Reason.ILLEGAL_MOVE,
                switch (row.state()) {
                    case PAUSED -> "The download is paused; resume it to play it.";
                    case FAILED -> "The download has failed; retry it to play it.";
                    default -> "The download was cancelled; retry it to play it.";
                },
                row.state());
    }

    private static RefusedException notFound(String id) {
        return new RefusedException(Reason.NOT_FOUND, "There is no download " + id + ".");
    }
}
