package dev.capstan.room.provider.protocol;

/**
 * One of the two sides of a room's star. All but what a transport calls is for the room's thread.
 */
interface Side {

    /** Looks what there is to do. */
    void tick();

    /** Whether all are finished, and what is left is to say so; no deadline falls into that. */
    boolean isEnding();

    /**
     * Says goodbye and closes what is open; waits for that, but not for long.
     *
     * @throws InterruptedException if the thread was interrupted; what is open is closed all the
     *     same
     */
    void leave() throws InterruptedException;
}
