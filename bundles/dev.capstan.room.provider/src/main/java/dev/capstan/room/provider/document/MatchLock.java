package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which pieces there are and where each may be fetched from.
 *
 * @param engine what the pieces are for
 * @param collections pieces by the id of their collection, in the document's order
 * @param digest SHA-256 of the document's canonical form, in hexadecimal
 */
public record MatchLock(Engine engine, Map<String, Collection> collections, String digest) {

    /** Creates a match lock; collections are copied. */
    public MatchLock {
        collections = Collections.unmodifiableMap(new LinkedHashMap<>(collections));
    }

    /**
     * Reads a match lock.
     *
     * @param text JSON
     * @return the match lock
     * @throws RoomException with INVALID and the JSON pointer of what is wrong (R2)
     */
    public static MatchLock parse(String text) throws RoomException {
        return MatchLockReader.read(StrictJson.object(text, StrictJson.DOCUMENT), Pointer.ROOT);
    }

    /**
     * The program that uses the pieces.
     *
     * @param name its name
     * @param version its version
     * @param folder where it is installed, or null
     */
    public record Engine(String name, String version, @Nullable String folder) {}

    /**
     * Pieces of one kind.
     *
     * @param selection who must have them
     * @param pieces the pieces
     */
    public record Collection(Selection selection, List<Piece> pieces) {

        /** Creates a collection; pieces are copied. */
        public Collection {
            pieces = List.copyOf(pieces);
        }
    }

    /** Who must have the pieces of a collection. */
    public enum Selection {
        /** Everybody. */
        MANDATORY,
        /** Whoever a room names them for. */
        SELECTABLE,
        /** Nobody before it is asked for. */
        ON_DEMAND
    }

    /** How a piece comes. */
    public enum Archive {
        /** A zip file. */
        ZIP,
        /** A tar file. */
        TAR,
        /** A tar file in gzip. */
        TAR_GZ,
        /** One file that is the piece. */
        NONE,
        /** Whatever its first bytes say. */
        AUTO
    }

    /**
     * One piece.
     *
     * @param id 1 to 128 characters without control and path characters (R2)
     * @param name what a person calls it, or null
     * @param author who made it, or null
     * @param version its version, or null
     * @param resolvables links to try in order (R5)
     * @param sha256 SHA-256 its bytes must have, in lower-case hexadecimal, or null
     * @param size bytes, −1 if not told
     * @param archive how it comes
     * @param enginePath where the engine keeps it, relative to its folder, or null
     */
    public record Piece(
            String id,
            @Nullable String name,
            @Nullable String author,
            @Nullable String version,
            List<String> resolvables,
            @Nullable String sha256,
            long size,
            Archive archive,
            @Nullable String enginePath) {

        /** Creates a piece; links are copied. */
        public Piece {
            resolvables = List.copyOf(resolvables);
        }
    }
}
