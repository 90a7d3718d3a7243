package dev.capstan.admin.shell;

/** Talks to whoever sits at the terminal, where there is a prompt in this host. */
public interface Prompter {

    /**
     * Reads and runs commands.
     *
     * @return whether the user has left; false if the prompt itself had to go
     * @throws InterruptedException if the host or the command line goes
     */
    boolean talk() throws InterruptedException;
}
