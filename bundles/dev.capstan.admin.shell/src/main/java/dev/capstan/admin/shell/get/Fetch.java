package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.Added;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.DownloadState;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One run of {@code get}: gives the links to the queue, follows them to their end, and pauses what
 * is left where it is broken off.
 */
final class Fetch {
    private static final Logger LOG = System.getLogger(Fetch.class.getName());
    private static final int MOST_AT_ONCE = 500;
    private static final int PRIORITY = 100;
    private static final long PAUSING_SECONDS = 3;

    private final Services services;
    private final Feed feed;
    private final Tracker tracker;
    private final Report report;
    private final Deque<Links.Wanted> pending;
    private final DownloadOptions options;
    private final Path current;
    private final Set<String> own = new HashSet<>();

    Fetch(
            Services services,
            Feed feed,
            Tracker tracker,
            Report report,
            List<Links.Wanted> links,
            DownloadOptions options,
            Path current) {
        this.services = services;
        this.feed = feed;
        this.tracker = tracker;
        this.report = report;
        this.pending = new ArrayDeque<>(links);
        this.options = options;
        this.current = current;
    }

    /**
     * Runs to the end.
     *
     * @param atOnce how many links may be with the queue at a time, 0 for all
     * @return the exit code
     */
    int run(Progress progress, int atOnce, Invocation call)
            throws CommandException, InterruptedException {
        try {
            while (!pending.isEmpty() || !tracker.isIdle()) {
                add(atOnce, progress);
                tracker.round().forEach(report::ended);
                if (!tracker.isIdle()) {
                    progress.show(tracker.open(), pending.size());
                }
            }
            return report.exit();
        } catch (InterruptedException e) {
            progress.makeWay();
            var left = pending.size() + tracker.open().size();
            pause();
            call.complain(
                    "Interrupted. The same command continues "
                            + Units.count(left, "unfinished download")
                            + ".");
            throw e;
        }
    }

    private void add(int atOnce, Progress progress) throws CommandException, InterruptedException {
        var added = true;
        while (added && !pending.isEmpty()) {
            var room = atOnce == 0 ? MOST_AT_ONCE : atOnce - tracker.open().size();
            added = room > 0 && addSome(Math.min(room, MOST_AT_ONCE), progress);
        }
    }

    /** Gives the next links to the queue; says whether it took them. */
    private boolean addSome(int most, Progress progress)
            throws CommandException, InterruptedException {
        var wanted = pending.stream().limit(most).toList();
        var requests = new ArrayList<DownloadRequest>();
        for (var each : wanted) {
            var request = each.options().request(each.link(), options).priority(PRIORITY);
            requests.add(request.folder() == null ? request.folder(current) : request);
        }
        var downloads = services.downloads();
        List<Added> answers;
        try {
            answers = Promises.await(downloads.add(requests));
        } catch (CommandException e) {
            if (downloads == services.downloadsNow()) {
                throw e;
            }
            return false; // it was exchanged under the call; adding again is harmless
        }
        wanted.forEach(each -> pending.remove());
        for (int i = 0; i < answers.size(); i++) {
            var answer = answers.get(i);
            var download = answer.download();
            if (answer.refusal() != null) {
                report.refused(wanted.get(i).link(), answer.refusal());
            } else if (download != null) {
                follow(answer.outcome(), download, progress);
            }
        }
        return true;
    }

    private void follow(Added.Outcome outcome, Download download, Progress progress)
            throws CommandException, InterruptedException {
        var paused = download.state() == DownloadState.PAUSED;
        var now = paused ? resume(download) : download;
        if (paused || outcome == Added.Outcome.CREATED || outcome == Added.Outcome.REVIVED) {
            own.add(now.id());
        }
        if (!now.state().isEnded()) {
            progress.begun(now);
        }
        tracker.follow(now);
    }

    private Download resume(Download download) throws CommandException, InterruptedException {
        var downloads = services.downloads();
        try {
            return Promises.await(downloads.command(download.id(), Command.RESUME));
        } catch (CommandException e) {
            return downloads.get(download.id()).orElse(download); // somebody else was quicker
        }
    }

    /** Stops what this run began, unless somebody else waits for it as well. */
    private void pause() {
        var downloads = services.downloadsNow();
        if (downloads == null) {
            return;
        }
        var ids = new ArrayList<String>();
        for (var download : tracker.open()) {
            if (own.contains(download.id()) && feed.awaiting(download.id()) < 2) {
                ids.add(download.id());
            }
        }
        var paused = new CountDownLatch(ids.size());
        for (var id : ids) {
            downloads.command(id, Command.PAUSE).onResolve(paused::countDown);
        }
        try {
            var all = paused.await(PAUSING_SECONDS, TimeUnit.SECONDS);
            LOG.log(Level.DEBUG, "Paused {0} downloads, all in time: {1}", ids.size(), all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // twice is meant: do not wait
        }
    }
}
