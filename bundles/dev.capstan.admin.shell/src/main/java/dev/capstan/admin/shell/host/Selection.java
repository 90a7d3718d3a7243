package dev.capstan.admin.shell.host;

import dev.capstan.admin.shell.call.Arguments;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.download.Batch;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.Downloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds the downloads a call is about. */
public final class Selection {
    private static final int MOST_BATCHES = 1000;

    private Selection() {}

    /** The downloads that a call names by their ids and by {@code --batch}. */
    public static List<Download> of(Arguments arguments, Downloads downloads)
            throws CommandException, InterruptedException {
        var selected = new ArrayList<Download>();
        for (var batch : arguments.values("batch")) {
            var id = batch(downloads, batch).id();
            selected.addAll(all(downloads, DownloadQuery.ALL.withBatch(id)));
        }
        for (var id : arguments.operands()) {
            selected.add(Ids.resolve(downloads, id));
        }
        return selected;
    }

    /** All pages of a query. */
    public static List<Download> all(Downloads downloads, DownloadQuery query) {
        return atMost(downloads, query, Integer.MAX_VALUE);
    }

    /** The first pages of a query. */
    public static List<Download> atMost(Downloads downloads, DownloadQuery query, int most) {
        var found = new ArrayList<Download>();
        String cursor = null;
        do {
            var limit = Math.min(DownloadQuery.MAX_LIMIT, most - found.size());
            var page = downloads.list(query.withLimit(limit).from(cursor));
            found.addAll(page.items());
            cursor = page.next();
        } while (cursor != null && found.size() < most);
        return found;
    }

    /** The one batch whose id begins with a prefix. */
    public static Batch batch(Downloads downloads, String prefix) throws CommandException {
        var wanted = prefix.toUpperCase(Locale.ROOT);
        var exact = downloads.batch(wanted);
        if (exact.isPresent()) {
            return exact.get();
        }
        Batch found = null;
        for (var batch : downloads.batches(null, MOST_BATCHES)) {
            if (!wanted.isEmpty() && batch.id().startsWith(wanted)) {
                if (found != null) {
                    throw CommandException.usage(
                            "\""
                                    + Text.clean(prefix)
                                    + "\" is how several batches begin; write more of it.");
                }
                found = batch;
            }
        }
        if (found == null) {
            throw CommandException.failed(
                    "No batch has an id that begins with \"" + Text.clean(prefix) + "\".");
        }
        return found;
    }
}
