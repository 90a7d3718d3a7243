package dev.capstan.tck.hostile;

import dev.capstan.download.ErrorClass;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client ended.
 *
 * @param file what it reports as the whole file; null if it reports an error
 * @param error the class of the error; null for a success, and for a client that has no such
 *     classes
 * @param took how long it took
 */
public record Outcome(@Nullable Path file, @Nullable ErrorClass error, Duration took) {

    /**
     * A success.
     *
     * @param file the file, to be compared
     * @param took how long it took
     * @return the outcome
     */
    public static Outcome success(Path file, Duration took) {
        return new Outcome(file, null, took);
    }

    /**
     * A failure.
     *
     * @param error its class, or null where the client has no classes
     * @param took how long it took
     * @return the outcome
     */
    public static Outcome failure(@Nullable ErrorClass error, Duration took) {
        return new Outcome(null, error, took);
    }
}
