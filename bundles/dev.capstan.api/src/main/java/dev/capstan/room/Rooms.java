package dev.capstan.room;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * Rooms, and the pieces they are about. Making a room file and joining it are separate: only the
 * file counts (R3).
 *
 * <p><b>Threads</b>: safe for any number; promises resolve on a thread of the provider.
 * <b>Errors</b>: {@link RoomException}.
 */
@ProviderType
public interface Rooms {

    /**
     * R4: fetches pieces without a room, as one batch.
     *
     * @param matchLock the pieces
     * @param mandatoryOnly whether only mandatory collections are fetched
     * @param folder where piece folders go
     * @return a folder for each piece
     */
    Promise<Map<String, Path>> pieces(MatchLock matchLock, boolean mandatoryOnly, Path folder);

    /**
     * R3: makes an unsigned room file that embeds a match lock.
     *
     * @param matchLock the pieces
     * @param keys public keys by user, {@code ed25519:…}
     * @param transport where the maker listens
     * @param expected piece ids by collection, or null for all mandatory ones
     * @return the file, to be signed by every user
     * @throws RoomException with INVALID
     */
    RoomFile create(
            MatchLock matchLock,
            Map<String, String> keys,
            URI transport,
            @Nullable Map<String, Set<String>> expected)
            throws RoomException;

    /**
     * R1: adds a user's signature.
     *
     * @param file a room file
     * @param user a user whose identity is here
     * @return the file with one signature more
     * @throws RoomException with NOT_FOUND if there is no such identity
     */
    RoomFile sign(RoomFile file, String user) throws RoomException;

    /**
     * The public key of a user of this host; made at the first call, its private half lies with the
     * secrets.
     *
     * @param user a user id
     * @return {@code ed25519:…}
     * @throws RoomException if it cannot be kept
     */
    String identity(String user) throws RoomException;

    /**
     * R8: checks all signatures, then joins.
     *
     * @param file a room file signed by all
     * @param user who joins
     * @param folder where piece folders go
     * @return the room, once it is joined
     */
    Promise<Room> join(RoomFile file, String user, Path folder);

    /**
     * R12: waits for the end of a room.
     *
     * @param id a joined room
     * @return a folder for each piece, when all users have all pieces
     */
    Promise<Map<String, Path>> finished(String id);

    /**
     * R11: tries a failed piece again.
     *
     * @param id a joined room
     * @param piece the piece
     * @return whether it had failed
     */
    boolean retry(String id, String piece);

    /**
     * A room this host is in.
     *
     * @param id its id
     * @return a snapshot, or empty
     */
    Optional<Room> get(String id);

    /**
     * All rooms this host is in.
     *
     * @return snapshots
     */
    List<Room> list();

    /**
     * Says goodbye and closes the connections; pieces that are here stay.
     *
     * @param id a joined room
     * @return when it is done
     */
    Promise<Room> leave(String id);
}
