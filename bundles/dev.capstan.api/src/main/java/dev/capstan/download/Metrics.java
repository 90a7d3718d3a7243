package dev.capstan.download;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The moving numbers of a download, sampled about once a second while it runs; at rest the snapshot
 * taken at its last transition (Q4). They inform; they are never the truth for resuming.
 *
 * @param size bytes in all, −1 while unknown
 * @param downloaded bytes that are there
 * @param bytesPerSecond smoothed speed, 0 at rest
 * @param connections connections that are open, 0 at rest
 */
public record Metrics(long size, long downloaded, long bytesPerSecond, int connections) {

    /** Nothing known, nothing there. */
    public static final Metrics NONE = new Metrics(-1, 0, 0, 0);

    /**
     * The size, if known.
     *
     * @return bytes in all
     */
    public OptionalLong knownSize() {
        return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /**
     * How far it is, from 0 to 1.
     *
     * @return empty while the size is not known
     */
    public OptionalDouble fraction() {
        if (size < 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(size == 0 ? 1 : Math.min(1, (double) downloaded / size));
    }

    /**
     * The time that is left at the present speed.
     *
     * @return empty while size or speed is not known
     */
    public Optional<Duration> eta() {
        if (size < 0 || bytesPerSecond <= 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.max(0, size - downloaded) / bytesPerSecond));
    }

    /**
     * The same numbers at rest.
     *
     * @return a copy without speed and connections
     */
    public Metrics atRest() {
        return new Metrics(size, downloaded, 0, 0);
    }
}
