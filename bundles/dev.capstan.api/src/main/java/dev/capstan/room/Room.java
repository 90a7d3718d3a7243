package dev.capstan.room;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of a room this host is in.
 *
 * @param id its id
 * @param user who is in it from this host
 * @param state how it stands
 * @param reason why it failed or closed, or what it waits for, or null
 * @param joined when this host joined
 * @param members by user id, in the order of the room file
 * @param warnings what is odd but ends nothing: slow pieces, digests that differ (R10, R11)
 * @param result a folder for each piece, in the order of the room file; empty before FINISHED (R12)
 */
public record Room(
        String id,
        String user,
        State state,
        @Nullable String reason,
        Instant joined,
        Map<String, Member> members,
        List<String> warnings,
        Map<String, Path> result) {

    /** How a room stands. */
    public enum State {
        /** This user is not connected with the room's maker, or is no longer. */
        CONNECTING,
        /** This user is in the room; pieces are being fetched. */
        OPEN,
        /** All users have all pieces. */
        FINISHED,
        /** This user left. */
        CLOSED,
        /** A piece failed for good or the deadline passed. */
        FAILED
    }

    /** Creates a snapshot; maps and lists are copied. */
    public Room {
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        warnings = List.copyOf(warnings);
        result = Collections.unmodifiableMap(new LinkedHashMap<>(result));
    }

    /**
     * One user.
     *
     * @param connected whether the user is there now
     * @param pieces by piece id, in the order of the room file
     */
    public record Member(boolean connected, Map<String, Progress> pieces) {

        /** Creates a member; pieces are copied. */
        public Member {
            pieces = Collections.unmodifiableMap(new LinkedHashMap<>(pieces));
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
