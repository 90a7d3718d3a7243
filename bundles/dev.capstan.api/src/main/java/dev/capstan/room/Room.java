package dev.capstan.room;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of a room this host is in.
 *
 * @param id its id
 * @param state how it stands
 * @param reason why it failed or closed, or null
 * @param members by user id
 * @param result a folder for each piece; empty before FINISHED (R12)
 */
public record Room(
        String id,
        State state,
        @Nullable String reason,
        Map<String, Member> members,
        Map<String, Path> result) {

    /** How a room stands. */
    public enum State {
        /** Not all expected users were seen yet. */
        CONNECTING,
        /** Pieces are being fetched. */
        OPEN,
        /** All users have all pieces. */
        FINISHED,
        /** This user left. */
        CLOSED,
        /** A piece failed for good or the deadline passed. */
        FAILED
    }

    /** Creates a snapshot; maps are copied. */
    public Room {
        members = Map.copyOf(members);
        result = Map.copyOf(result);
    }

    /**
     * One user.
     *
     * @param connected whether the user is there now
     * @param pieces by piece id
     */
    public record Member(boolean connected, Map<String, Progress> pieces) {

        /** Creates a member; pieces are copied. */
        public Member {
            pieces = Map.copyOf(pieces);
        }
    }

    /**
     * How far a user is with a piece (R10).
     *
     * @param status how it stands
     * @param bytes bytes that are there
     * @param total bytes in all, −1 while unknown
     * @param error what went wrong, or null
     */
    public record Progress(Status status, long bytes, long total, @Nullable String error) {}

    /** How a piece stands. */
    public enum Status {
        /** Not begun. */
        NOT_STARTED,
        /** On the way. */
        IN_PROGRESS,
        /** There and verified. */
        FINISHED,
        /** Failed; may be retried (R11). */
        ERROR
    }
}
