package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Ids;
import dev.capstan.admin.shell.host.Services;

/** {@code show}: tells everything about a download. */
public final class Show implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Tells everything about a download, its errors among it.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] ID
                  --json   one JSON object
            """;

    private static final Definition DEFINITION =
            new Definition("show", SUMMARY, ARGUMENTS, "capstan show 01KAB3");

    private final Services services;

    Show(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        if (arguments.operands().size() != 1) {
            throw CommandException.usage("show needs the id of one download.");
        }
        var download = Ids.resolve(services.downloads(), arguments.operands().get(0));
        if (arguments.has("json")) {
            call.console().out().println(Rows.json(download));
            return Answer.DONE;
        }
        return Answer.of(download);
    }
}
