package dev.capstan.admin.shell.host;

import dev.capstan.admin.shell.call.CommandException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A part of the host that a start or an update brings in a moment, so that it is worth waiting for.
 *
 * <p>Safe for any number of threads; its monitor guards who is there.
 *
 * @param <T> its service
 */
final class Part<T> {
    private static final long PATIENCE_MILLIS = 5_000;

    private final String what;
    private volatile @Nullable T service;
    private volatile int arrivals;

    /**
     * Creates it, absent.
     *
     * @param what people call it
     */
    Part(String what) {
        this.what = what;
    }

    synchronized void came(T arrived) {
        service = arrived;
        arrivals++;
        notifyAll();
    }

    /** Nothing where another one came before. */
    synchronized void went(T gone) {
        if (service == gone) {
            service = null;
        }
    }

    /** The service, or null while it is not there. */
    @Nullable T now() {
        return service;
    }

    int arrivals() {
        return arrivals;
    }

    T present() throws CommandException {
        return present(service, what);
    }

    synchronized T awaited() throws CommandException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        var left = PATIENCE_MILLIS;
        while (service == null && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
        return present();
    }

    /** A service, whatever people call it, or what the user is told where it is not there. */
    static <T> T present(@Nullable T service, String what) throws CommandException {
        if (service == null) {
            throw CommandException.failed(
                    "This host runs without "
                            + what
                            + "; \"capstan doctor\" tells what is missing.");
        }
        return service;
    }
}
