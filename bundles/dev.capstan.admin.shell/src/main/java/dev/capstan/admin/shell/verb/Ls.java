package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.Arguments;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Selection;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Nearest;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** {@code ls}: lists downloads. */
public final class Ls implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Lists downloads, the newest first.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] [TEXT]
              -s, --state STATE   only those in this state; may be repeated
              -b, --batch ID      only those of a batch
              -q, --query TEXT    only those whose name or link contains a text
                  --sort BY       by added, name, size, state or priority
              -r, --reverse       in reverse order
              -n, --limit N       at most so many; default 50, 0 for all
                  --json          one JSON object a line
            """;

    private static final String EXAMPLES =
            """
            capstan ls
            capstan ls -s failed -s paused
            capstan ls --sort size -n 10
            """;

    private static final Definition DEFINITION = new Definition("ls", SUMMARY, ARGUMENTS, EXAMPLES);

    private final Services services;

    Ls(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var limit = arguments.number("limit", DownloadQuery.DEFAULT_LIMIT, 0, Integer.MAX_VALUE);
        var downloads = services.downloads();
        var query = query(arguments, downloads);
        var most = limit == 0 ? Integer.MAX_VALUE : limit;
        var found = Selection.atMost(downloads, query, most);
        if (arguments.has("json")) {
            found.forEach(download -> call.console().out().println(Rows.json(download)));
            return Answer.DONE;
        }
        var total = downloads.list(query.withLimit(1)).total();
        return Answer.of(
                Rows.of(
                        found,
                        downloads,
                        call.console().outIsTerminal(),
                        note(found.size(), total)));
    }

    private static DownloadQuery query(Arguments arguments, Downloads downloads)
            throws CommandException {
        var texts = new ArrayList<>(arguments.values("query"));
        texts.addAll(arguments.operands());
        if (texts.size() > 1) {
            throw CommandException.usage("ls looks for one text; put it in quotes.");
        }
        var batch = arguments.value("batch");
        var sort = sort(arguments.value("sort") == null ? "added" : arguments.value("sort"));
        var newestFirst = !arguments.has("sort");
        return DownloadQuery.ALL
                .withStates(states(arguments))
                .withBatch(batch == null ? null : Selection.batch(downloads, batch).id())
                .withText(texts.isEmpty() ? null : texts.get(0))
                .withSort(sort, newestFirst != arguments.has("reverse"));
    }

    private static Set<DownloadState> states(Arguments arguments) throws CommandException {
        var states = EnumSet.noneOf(DownloadState.class);
        for (var value : arguments.values("state")) {
            for (var name : value.split(",")) {
                states.add(constant(DownloadState.class, "state", name));
            }
        }
        return states;
    }

    private static DownloadQuery.Sort sort(String name) throws CommandException {
        return constant(DownloadQuery.Sort.class, "order", name);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String what, String name)
            throws CommandException {
        var known = new ArrayList<String>();
        for (var constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(name.strip())) {
                return constant;
            }
            known.add(constant.name().toLowerCase(Locale.ROOT));
        }
        var hint = Nearest.hint(name.toLowerCase(Locale.ROOT), known);
        throw CommandException.usage(
                "There is no "
                        + what
                        + " \""
                        + name
                        + "\""
                        + hint
                        + " Known: "
                        + String.join(", ", known)
                        + ".");
    }

    private static String note(int shown, long total) {
        if (total == 0) {
            return "There are no such downloads.";
        }
        return shown < total
                ? shown + " of " + Units.count(total, "download") + "; -n 0 lists all."
                : "";
    }
}
