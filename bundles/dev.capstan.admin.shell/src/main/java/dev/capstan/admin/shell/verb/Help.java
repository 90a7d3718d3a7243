package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.text.Text;

/** {@code help}: what there is, and how each is used. */
public final class Help implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Tells what verbs there are, or how one is used.";

    /** What it may be given. */
    public static final String ARGUMENTS = "[VERB]";

    private static final Definition DEFINITION =
            new Definition("help", SUMMARY, ARGUMENTS, "capstan help get");

    private static final int NAME = 10;

    private final Commands commands;

    Help(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException {
        var words = call.arguments().operands();
        var out = call.console().out();
        if (words.size() > 1) {
            throw CommandException.usage("help explains one verb at a time.");
        }
        if (words.size() == 1) {
            var name = words.get(0).substring(words.get(0).indexOf(':') + 1);
            out.print(commands.verb(name).definition().help());
            return Answer.DONE;
        }
        out.println("Usage: capstan VERB [options] ...");
        out.println();
        for (var name : Commands.VERBS) {
            var summary = commands.verb(name).definition().summary();
            out.println("  " + Text.left(name, NAME) + summary);
        }
        out.println();
        out.println("\"capstan VERB --help\" tells how one is used.");
        return Answer.DONE;
    }
}
