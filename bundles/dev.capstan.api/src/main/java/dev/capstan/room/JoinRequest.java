package dev.capstan.room;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who joins which room, and how. Not safe for several threads; it is read once, when joining. */
public final class JoinRequest {
    private final String roomFile;
    private final String user;
    private @Nullable Path folder;
    private @Nullable String matchLock;
    private @Nullable Duration deadline;
    private long minimumSpeed;
    private boolean abortOnFailure;
    private boolean fromMembers;

    private JoinRequest(String roomFile, String user) {
        this.roomFile = roomFile;
        this.user = user;
    }

    /**
     * Joins as a user whose identity is on this host.
     *
     * @param roomFile a room file signed by all
     * @param user who joins
     * @return a request with piece folders under {@code pieces/} of the downloads folder
     */
    public static JoinRequest of(String roomFile, String user) {
        return new JoinRequest(roomFile, user);
    }

    /**
     * Sets where piece folders go.
     *
     * @param value a folder, or null for {@code pieces/} of the downloads folder
     * @return this
     */
    public JoinRequest folder(@Nullable Path value) {
        folder = value;
        return this;
    }

    /**
     * Gives the match lock that a room file names by its SHA-256 only.
     *
     * @param value the document, or null
     * @return this
     */
    public JoinRequest matchLock(@Nullable String value) {
        matchLock = value;
        return this;
    }

    /**
     * Ends the room as failed if not everybody is finished by then (R11).
     *
     * @param value from joining, or null for none
     * @return this
     */
    public JoinRequest deadline(@Nullable Duration value) {
        deadline = value;
        return this;
    }

    /**
     * Warns while this user's pieces arrive slower (R11).
     *
     * @param value bytes a second, 0 for no warning
     * @return this
     */
    public JoinRequest minimumSpeed(long value) {
        minimumSpeed = value;
        return this;
    }

    /**
     * Ends the room as failed once a piece of this user failed by all its links (R11).
     *
     * @param value otherwise it waits for {@link Rooms#retry}
     * @return this
     */
    public JoinRequest abortOnFailure(boolean value) {
        abortOnFailure = value;
        return this;
    }

    /**
     * Takes pieces with a promised digest from other members too, and gives them (R13).
     *
     * @param value whether to
     * @return this
     */
    public JoinRequest fromMembers(boolean value) {
        fromMembers = value;
        return this;
    }

    /**
     * The room file.
     *
     * @return JSON
     */
    public String roomFile() {
        return roomFile;
    }

    /**
     * Who joins.
     *
     * @return a user id
     */
    public String user() {
        return user;
    }

    /**
     * Where piece folders go.
     *
     * @return null for the usual place
     */
    public @Nullable Path folder() {
        return folder;
    }

    /**
     * The match lock, where the file has only its SHA-256.
     *
     * @return JSON, or null
     */
    public @Nullable String matchLock() {
        return matchLock;
    }

    /**
     * By when all must be finished.
     *
     * @return from joining, or null
     */
    public @Nullable Duration deadline() {
        return deadline;
    }

    /**
     * Below which speed to warn.
     *
     * @return bytes a second, 0 for never
     */
    public long minimumSpeed() {
        return minimumSpeed;
    }

    /**
     * Whether a piece that failed by all its links ends the room.
     *
     * @return false if it waits to be retried
     */
    public boolean abortOnFailure() {
        return abortOnFailure;
    }

    /**
     * Whether pieces are taken from members and given to them.
     *
     * @return false if only its links are used
     */
    public boolean fromMembers() {
        return fromMembers;
    }
}
