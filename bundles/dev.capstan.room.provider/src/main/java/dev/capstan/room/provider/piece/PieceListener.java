package dev.capstan.room.provider.piece;

import dev.capstan.room.Room.Progress;
import java.nio.file.Path;

/**
 * Hears how pieces get on; each piece in order, calls of different pieces may come at once. It must
 * not block.
 */
public interface PieceListener {

    /**
     * A piece is on its way, or has failed; at most twice a second for each while it moves.
     *
     * @param piece its id
     * @param progress IN_PROGRESS, or ERROR with the reason of each link; bytes never fall while it
     *     is the same source
     */
    void moved(String piece, Progress progress);

    /**
     * A piece is there, verified and unpacked. Nothing more is told of it.
     *
     * @param piece its id
     * @param sha256 of its bytes as they came
     * @param bytes how many those were
     * @param folder where it lies
     */
    void finished(String piece, String sha256, long bytes, Path folder);
}
