package dev.capstan.download.provider;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadChange;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.download.spi.DownloadStore.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Does what users ask of single downloads. A running download is asked to end, and ends by writing
 * its own row (Q3); any other row is moved here, and looked at again if somebody was quicker.
 *
 * <p>Safe for any thread; blocks for a durable write, and under a second for a run to end.
 */
final class Commands {
    private static final System.Logger LOG = System.getLogger(Commands.class.getName());
    private static final Duration RUN_APPEARS = Duration.ofSeconds(1);
    private static final Duration RUN_ENDS = Duration.ofSeconds(10);

    private final Workshop shop;
    private final Workers workers;

    Commands(Workshop shop, Workers workers) {
        this.shop = shop;
        this.workers = workers;
    }

    Download apply(String id, Command command) throws RefusedException, InterruptedException {
        while (true) {
            var run = workers.find(id);
            if (run != null) {
                var done = end(run, command);
                if (done != null) {
                    return done;
                }
                continue;
            }
            var row = stored(id);
            if (row.state().isActive()) {
                awaitRun(row);
                continue;
            }
            var next = moved(row, command);
            if (shop.ledger().write(row, next, Durability.DURABLE)) {
                shop.disk().forget(id);
                shop.endReaders(next);
                if (command == Command.CANCEL) {
                    shop.dropStaged(row.source().key());
                }
                workers.signal();
                return next;
            }
        }
    }

    Download change(String id, DownloadChange change)
            throws RefusedException, InterruptedException {
        check(change);
        var category = Draft.category(change.category());
        UnaryOperator<Download> edit = row -> edited(row, change, category);
        while (true) {
            var run = workers.find(id);
            if (run != null) {
                if (run.amend(edit)) {
                    workers.signal();
                    return run.snapshot();
                }
                // It has just ended: the rules for a row at rest hold.
                awaitEnd(run);
                continue;
            }
            var row = stored(id);
            if (row.state().isActive()) {
                awaitRun(row);
                continue;
            }
            if (change.category() != null && row.state() == DownloadState.COMPLETED) {
                throw new RefusedException(
                        Reason.INVALID, "The file is placed already; its category stays.");
            }
            var next = edit.apply(row).copy().updatedAfter(shop.now()).build();
            if (shop.ledger().write(row, next, Durability.ORDERED)) {
                workers.signal();
                return next;
            }
        }
    }

    Download remove(String id, boolean deleteFile) throws RefusedException, InterruptedException {
        var row = withdrawn(id);
        var removed = shop.ledger().remove(id).orElse(row);
        shop.disk().forget(id);
        shop.intake().forgetSecret(removed);
        shop.endReaders(removed);
        if (!removed.options().isStream() || removed.state() == DownloadState.FAILED) {
            // Of a stream the store keeps what came, by its own limits: it may be played again.
            shop.dropStaged(removed.source().key());
        }
        if (deleteFile) {
            delete(removed);
        }
        return removed;
    }

    /** Ends a run for a command; null if it ended otherwise and the row is to be looked at. */
    private @Nullable Download end(Run run, Command command)
            throws RefusedException, InterruptedException {
        switch (command) {
            case PAUSE -> run.stop(Stop.PAUSE);
            case CANCEL -> run.stop(Stop.CANCEL);
            case RESUME, RETRY -> {
                if (run.row().state().isActive()) {
                    throw illegal(run.row(), command);
                }
            }
        }
        awaitEnd(run);
        var after = run.row();
        var byCommand = command == Command.PAUSE || command == Command.CANCEL;
        return byCommand && after.state() == command.goal() ? after : null;
    }

    /** Makes sure that nobody runs a row or will, before it is removed. */
    private Download withdrawn(String id) throws RefusedException, InterruptedException {
        while (true) {
            var run = workers.find(id);
            if (run != null) {
                run.stop(Stop.CANCEL);
                awaitEnd(run);
                continue;
            }
            var row = stored(id);
            if (row.state().isActive()) {
                awaitRun(row);
            } else if (row.state().isEnded()) {
                return row;
            } else {
                var cancelled = moved(row, Command.CANCEL);
                if (shop.ledger().write(row, cancelled, Durability.ORDERED)) {
                    return cancelled;
                }
            }
        }
    }

    private Download moved(Download row, Command command) throws RefusedException {
        if (!command.from().contains(row.state())) {
            throw illegal(row, command);
        }
        var status = row.status().with(command.goal(), Phase.NONE, null);
        var next = row.copy().updatedAfter(shop.now());
        if (command == Command.RETRY) {
            // What was expanded to its end begins anew, what broke off goes on.
            var anew = row.state() == DownloadState.COMPLETED;
            next.metadata(anew ? ListingMark.off(row.metadata()) : row.metadata()).completed(null);
            status = status.forgiven();
        }
        return next.status(status).build();
    }

    private static Download edited(Download row, DownloadChange change, @Nullable String category) {
        var priority = change.priority();
        var position = change.position();
        var target = row.target();
        return row.copy()
                .priority(priority != null ? priority : row.priority())
                .position(position != null ? position : row.position())
                .target(change.category() != null ? target.withCategory(category) : target)
                .options(options(row.options(), change))
                .build();
    }

    private static DownloadOptions options(DownloadOptions options, DownloadChange change) {
        var connections = change.maxConnections();
        var limit = change.limitBytesPerSecond();
        return options.withLimits(
                connections != null ? connections : options.maxConnections(),
                limit != null ? limit : options.limitBytesPerSecond());
    }

    private static void check(DownloadChange change) throws RefusedException {
        var connections = change.maxConnections();
        var limit = change.limitBytesPerSecond();
        if ((connections != null && connections < 0) || (limit != null && limit < 0)) {
            throw new RefusedException(Reason.INVALID, "Limits must not be negative.");
        }
    }

    private Download stored(String id) throws RefusedException {
        return shop.store()
                .get(id)
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        Reason.NOT_FOUND, "There is no download " + id + "."));
    }

    private void awaitRun(Download row) throws RefusedException, InterruptedException {
        if (workers.await(row.id(), RUN_APPEARS) == null
                && shop.store().get(row.id()).filter(now -> now.state().isActive()).isPresent()) {
            throw new RefusedException(
                    Reason.UNAVAILABLE, "Another host runs this download now.", row.state());
        }
    }

    private static void awaitEnd(Run run) throws RefusedException, InterruptedException {
        if (!run.awaitEnd(RUN_ENDS)) {
            throw new RefusedException(
                    Reason.UNAVAILABLE, "The download does not stop; look at the log.");
        }
    }

    private static RefusedException illegal(Download row, Command command) {
        var state = row.state();
        return new RefusedException(
                Reason.ILLEGAL_MOVE,
                "A download that is " + state + " cannot be " + word(command) + ".",
                state);
    }

    private static String word(Command command) {
        return switch (command) {
            case PAUSE -> "paused";
            case RESUME -> "resumed";
            case CANCEL -> "cancelled";
            case RETRY -> "retried";
        };
    }

    private static void delete(Download row) {
        var file = row.target().placed();
        try {
            if (file != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "Could not delete " + file + ": " + e);
        }
    }
}
