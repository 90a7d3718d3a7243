package dev.capstan.download;

/**
 * Why a download could not go on, split by what happens next.
 *
 * <table>
 * <caption>What the orchestrator does</caption>
 * <tr><th>class</th><th>next</th></tr>
 * <tr><td>{@link #NETWORK}, {@link #TIMEOUT}, {@link #UNAVAILABLE}, {@link #HOST}</td>
 *     <td>retried after 60, 120, 240 … s (Q12); counts as an outage of the host (Q14)</td></tr>
 * <tr><td>{@link #RATE_LIMITED}</td><td>retried, never before the given time</td></tr>
 * <tr><td>{@link #LINK_EXPIRED}</td><td>resolved again at once, at most 3 times without
 *     progress</td></tr>
 * <tr><td>{@link #AUTH}</td><td>the host's downloads are held, no retries are burned</td></tr>
 * <tr><td>{@link #CHANGED}, {@link #CHECKSUM}, {@link #PROTOCOL}</td>
 *     <td>repeated once at once, then final</td></tr>
 * <tr><td>{@link #DISK_FULL}</td><td>waits until the volume has space</td></tr>
 * <tr><td>{@link #ACCOUNT}, {@link #NOT_FOUND}, {@link #DECRYPT}, {@link #IO},
 *     {@link #BLOCKED}</td><td>final</td></tr>
 * </table>
 */
public enum ErrorClass {
    /** Refused, reset, name not resolved, unreachable, TLS handshake broken off. */
    NETWORK,
    /** Connect, first byte, idle, or too slow for too long. */
    TIMEOUT,
    /** 429, 503 with Retry-After, or the host's own limit. */
    RATE_LIMITED,
    /** 500, 502, 503, 504, 408, 425. */
    UNAVAILABLE,
    /** 403 or 410 on a direct link that a host gave. */
    LINK_EXPIRED,
    /** 401, wrong credentials, session lost. */
    AUTH,
    /** Not entitled, over quota, needs another kind of account. */
    ACCOUNT,
    /** 404, 451, deleted. */
    NOT_FOUND,
    /** The source's bytes changed under a partial transfer. */
    CHANGED,
    /** Digest or size differs from what was promised. */
    CHECKSUM,
    /** Broken framing, false ranges, not HTTP. */
    PROTOCOL,
    /** Wrong key, damaged ciphertext, cipher not configured. */
    DECRYPT,
    /** No space on the volume. */
    DISK_FULL,
    /** Read-only file system, I/O error, target not writable. */
    IO,
    /** Address guard, scheme, downgrade or size refused. */
    BLOCKED,
    /** The resolver threw, hung or answered rubbish. */
    HOST;

    /**
     * Tells whether the download goes back into the queue with a back-off (Q12).
     *
     * @return true where waiting may help
     */
    public boolean isRetryable() {
        return switch (this) {
            case NETWORK, TIMEOUT, RATE_LIMITED, UNAVAILABLE, HOST -> true;
            default -> false;
        };
    }

    /**
     * Tells whether one immediate repetition is made before the error is final.
     *
     * @return true for {@link #CHANGED}, {@link #CHECKSUM} and {@link #PROTOCOL}
     */
    public boolean isRepeatedOnce() {
        return this == CHANGED || this == CHECKSUM || this == PROTOCOL;
    }

    /**
     * Tells whether the error counts towards opening the host's breaker (Q14).
     *
     * @return true for outages
     */
    public boolean isOutage() {
        return this == NETWORK || this == TIMEOUT || this == UNAVAILABLE || this == HOST;
    }
}
