package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Selection;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

/** {@code watch}: shows downloads as they go on. */
public final class Watch implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Shows downloads as they go on, until Ctrl-C, which stops the watching alone.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [ID...]
              -b, --batch ID   all downloads of a batch; without it and without ids: whatever is active
            """;

    private static final Definition DEFINITION =
            new Definition("watch", SUMMARY, ARGUMENTS, "capstan watch\ncapstan watch 01KAB3");

    private static final long LOOK_AROUND = TimeUnit.MILLISECONDS.toNanos(500);
    private static final DownloadQuery ACTIVE =
            DownloadQuery.ALL.withStates(
                    EnumSet.of(DownloadState.STARTING, DownloadState.DOWNLOADING));

    private final Services services;
    private final Feed feed;

    /** Makes the verb of a host. */
    public Watch(Services services, Feed feed) {
        this.services = services;
        this.feed = feed;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var console = call.console();
        var out = console.out();
        var named = Selection.of(arguments, services.downloads());
        try (var progress = Progress.on(out, console.outIsTerminal(), console);
                var tracker = new Tracker(services, feed, false)) {
            if (arguments.operands().isEmpty() && !arguments.has("batch")) {
                watchAll(tracker, progress, out);
            } else {
                named.forEach(tracker::follow);
                while (!tracker.isIdle()) {
                    round(tracker, progress, 0, out);
                }
            }
        } catch (InterruptedException e) {
            // That is how watching ends.
        }
        return Answer.exit(ExitCode.DONE);
    }

    private void watchAll(Tracker tracker, Progress progress, PrintStream out)
            throws InterruptedException {
        var next = System.nanoTime();
        var queued = 0L;
        while (true) {
            var now = System.nanoTime();
            var downloads = services.downloadsNow();
            if (now - next >= 0 && downloads != null) {
                next = now + LOOK_AROUND;
                try {
                    var page = downloads.list(ACTIVE);
                    page.items().forEach(tracker::follow);
                    queued = page.counts().getOrDefault(DownloadState.QUEUED, 0L);
                } catch (IllegalStateException e) {
                    // The queue is being exchanged; the next look finds the new one.
                }
            }
            var shown = tracker.open().stream().filter(d -> !d.state().isActive()).count();
            round(tracker, progress, Math.max(0, queued - shown), out);
        }
    }

    static void round(Tracker tracker, Progress progress, long waiting, PrintStream out)
            throws InterruptedException {
        for (var ended : tracker.round()) {
            var download = ended.download();
            var outcome = ended.outcome();
            if (outcome.exit() == ExitCode.DONE) {
                progress.done(ended);
            } else {
                progress.makeWay();
                out.println(Words.name(download) + ": " + Text.clean(outcome.sentence()));
                out.flush();
            }
        }
        progress.show(tracker.open(), waiting);
    }
}
