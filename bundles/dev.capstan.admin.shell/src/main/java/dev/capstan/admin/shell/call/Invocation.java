package dev.capstan.admin.shell.call;

import dev.capstan.admin.shell.text.Text;
import java.nio.file.Path;

/**
 * One call of a verb.
 *
 * @param arguments what it was given
 * @param console where its text comes from and goes to
 * @param folder the caller's current folder, absolute
 */
public record Invocation(Arguments arguments, Console console, Path folder) {

    /** Tells the caller that something went wrong, on standard error. */
    public void complain(String sentence) {
        console.err().println("capstan: " + Text.clean(sentence));
        console.err().flush();
    }
}
