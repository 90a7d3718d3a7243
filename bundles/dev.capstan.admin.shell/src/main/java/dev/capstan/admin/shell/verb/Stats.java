package dev.capstan.admin.shell.verb;

import dev.capstan.admin.shell.call.Answer;
import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.admin.shell.call.Definition;
import dev.capstan.admin.shell.call.Invocation;
import dev.capstan.admin.shell.call.Verb;
import dev.capstan.admin.shell.host.Services;

/** {@code stats}: the numbers of the queue. */
public final class Stats implements Verb {

    /** What it does. */
    public static final String SUMMARY = "Tells the numbers of the queue.";

    /** What it may be given. */
    public static final String ARGUMENTS = "";

    private static final Definition DEFINITION =
            new Definition("stats", SUMMARY, ARGUMENTS, "capstan stats");

    private final Services services;

    Stats(Services services) {
        this.services = services;
    }

    @Override
    public Definition definition() {
        return DEFINITION;
    }

    @Override
    public Answer run(Invocation call) throws CommandException, InterruptedException {
        call.arguments().noOperands();
        return Answer.of(services.downloads().statistics());
    }
}
