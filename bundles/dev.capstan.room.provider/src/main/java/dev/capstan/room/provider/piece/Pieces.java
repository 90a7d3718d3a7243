package dev.capstan.room.provider.piece;

import dev.capstan.download.Trust;
import dev.capstan.room.provider.document.MatchLock;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts work on pieces. Safe for any number of threads. */
public interface Pieces {

    /**
     * Looks what is here already and fetches the rest as one batch of the queue; does not block.
     *
     * @param name what people see as the name of the batch
     * @param engine whose folder is looked into
     * @param pieces which ones
     * @param folder where piece folders go
     * @param trust of the links (R14: those of a room are a stranger's)
     * @param members who may be asked before the links (R13), or null
     * @param listener hears how they get on
     * @return the work, to be closed by the caller
     */
    PieceWork start(
            String name,
            MatchLock.Engine engine,
            List<MatchLock.Piece> pieces,
            Path folder,
            Trust trust,
            @Nullable MemberSource members,
            PieceListener listener);

    /**
     * R13: reads some bytes of a piece that is in the store; does not block.
     *
     * @param range which bytes
     * @param answer takes them, or none if they are not here; on another thread
     */
    void read(PieceRange range, Consumer<byte[]> answer);
}
