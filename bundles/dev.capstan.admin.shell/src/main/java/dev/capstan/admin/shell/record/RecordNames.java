package dev.capstan.admin.shell.record;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.text.Text;
import dev.capstan.record.EtchedRecord;
import dev.capstan.record.RecordException;
import dev.capstan.record.Records;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.osgi.util.promise.Promise;

/** Records as a user names them, and what a user is told of them. */
final class RecordNames {
    private static final int PAGE = 500;
    private static final int SHORT = 10;

    private RecordNames() {}

    /** The one record of that name, or whose id begins so. */
    static EtchedRecord resolve(Records records, String what) throws CommandException {
        var prefix = what.toUpperCase(Locale.ROOT);
        var named = new ArrayList<EtchedRecord>();
        var begun = new ArrayList<EtchedRecord>();
        each(
                records,
                record -> {
                    if (record.name().equals(what) || record.id().equals(prefix)) {
                        named.add(record);
                    } else if (record.id().startsWith(prefix) && !prefix.isEmpty()) {
                        begun.add(record);
                    }
                });
        var found = named.isEmpty() ? begun : named;
        if (found.size() != 1) {
            var problem = found.isEmpty() ? "No record is" : "Several records are";
            throw CommandException.failed(
                    problem
                            + " named \""
                            + Text.clean(what)
                            + "\"; \"capstan records\" lists them with their ids.");
        }
        return found.get(0);
    }

    static List<EtchedRecord> resolve(Records records, List<String> words) throws CommandException {
        var found = new ArrayList<EtchedRecord>();
        for (var word : words) {
            found.add(resolve(records, word));
        }
        return found;
    }

    /** All records, newest first. */
    static void each(Records records, Consumer<EtchedRecord> action) {
        String before = null;
        while (true) {
            var page = records.list(before, PAGE);
            page.forEach(action);
            if (page.size() < PAGE) {
                return;
            }
            before = page.get(page.size() - 1).id();
        }
    }

    /** As much of an id as tells records apart that were not etched in the same second. */
    static String shortId(EtchedRecord record, boolean shortened) {
        return shortened ? record.id().substring(0, SHORT) : record.id();
    }

    /** What a promise keeps, or the sentence it broke with. */
    static <T> T await(Promise<T> promise) throws CommandException, InterruptedException {
        try {
            return promise.getValue();
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RecordException fault
                    ? of(fault)
                    : CommandException.failed(
                            CommandException.sentence(e.getCause() == null ? e : e.getCause()));
        }
    }

    /** A fault with the exit code that downloads have for the same. */
    static CommandException of(RecordException fault) {
        var exit =
                switch (fault.reason()) {
                    case INVALID, TOO_BIG -> 28;
                    case UNKNOWN_HOST -> 20;
                    case NOT_FOUND -> 3;
                    case NOT_MEDIA -> 22;
                    case CHANGED -> 8;
                    case NETWORK -> 6;
                    case UNAVAILABLE -> 1;
                };
        return new CommandException(exit, CommandException.sentence(fault));
    }
}
