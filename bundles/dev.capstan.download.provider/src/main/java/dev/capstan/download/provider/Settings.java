package dev.capstan.download.provider;

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
 */
record Settings(
        int maxConcurrent, Path directory, int maxRetries, int maxListing, Duration resolveLimit) {

    Settings {
        if (maxConcurrent < 1
                || maxRetries < 0
                || maxListing < 1
                || resolveLimit.isZero()
                || resolveLimit.isNegative()) {
            throw new IllegalArgumentException(
                    "maxConcurrent, maxListing and resolveTimeoutSeconds must be at least 1,"
                            + " maxRetries at least 0");
        }
        directory = directory.toAbsolutePath().normalize();
    }
}
