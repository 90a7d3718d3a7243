package dev.capstan.health;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks one part of the host. Registered as a service with {@link #NAME} by the bundle that owns
 * the part; asked by {@code doctor} and the faces.
 *
 * <p>Safe for any number of threads; may read disk for some seconds when thorough, for milliseconds
 * when not; never throws.
 */
@ConsumerType
@FunctionalInterface
public interface HealthCheck {

    /** Service property: what is checked, in a word or two; String, mandatory. */
    String NAME = "capstan.health.name";

    /**
     * Looks.
     *
     * @param thorough whether it may take seconds
     * @return one finding or more
     */
    List<Finding> check(boolean thorough);

    /** How bad it is. */
    enum Level {
        /** All is well. */
        OK,
        /** Works, and somebody should look. */
        WARNING,
        /** Does not work. */
        FAILED
    }

    /**
     * What was seen.
     *
     * @param level how bad it is
     * @param message what is so, in one sentence
     * @param remedy what to do, or null where nothing is to be done
     */
    record Finding(Level level, String message, @Nullable String remedy) {

        /**
         * All is well.
         *
         * @param message what is so
         * @return the finding
         */
        public static Finding ok(String message) {
            return new Finding(Level.OK, message, null);
        }

        /**
         * Something an operator should look at.
         *
         * @param message what is so
         * @param remedy what to do
         * @return the finding
         */
        public static Finding warning(String message, String remedy) {
            return new Finding(Level.WARNING, message, remedy);
        }

        /**
         * Something that does not work.
         *
         * @param message what is so
         * @param remedy what to do
         * @return the finding
         */
        public static Finding failed(String message, String remedy) {
            return new Finding(Level.FAILED, message, remedy);
        }
    }
}
