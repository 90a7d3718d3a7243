package dev.capstan.admin.shell.get;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Usage;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.demo.DemoFile;
import dev.capstan.admin.shell.demo.DemoOrigin;
import dev.capstan.admin.shell.host.Feed;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.Download;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * {@code demo}: a download from an origin of this machine that misbehaves, told as it happens. It
 * leaves nothing behind.
 */
public final class Demo implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Shows a download that survives a server that stalls, refuses, lies and dies.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """


            Needs no network: the server is part of this program and answers this machine only.
            """;

    private static final Definition DEFINITION =
            new Definition("demo", SUMMARY, ARGUMENTS, "capstan demo");
    private static final int PATIENT = 3;

    private final Services services;
    private final Feed feed;

    /** Makes the verb of a host. */
    public Demo(Services services, Feed feed) {
        this.services = services;
        this.feed = feed;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        call.arguments().noOperands();
        var file = new DemoFile();
        try (var origin = new DemoOrigin(file)) {
            var folder = Files.createTempDirectory("capstan-demo");
            try {
                return Answer.exit(show(call, origin, file, folder));
            } finally {
                forget(origin.link(), folder);
            }
        } catch (IOException e) {
            throw CommandException.failed("The demonstration failed: " + e.getMessage());
        }
    }

    private int show(Invocation call, DemoOrigin origin, DemoFile file, Path folder)
            throws CommandException, InterruptedException {
        var console = call.console();
        var err = console.err();
        err.println(
                "A server on this machine offers "
                        + Units.bytes(DemoFile.SIZE)
                        + " at 1 MiB/s for each connection. It has no manners; watch.");
        err.flush();
        var live = Progress.on(err, console.errIsTerminal(), console);
        var progress = new Narrated(live, origin, err);
        var report = new Report(console, progress, false, call.folder());
        var options = LinkOptions.waited(PATIENT, Get.FIRST_BYTE);
        int exit;
        try (progress;
                var tracker = new Tracker(services, feed, true)) {
            var words = List.of("--dir", folder.toString());
            var said = Usage.of("demo", LinkOptions.TEXT).parse(words);
            var wanted = new Links.Wanted(origin.link(), new LinkOptions(said, folder));
            var links = List.of(wanted);
            var fetch = new Fetch(services, feed, tracker, report, links, options, folder);
            exit = fetch.run(progress, 0, call);
        }
        if (exit == ExitCode.DONE) {
            err.println(
                    "The server's own sha256 is "
                            + file.sha256()
                            + ".\nIt sent "
                            + Units.bytes(origin.sent())
                            + " for a file of "
                            + Units.bytes(DemoFile.SIZE)
                            + ". Nothing of it is kept here.");
            err.flush();
        }
        return exit;
    }

    /** The row goes from the list, and the file from the disk; its content is kept by nobody. */
    private void forget(String link, Path folder)
            throws CommandException, InterruptedException, IOException {
        var downloads = services.downloadsNow();
        if (downloads != null) {
            for (var each : Promises.await(downloads.withLink(link))) {
                var last = Promises.await(downloads.remove(each.id(), true));
                if (last.digest() != null) {
                    services.contents().evict(last.digest());
                }
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Progress, with what the server does in between. */
    private record Narrated(Progress progress, DemoOrigin origin, PrintStream err)
            implements Progress {

        @Override
        public void begun(Download download) {
            progress.begun(download);
        }

        @Override
        public void show(Collection<Download> open, long waiting) {
            tell();
            progress.show(open, waiting);
        }

        @Override
        public void done(Tracker.Ended ended) {
            tell();
            progress.done(ended);
        }

        @Override
        public void makeWay() {
            progress.makeWay();
        }

        @Override
        public void close() {
            progress.close();
        }

        private void tell() {
            var lines = origin.story();
            if (!lines.isEmpty()) {
                progress.makeWay();
                lines.forEach(line -> err.println("  the server " + line));
                err.flush();
            }
        }
    }
}
