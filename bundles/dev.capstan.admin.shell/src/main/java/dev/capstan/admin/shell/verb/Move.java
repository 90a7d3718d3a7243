package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.ExitCode;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Ids;
import dev.capstan.admin.shell.host.Promises;
import dev.capstan.admin.shell.host.Selection;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Words;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Downloads;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.osgi.util.promise.Promise;

/** {@code pause}, {@code resume}, {@code cancel} and {@code retry}: one move each. */
public final class Move implements Verb {

    /** What {@code pause} does. */
    public static final String PAUSE = "Pauses downloads; what is there already is kept.";

    /** What {@code resume} does. */
    public static final String RESUME = "Lets paused downloads go on.";

    /** What {@code cancel} does. */
    public static final String CANCEL = "Ends downloads and drops what was fetched of them.";

    /** What {@code retry} does. */
    public static final String RETRY = "Queues failed, cancelled or completed downloads again.";

    /** What each of them may be given. */
    public static final String ARGUMENTS =
            """
            [options] ID...
              -b, --batch ID   all downloads of a batch
              -a, --all        all to which it applies; for retry those that failed
            """;

    private final Services services;
    private final Command command;
    private final Definition definition;

    private Move(Services services, Command command, String name, String summary) {
        this.services = services;
        this.command = command;
        var examples = "capstan " + name + " 01KAB3\ncapstan " + name + " --all";
        definition = new Definition(name, summary, ARGUMENTS, examples);
    }

    static Move of(Services services, Command command) {
        return switch (command) {
            case PAUSE -> new Move(services, command, "pause", PAUSE);
            case RESUME -> new Move(services, command, "resume", RESUME);
            case CANCEL -> new Move(services, command, "cancel", CANCEL);
            case RETRY -> new Move(services, command, "retry", RETRY);
        };
    }

    @Override
    public Definition definition() {
        return definition;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var downloads = services.downloads();
        if (!arguments.has("batch") && !arguments.has("all")) {
            arguments.someOperands("an id, --batch or --all");
        }
        var moved = new ArrayList<Download>();
        for (var prefix : arguments.values("batch")) {
            var batch = Selection.batch(downloads, prefix);
            moved.addAll(Promises.await(downloads.commandBatch(batch.id(), command)));
        }
        var selected = new ArrayList<Download>();
        for (var id : arguments.operands()) {
            selected.add(Ids.resolve(downloads, id));
        }
        if (arguments.has("all")) {
            var query = DownloadQuery.ALL.withStates(meantByAll());
            selected.addAll(Selection.all(downloads, query));
        }
        var exit = move(selected, downloads, call, moved);
        return new Answer(exit, Rows.brief(moved));
    }

    private int move(
            List<Download> selected, Downloads downloads, Invocation call, List<Download> moved)
            throws InterruptedException {
        var promises = new ArrayList<Promise<Download>>();
        for (var download : selected) {
            promises.add(downloads.command(download.id(), command));
        }
        var exit = ExitCode.DONE;
        for (int i = 0; i < selected.size(); i++) {
            try {
                moved.add(Promises.await(promises.get(i)));
            } catch (CommandException e) {
                call.complain(Words.name(selected.get(i)) + ": " + e.getMessage());
                exit = exit == ExitCode.DONE ? e.exit() : exit;
            }
        }
        return exit;
    }

    private Set<DownloadState> meantByAll() {
        return command == Command.RETRY ? EnumSet.of(DownloadState.FAILED) : command.from();
    }
}
