package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Selection;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.download.DownloadQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Shows on standard error what comes in batches that begin from now on: the work of a service that
 * tells only its end. Used by one thread.
 */
public final class BatchProgress implements AutoCloseable {
    private static final long LOOK_AROUND = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MOST_BATCHES = 10;

    private final Services services;
    private final Invocation call;
    private final Progress progress;
    private final Tracker tracker;
    private final Set<String> followed = new HashSet<>();
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private long next = System.nanoTime();

    private BatchProgress(Services services, Feed feed, Invocation call, Progress progress) {
        this.services = services;
        this.call = call;
        this.progress = progress;
        tracker = new Tracker(services, feed, false);
    }

    /** What fits a call; its verb has an option {@code --quiet}. */
    public static BatchProgress on(Services services, Feed feed, Invocation call) {
        var console = call.console();
        var progress =
                call.arguments().has("quiet")
                        ? new NoProgress()
                        : Progress.on(console.err(), console.errIsTerminal(), console);
        return new BatchProgress(services, feed, call, progress);
    }

    /** Shows how it stands, and waits for a moment or until something happens. */
    public void round() throws CommandException, InterruptedException {
        var now = System.nanoTime();
        var downloads = services.downloadsNow();
        if (now - next >= 0 && downloads != null) {
            next = now + LOOK_AROUND;
            try {
                for (var batch : downloads.batches(null, MOST_BATCHES)) {
                    if (!batch.created().isBefore(began)) {
                        var query = DownloadQuery.ALL.withBatch(batch.id());
                        Selection.all(downloads, query).stream()
                                .filter(download -> followed.add(download.id()))
                                .forEach(tracker::follow);
                    }
                }
            } catch (IllegalStateException e) {
                // The queue is being exchanged; the next look finds the new one.
            }
        }
        Watch.round(tracker, progress, 0, call.console().err());
    }

    /** Makes way for other lines on the same terminal. */
    public void makeWay() {
        progress.makeWay();
    }

    @Override
    public void close() {
        progress.close();
        tracker.close();
    }
}
