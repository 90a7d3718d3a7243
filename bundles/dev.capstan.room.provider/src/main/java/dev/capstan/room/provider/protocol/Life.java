package dev.capstan.room.provider.protocol;

import dev.capstan.room.RoomException.Reason;

/** What a side of a room tells whoever lives in it; never under a lock. */
interface Life {

    /** This user is in the room. */
    void opened();

    /** This user is not in the room, or not any more, and what is being waited for. */
    void waiting(String why);

    /** It cannot go on. */
    void failed(Reason reason, String why);

    /** All users have all pieces, and goodbyes were said. */
    void finished();

    /** Something came to pass that is better dealt with at once. */
    void wake();
}
