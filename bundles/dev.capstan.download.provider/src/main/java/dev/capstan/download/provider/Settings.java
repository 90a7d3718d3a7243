package dev.capstan.download.provider;

import dev.capstan.name.DataFolder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the configuration says, checked.
 *
 * @param maxConcurrent downloads that run at once (Q6)
 * @param directory the downloads folder, absolute
 * @param maxRetries retries after which a download fails (Q12)
 * @param maxListing files one listing may give
 * @param resolveLimit how long a call to a host may take
 * @param lookAhead bytes a stream may be ahead of its furthest reader (P10)
 * @param grace how long a stream goes on after its last reader (P15)
 */
record Settings(
        int maxConcurrent,
        Path directory,
        int maxRetries,
        int maxListing,
        Duration resolveLimit,
        long lookAhead,
        Duration grace) {
    static final long LOOK_AHEAD = 16L << 20;
    static final Duration GRACE = Duration.ofSeconds(30);

    Settings {
        if (maxConcurrent < 1
                || maxRetries < 0
                || maxListing < 1
                || resolveLimit.isZero()
                || resolveLimit.isNegative()
                || lookAhead < 0
                || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "maxConcurrent, maxListing and resolveTimeoutSeconds must be at least 1,"
                            + " maxRetries, lookAheadBytes and graceSeconds at least 0");
        }
        directory = directory.toAbsolutePath().normalize();
    }

    /** Settings of a queue whose streams are as they are by default. */
    Settings(
            int maxConcurrent,
            Path directory,
            int maxRetries,
            int maxListing,
            Duration resolveLimit) {
        this(maxConcurrent, directory, maxRetries, maxListing, resolveLimit, LOOK_AHEAD, GRACE);
    }

    /** The settings that a configuration means on the host of this data folder. */
    static Settings of(QueueConfig config, DataFolder folder) {
        var directory = config.directory();
        return new Settings(
                config.maxConcurrent(),
                directory.isBlank() ? folder.downloads() : Path.of(directory.strip()),
                config.maxRetries(),
                config.maxListing(),
                Duration.ofSeconds(config.resolveTimeoutSeconds()),
                config.lookAheadBytes(),
                Duration.ofSeconds(config.graceSeconds()));
    }
}
