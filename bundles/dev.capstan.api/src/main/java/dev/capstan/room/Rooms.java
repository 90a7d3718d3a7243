package dev.capstan.room;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.util.promise.Promise;

/**
 * Rooms, and the pieces they are about. Making a room file and joining it are separate: only the
 * file counts (R3). Match locks and room files go in and out as the JSON text they are exchanged
 * as; what is signed is the canonical form of that text (RFC 8785), so nothing of it may get lost.
 *
 * <p><b>Threads</b>: safe for any number; promises resolve on a thread of the provider.
 * <b>Errors</b>: {@link RoomException}.
 */
@ProviderType
public interface Rooms {

    /**
     * R4: fetches pieces without a room, as one batch.
     *
     * @param matchLock the match-lock document
     * @param mandatoryOnly whether only mandatory collections are fetched
     * @param folder where piece folders go, or null for {@code pieces/} of the downloads folder
     * @return a folder for each piece; fails with FAILED and each piece's reasons
     */
    Promise<Map<String, Path>> pieces(
            String matchLock, boolean mandatoryOnly, @Nullable Path folder);

    /**
     * R3: makes an unsigned room file.
     *
     * @param draft what it is made of
     * @return the file, to be signed by every user
     * @throws RoomException with INVALID, naming the JSON pointer (R2)
     */
    String create(RoomDraft draft) throws RoomException;

    /**
     * R1: adds a user's signature.
     *
     * @param roomFile a room file
     * @param user a user of that file whose identity is here
     * @return the file with one signature more
     * @throws RoomException with INVALID, or NOT_FOUND if there is no such identity
     */
    String sign(String roomFile, String user) throws RoomException;

    /**
     * R3: joins the signatures of copies of one file that were signed apart.
     *
     * @param roomFiles copies with the same configuration
     * @return the file with all their signatures
     * @throws RoomException with INVALID if they differ in anything but signatures
     */
    String collect(List<String> roomFiles) throws RoomException;

    /**
     * R3: the room that a room file is about, whoever has signed it yet.
     *
     * @param roomFile a room file
     * @return the room's id
     * @throws RoomException with INVALID, naming the JSON pointer (R2)
     */
    String id(String roomFile) throws RoomException;

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
     * R8: checks all signatures, then listens or connects, and starts the downloads. Joining a room
     * that this host has left or that has ended makes a new try.
     *
     * @param request who joins which room
     * @return the room, once this user is in it
     */
    Promise<Room> join(JoinRequest request);

    /**
     * R12: waits for the end of a room.
     *
     * @param id a joined room
     * @return a folder for each piece, when all users have all pieces
     */
    Promise<Map<String, Path>> finished(String id);

    /**
     * R11: tries a failed piece of this user again.
     *
     * @param id a joined room
     * @param piece the piece
     * @return whether it had failed
     */
    boolean retry(String id, String piece);

    /**
     * A room this host is in, or was in since it started.
     *
     * @param id its id
     * @return a snapshot, or empty
     */
    Optional<Room> get(String id);

    /**
     * All rooms this host is in, or was in since it started.
     *
     * @return snapshots, the newest first
     */
    List<Room> list();

    /**
     * Says goodbye, stops the downloads of the room and closes its connections; pieces that are
     * here stay.
     *
     * @param id a joined room
     * @return the room as it was left
     */
    Promise<Room> leave(String id);
}
