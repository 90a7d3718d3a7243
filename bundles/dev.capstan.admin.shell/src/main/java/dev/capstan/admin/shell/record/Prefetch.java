package dev.capstan.admin.shell.record;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.record.EtchedRecord;
import java.util.ArrayList;
import org.osgi.util.promise.Promise;

/** {@code prefetch}: has the bytes of records come before they are played (E6). */
public final class Prefetch implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Fetches what is missing of records, behind everything else, before they are played.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] RECORD...

            Waits until the bytes are here; Ctrl-C puts the records back. Of a list the next tracks
            come, as many as configured.
            """;

    private static final Definition DEFINITION =
            new Definition("prefetch", SUMMARY, ARGUMENTS, "capstan prefetch \"Evening song\"");

    private final Services services;

    /** Creates the verb. */
    public Prefetch(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var words = call.arguments().someOperands("a record");
        var records = services.records();
        var wanted = RecordNames.resolve(records, words);
        var promises = new ArrayList<Promise<EtchedRecord>>();
        wanted.forEach(record -> promises.add(records.prefetch(record.id())));
        try {
            for (var promise : promises) {
                RecordNames.await(promise);
            }
        } catch (InterruptedException e) {
            wanted.forEach(record -> records.putBack(record.id()));
            throw e;
        }
        return Answer.DONE;
    }
}
