package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.get.LinkOptions;
import dev.capstan.admin.shell.get.Links;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.download.Added;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadRequest;
import java.util.ArrayList;
import java.util.List;

/** {@code add}: puts links into the queue. */
public final class Add implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Adds links to the queue and returns at once.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            "[options] LINK...\n"
                    + LinkOptions.TEXT
                    + Links.TEXT
                    + """
                  --category NAME                 folder below the downloads folder
                  --priority N                    goes before what has a lower one; default 0
                  --paused                        adds without starting
            """;

    private static final String EXAMPLES =
            """
            capstan add https://example.org/file.iso
            capstan add -i links.txt --category films
            """;

    private static final Definition DEFINITION =
            new Definition("add", SUMMARY, ARGUMENTS, EXAMPLES);

    private static final int AT_ONCE = 1000;
    private static final int EXTREME = 1_000_000;

    private final Services services;

    Add(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var priority = arguments.number("priority", 0, -EXTREME, EXTREME);
        var requests = new ArrayList<DownloadRequest>();
        for (var link : Links.of(call)) {
            requests.add(
                    link.options()
                            .request(link.link(), DownloadOptions.DEFAULT)
                            .category(arguments.value("category"))
                            .priority(priority)
                            .paused(arguments.has("paused")));
        }
        services.awaitPlugins();
        var taken = new ArrayList<Added>();
        var exit = ExitCode.DONE;
        for (int from = 0; from < requests.size(); from += AT_ONCE) {
            var some = requests.subList(from, Math.min(from + AT_ONCE, requests.size()));
            var answers = Promises.await(services.downloads().add(some));
            for (int i = 0; i < answers.size(); i++) {
                var refusal = answers.get(i).refusal();
                if (refusal == null) {
                    taken.add(answers.get(i));
                } else {
                    var shown = Links.withoutUser(some.get(i).link());
                    call.complain(shown + ": " + CommandException.sentence(refusal));
                    exit = exit == ExitCode.DONE ? ExitCode.of(refusal.reason()) : exit;
                }
            }
        }
        return new Answer(exit, new Listing<>(taken, columns(), ""));
    }

    private static List<Column<Added>> columns() {
        return List.of(
                Column.left("ID", added -> download(added).id()),
                Column.left("", added -> outcome(added.outcome())),
                Column.cut("NAME", added -> download(added).displayName()));
    }

    private static Download download(Added added) {
        var download = added.download();
        if (download == null) {
            throw new IllegalStateException("taken without a download");
        }
        return download;
    }

    private static String outcome(Added.Outcome outcome) {
        return switch (outcome) {
            case CREATED -> "added";
            case ALREADY_ACTIVE -> "is in the queue already";
            case ALREADY_THERE -> "is here already";
            case REVIVED -> "added again";
            case REFUSED -> "refused";
        };
    }
}
