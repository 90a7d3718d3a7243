package dev.capstan.admin.shell.host;

import dev.capstan.admin.shell.call.CommandException;
import dev.capstan.download.RefusedException;
import java.lang.reflect.InvocationTargetException;
import org.osgi.util.promise.Promise;

/** Waits for what the queue promised. */
public final class Promises {

    private Promises() {}

    /**
     * The value of a promise.
     *
     * @throws CommandException with the refusal's sentence and code if the promise failed
     */
    public static <T> T await(Promise<T> promise) throws CommandException, InterruptedException {
        try {
            return promise.getValue();
        } catch (InvocationTargetException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof RefusedException refusal
                    ? CommandException.of(refusal)
                    : CommandException.failed(CommandException.sentence(cause));
        }
    }
}
