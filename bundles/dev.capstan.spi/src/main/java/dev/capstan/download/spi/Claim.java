package dev.capstan.download.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A wish to take the next download (Q7, Q8).
 *
 * @param owner who takes it; the same over restarts of one host
 * @param lease how long the claim holds without being renewed
 * @param now the time, on the caller's clock
 * @param exceptHosts hosts whose downloads are not to be taken now
 */
public record Claim(String owner, Duration lease, Instant now, Set<String> exceptHosts) {

    /** Creates a claim; hosts are copied. */
    public Claim {
        exceptHosts = Set.copyOf(exceptHosts);
    }
}
