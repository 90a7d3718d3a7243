package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.admin.shell.text.Column;
import dev.capstan.admin.shell.text.Listing;
import dev.capstan.admin.shell.text.Units;
import dev.capstan.download.Batch;
import dev.capstan.download.DownloadState;
import java.util.List;
import java.util.Locale;

/** {@code batches}: lists groups of downloads. */
public final class Batches implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Lists batches: folders, albums and lists, newest first.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options]
              -n, --limit N   at most so many; default 50
            """;

    private static final Definition DEFINITION =
            new Definition("batches", SUMMARY, ARGUMENTS, "capstan batches -n 5");

    private static final int MOST = 10_000;
    private static final int USUAL = 50;

    private final Services services;

    Batches(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        call.arguments().noOperands();
        var limit = call.arguments().number("limit", USUAL, 1, MOST);
        var batches = services.downloads().batches(null, limit);
        var columns =
                List.<Column<Batch>>of(
                        Column.left("ID", Batch::id),
                        Column.left("STATE", row -> row.state().name().toLowerCase(Locale.ROOT)),
                        Column.right("FILES", Batches::files),
                        Column.right("HERE", row -> Units.bytes(row.downloaded())),
                        Column.right("SIZE", row -> Units.bytes(row.size())),
                        Column.cut("NAME", Batch::name));
        return Answer.of(
                new Listing<>(batches, columns, batches.isEmpty() ? "There are no batches." : ""));
    }

    private static String files(Batch batch) {
        var all = 0L;
        for (var count : batch.counts().values()) {
            all += count;
        }
        return batch.counts().getOrDefault(DownloadState.COMPLETED, 0L) + "/" + all;
    }
}
