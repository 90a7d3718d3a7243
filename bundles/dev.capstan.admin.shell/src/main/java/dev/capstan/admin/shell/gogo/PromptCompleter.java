package dev.capstan.admin.shell.gogo;

import dev.capstan.admin.shell.text.Text;
import dev.capstan.admin.shell.verb.Commands;
import dev.capstan.admin.shell.verb.Completion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.apache.felix.service.command.CommandSession;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/** Completes verbs, their options and ids, then the other commands of the session, then files. */
final class PromptCompleter implements Completer {
    private static final String SCOPE = GogoCommands.SCOPE + ":";
    private static final String VERBS = "verbs";
    private static final String OTHERS = "other commands";

    private final CommandSession session;
    private final Completion completion;
    private final Completer files;

    PromptCompleter(CommandSession session, Completion completion) {
        this.session = session;
        this.completion = completion;
        files = new Completers.FilesCompleter(session::currentDir);
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0) {
            completion.verbs().forEach(verb -> candidates.add(candidate(verb, VERBS)));
            for (var command : others()) {
                candidates.add(new Candidate(command, command, OTHERS, null, null, null, true));
            }
            return;
        }
        var before = List.copyOf(line.words().subList(0, line.wordIndex()));
        var verb = before.get(0);
        if (verb.startsWith(SCOPE)) {
            verb = verb.substring(SCOPE.length());
        }
        if (Commands.VERBS.contains(verb)) {
            var words = new ArrayList<>(before);
            words.set(0, verb);
            var found = completion.words(words, line.word());
            found.forEach(choice -> candidates.add(candidate(choice, null)));
        }
        if (candidates.isEmpty()) {
            files.complete(reader, line, candidates);
        }
    }

    private Collection<String> others() {
        var names = new TreeSet<String>(List.of("exit", "quit"));
        if (session.get(".commands") instanceof Collection<?> commands) {
            for (var command : commands) {
                var name = command.toString();
                if (!name.startsWith(SCOPE)) {
                    names.add(name.substring(name.indexOf(':') + 1));
                }
            }
        }
        Commands.VERBS.forEach(names::remove);
        return names;
    }

    private static Candidate candidate(Completion.Choice choice, @Nullable String group) {
        var description = choice.description().isEmpty() ? null : Text.clean(choice.description());
        return new Candidate(choice.text(), choice.text(), group, description, null, null, true);
    }
}
