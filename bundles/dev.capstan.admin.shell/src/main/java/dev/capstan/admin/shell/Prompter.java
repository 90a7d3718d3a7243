package dev.capstan.admin.shell;

/** Talks to whoever sits at the terminal, where there is a prompt in this host. */
public interface Prompter {

    /**
     * Reads and runs commands until there are no more; closing or stopping the host ends it too.
     */
    void talk() throws InterruptedException;
}
