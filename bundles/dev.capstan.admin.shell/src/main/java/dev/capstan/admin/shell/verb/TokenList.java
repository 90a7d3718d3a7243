package dev.capstan.admin.shell.verb;

import dev.capstan.access.Scope;
import dev.capstan.access.Tokens;
import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Text;
import java.io.IOException;
import java.util.List;

/** {@code token}: the tokens by which programs use a host, each with as little as it needs (S5). */
public final class TokenList implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Makes, lists and removes tokens of programs.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [new NAME | ls | rm NAME...]

            A token is shown once, when it is made: only its hash is kept. What is removed counts
            at once, also in a host that runs.

                  --scope SCOPE   what the program may do: read (the default) or downloads
            """;

    private static final String EXAMPLES =
            """
            capstan token new browser --scope downloads
            capstan token ls
            capstan token rm browser
            """;

    private static final Definition DEFINITION =
            new Definition("token", SUMMARY, ARGUMENTS, EXAMPLES);

    static final List<String> ACTIONS = List.of("new", "ls", "rm");

    private final Services services;

    TokenList(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException {
        var words = call.arguments().operands();
        var action = words.isEmpty() ? "ls" : words.get(0);
        var names = words.isEmpty() ? words : words.subList(1, words.size());
        var tokens = services.tokens();
        try {
            return switch (action) {
                case "new" -> create(tokens, names, call);
                case "ls" -> Answer.of(list(tokens, names));
                case "rm" -> remove(tokens, names, call);
                default ->
                        throw CommandException.usage(
                                "token cannot \""
                                        + Text.clean(action)
                                        + "\""
                                        + Nearest.hint(action, ACTIONS));
            };
        } catch (IOException e) {
            throw CommandException.failed("The tokens cannot be kept: " + e.getMessage());
        }
    }

    /** The token alone goes to standard output, so that a script can take it. */
    private static Answer create(Tokens tokens, List<String> names, Invocation call)
            throws CommandException, IOException {
        if (names.size() != 1) {
            throw CommandException.usage("token new needs one name, of the program it is for.");
        }
        var word = call.arguments().value("scope");
        var scope =
                Scope.ofProgram(word == null ? Scope.READ.word() : word)
                        .orElseThrow(
                                () ->
                                        CommandException.usage(
                                                "--scope is \"read\" or \"downloads\"; what can"
                                                        + " install code is the administrator's"
                                                        + " alone."));
        try {
            var token = tokens.create(names.get(0), scope);
            call.console().out().println(token);
            call.console().err().println("It is not shown again.");
            return Answer.DONE;
        } catch (IllegalArgumentException e) {
            throw CommandException.failed(e.getMessage() + ".");
        }
    }

    private static Answer remove(Tokens tokens, List<String> names, Invocation call)
            throws CommandException, IOException {
        if (names.isEmpty()) {
            throw CommandException.usage("token rm needs the name of a program.");
        }
        var exit = ExitCode.DONE;
        for (var name : names) {
            if (!tokens.remove(name)) {
                call.complain("There is no token of \"" + Text.clean(name) + "\".");
                exit = ExitCode.FAILED;
            }
        }
        return Answer.exit(exit);
    }

    private static Listing<Tokens.Entry> list(Tokens tokens, List<String> rest)
            throws CommandException, IOException {
        if (!rest.isEmpty()) {
            throw CommandException.usage("token ls takes nothing more.");
        }
        var rows = tokens.list();
        return new Listing<>(
                rows,
                List.of(
                        Column.left("PROGRAM", Tokens.Entry::name),
                        Column.left("SCOPE", row -> row.scope().word()),
                        Column.left("SINCE", row -> row.created().toString().substring(0, 10))),
                rows.isEmpty() ? "No program has a token." : "");
    }
}
