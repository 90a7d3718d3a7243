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
import dev.capstan.admin.shell.text.Units;
import dev.capstan.admin.shell.text.Words;
import java.util.concurrent.TimeUnit;

/** {@code wait}: waits until downloads have ended. */
public final class Wait implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Waits until downloads have ended.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] ID...
              -b, --batch ID          all downloads of a batch
              -t, --timeout SECONDS   gives up after so many seconds
            """;

    private static final Definition DEFINITION =
            new Definition("wait", SUMMARY, ARGUMENTS, "capstan wait 01KAB3 && echo it is here");

    private static final int LONGEST = 1_000_000_000;

    private final Services services;
    private final Feed feed;

    /** Makes the verb of a host. */
    public Wait(Services services, Feed feed) {
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
        if (!arguments.has("batch")) {
            arguments.someOperands("an id");
        }
        var seconds = arguments.number("timeout", LONGEST, 0, LONGEST);
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        var exit = ExitCode.DONE;
        try (var tracker = new Tracker(services, feed, true)) {
            Selection.of(arguments, services.downloads()).forEach(tracker::follow);
            while (!tracker.isIdle()) {
                for (var ended : tracker.round()) {
                    var outcome = ended.outcome();
                    exit = exit == ExitCode.DONE ? outcome.exit() : exit;
                    if (outcome.exit() != ExitCode.DONE) {
                        var name = Words.name(ended.download());
                        call.complain(name + ": " + outcome.sentence());
                    }
                }
                if (System.nanoTime() - end > 0 && !tracker.isIdle()) {
                    var left = Units.count(tracker.open().size(), "download");
                    call.complain("After " + seconds + " s, " + left + " had not ended.");
                    return Answer.exit(exit == ExitCode.DONE ? ExitCode.UNFINISHED : exit);
                }
            }
        }
        return Answer.exit(exit);
    }
}
