package dev.capstan.room.provider.piece;

/** Pieces on their way to this host. Safe for any number of threads. */
public interface PieceWork extends AutoCloseable {

    /**
     * Tries a failed piece again, all its links from the first.
     *
     * @param piece its id
     * @return whether it had failed
     */
    boolean retry(String piece);

    /** Cancels what is on its way; what is there stays. Nothing is told afterwards. Idempotent. */
    @Override
    void close();
}
