package dev.capstan.face;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.util.promise.Promise;

/**
 * A way into the host that other programs use, such as a web server. Registered as a service as
 * soon as it begins to open, so that {@code run} can wait for it and say how it is reached.
 *
 * <p><b>Threads</b>: safe for any number. <b>Blocking</b>: none; the promise does.
 */
@ConsumerType
@FunctionalInterface
public interface Face {

    /**
     * Tells when it answers.
     *
     * @return what a user wants to know of it, in the order in which it is shown; fails with a
     *     message for the user where it cannot be opened, and {@code run} ends with that message
     */
    Promise<List<Entry>> opened();

    /**
     * Tells, once it answers, what only somebody is shown who sits at the host's own terminal.
     *
     * @return may hold a secret: it is written to a terminal, and to no file, log or pipe
     */
    default List<Entry> forTerminal() {
        return List.of();
    }

    /**
     * One thing to know, such as an address.
     *
     * @param name what it is, in a word or two
     * @param value never a secret, since it is printed, unless it is {@link #forTerminal}
     */
    record Entry(String name, String value) {}
}
