package dev.capstan.admin.shell.record;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;
import dev.capstan.download.Trust;
import dev.capstan.record.EtchRequest;

/** {@code etch}: makes a record of links (E1). */
public final class Etch implements Verb {

    /** What it does. */
    public static final String SUMMARY =
            "Fetches and verifies links and makes a record of them that plays the same anywhere.";

    /** What it may be given. */
    public static final String ARGUMENTS =
            """
            [options] NAME LINK...
                  --author NAME      who made it
                  --slot NAME        the place it is etched into, which must be blank
                  --max-bytes BYTES  most bytes of a track, where that is less than configured
            """;

    private static final Definition DEFINITION =
            new Definition(
                    "etch",
                    SUMMARY,
                    ARGUMENTS,
                    "capstan etch \"Evening song\" https://example.org/song.flac");

    private final Services services;

    /** Creates the verb. */
    public Etch(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        var arguments = call.arguments();
        var words = arguments.operands();
        if (words.size() < 2) {
            throw CommandException.usage("etch needs a name and at least one link.");
        }
        var request =
                new EtchRequest(
                        words.get(0),
                        arguments.value("author"),
                        words.subList(1, words.size()),
                        arguments.number("max-bytes", 0, 1, Integer.MAX_VALUE),
                        arguments.value("slot"),
                        Trust.OPERATOR);
        var record = RecordNames.await(services.records().etch(request));
        return Answer.of(new RecordStory(record, null));
    }
}
