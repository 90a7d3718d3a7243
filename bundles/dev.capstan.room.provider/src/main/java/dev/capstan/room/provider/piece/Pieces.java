package dev.capstan.room.provider.piece;

import dev.capstan.download.Trust;
import dev.capstan.room.provider.document.MatchLock;
import java.nio.file.Path;
import java.util.List;

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
     * @param listener hears how they get on
     * @return the work, to be closed by the caller
     */
    PieceWork start(
            String name,
            MatchLock.Engine engine,
            List<MatchLock.Piece> pieces,
            Path folder,
            Trust trust,
            PieceListener listener);
}
