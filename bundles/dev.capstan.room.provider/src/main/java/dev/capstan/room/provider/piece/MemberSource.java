package dev.capstan.room.provider.piece;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Other members of a room, as far as they give pieces (R13). Safe for any number of threads. */
public interface MemberSource {
    /** Most bytes of one answer. */
    int MOST_BYTES = 512 << 10;

    /** Ranges a member wants at once; more wait with the one who asks. */
    int MOST_RANGES = 2;

    /**
     * Who is there and says to have a piece.
     *
     * @param sha256 the promised digest of its bytes as they came
     * @return whom to ask first comes first
     */
    List<Holder> holders(String sha256);

    /**
     * Asks for some bytes; does not block.
     *
     * @param holder who is asked
     * @param range which bytes
     * @return resolves with the bytes, or with none if they are not given; never fails
     */
    CompletableFuture<byte[]> ask(String holder, PieceRange range);

    /**
     * A member that has a piece.
     *
     * @param user who
     * @param bytes how many bytes there are, as that user says
     */
    record Holder(String user, long bytes) {}
}
