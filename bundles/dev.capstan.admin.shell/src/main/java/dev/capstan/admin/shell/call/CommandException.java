package dev.capstan.admin.shell.call;

import dev.capstan.download.RefusedException;

/** Ends a call with one sentence for whoever made it, and an exit code. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exit;

    /** Ends a call with a code of its own. */
    public CommandException(int exit, String sentence) {
        super(sentence);
        this.exit = exit;
    }

    /** The call itself is wrong. */
    public static CommandException usage(String sentence) {
        return new CommandException(ExitCode.USAGE, sentence);
    }

    /** It cannot be done. */
    public static CommandException failed(String sentence) {
        return new CommandException(ExitCode.FAILED, sentence);
    }

    /** The queue refused it. */
    public static CommandException of(RefusedException refusal) {
        return new CommandException(ExitCode.of(refusal.reason()), sentence(refusal));
    }

    /** The exit code. */
    public int exit() {
        return exit;
    }

    /** The sentence alone, since a prompt shows an exception by its text. */
    @Override
    public String toString() {
        return sentence(this);
    }

    /** An exception's message, or its name where it has none. */
    public static String sentence(Throwable failure) {
        var message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
