package dev.capstan.room.provider.protocol;

import java.io.IOException;

/** Words for what a transport threw. */
final class Faults {

    private Faults() {}

    /** A sentence of bounded length; a transport's exception may itself throw when it is asked. */
    static String of(Throwable thrown) {
        try {
            var message = thrown.getMessage();
            return Report.sentence(
                    thrown instanceof IOException && message != null
                            ? message
                            : String.valueOf(thrown));
        } catch (RuntimeException | Error e) {
            return thrown.getClass().getName();
        }
    }
}
