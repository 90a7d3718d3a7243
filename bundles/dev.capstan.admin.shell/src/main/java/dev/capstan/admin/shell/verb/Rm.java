package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Selection;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Download;
import java.util.ArrayList;
import java.util.List;

/** {@code rm}: removes downloads from the list. */
public final class Rm implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Removes downloads from the list; an active one is cancelled first.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] ID...
              -b, --batch ID   all downloads of a batch
              -f, --files      deletes the placed files, too
            """;

    private static final Definition DEFINITION =
            new Definition(
                    "rm", SUMMARY, ARGUMENTS, "capstan rm 01KAB3\ncapstan rm --files 01KAB3");

    private final Services services;

    Rm(Services services) {
        this.services = services;
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
        var downloads = services.downloads();
        var removed = new ArrayList<Download>();
        var exit = ExitCode.DONE;
        for (var download : Selection.of(arguments, downloads)) {
            try {
                var promise = downloads.remove(download.id(), arguments.has("files"));
                removed.add(Promises.await(promise));
            } catch (CommandException e) {
                call.complain(Words.name(download) + ": " + e.getMessage());
                exit = exit == ExitCode.DONE ? e.exit() : exit;
            }
        }
        var columns =
                List.<Column<Download>>of(
                        Column.left("ID", Download::id),
                        Column.left("", row -> "removed"),
                        Column.cut("NAME", Download::displayName));
        return new Answer(exit, new Listing<>(removed, columns, ""));
    }
}
