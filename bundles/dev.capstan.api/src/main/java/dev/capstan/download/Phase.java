package dev.capstan.download;

/** What happens inside a state, or what a queued download waits for. */
public enum Phase {
    /** Nothing special: queued and free to be claimed, or ended. */
    NONE,
    /** The host turns the link into direct links. */
    RESOLVING,
    /** The host's listing is being turned into the downloads of a batch. */
    EXPANDING,
    /** A first connection is being made. */
    CONNECTING,
    /** Bytes arrive. */
    TRANSFERRING,
    /** Length and digests are checked, plain bytes are written. */
    VERIFYING,
    /** The content gets its human name in the downloads folder. */
    PLACING,
    /** Waits until {@link Status#waitUntil()} after a failure that may pass. */
    RETRY_WAIT,
    /** The host asked to come back later, or its breaker is open. */
    HOST_WAIT,
    /** The bundle of the link's host is not there. */
    WAITING_FOR_HOST,
    /** No transfer engine is there, or the decryptor of an enciphered file is away. */
    WAITING_FOR_ENGINE,
    /** The host's account needs the operator; no retries are burned. */
    ACCOUNT_HELD,
    /** The volume is full; goes on by itself when there is space. */
    DISK_FULL,
    /** The schedule allows no transfers now. */
    SCHEDULE;

    /**
     * Tells whether this is a reason to wait and not an activity.
     *
     * @return true for the waiting reasons
     */
    public boolean isWaiting() {
        return ordinal() >= RETRY_WAIT.ordinal();
    }
}
