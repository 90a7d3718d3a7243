package dev.capstan.admin.shell.call;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param exit its exit code
 * @param shown what is to be shown, or null where the verb has shown everything itself
 */
public record Answer(int exit, @Nullable Object shown) {

    /** All is well and nothing is left to be shown. */
    public static final Answer DONE = new Answer(ExitCode.DONE, null);

    /** All is well. */
    public static Answer of(Object shown) {
        return new Answer(ExitCode.DONE, shown);
    }

    /** The verb has shown everything itself. */
    public static Answer exit(int code) {
        return code == ExitCode.DONE ? DONE : new Answer(code, null);
    }
}
