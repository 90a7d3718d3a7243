package dev.capstan.admin.shell.call;

/**
 * One thing a user may ask of the host: the same class serves the command line, the control socket
 * and the prompt.
 *
 * <p>Safe for any number of threads: a verb holds no state of a call. {@link #run} ends soon after
 * its thread is interrupted, which is how a call is broken off from anywhere.
 */
public interface Verb {

    /** What it is called and what it may be given. */
    Definition definition();

    /**
     * Does it.
     *
     * @return how it ended, with what is to be shown
     * @throws CommandException if it could not be done; nothing more is to be shown
     * @throws InterruptedException if the call was broken off
     */
    Answer run(Invocation call) throws CommandException, InterruptedException;
}
