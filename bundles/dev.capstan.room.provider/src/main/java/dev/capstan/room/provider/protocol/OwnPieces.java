package dev.capstan.room.provider.protocol;

import dev.capstan.download.Trust;
import dev.capstan.room.JoinRequest;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.piece.PieceListener;
import dev.capstan.room.provider.piece.PieceWork;
import dev.capstan.room.provider.piece.Pieces;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This user's own pieces: fetched once this user is in the room, tried again when that is asked for
 * (R11), and put on the board as they get on (R10).
 *
 * <p>Begun and closed by the room's thread; safe for any number of others. Its monitor guards what
 * was begun and what has come.
 */
final class OwnPieces implements PieceListener, AutoCloseable {
    private final RoomConfig config;
    private final JoinRequest request;
    private final Path folder;
    private final Pieces pieces;
    private final Board board;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Path> folders = new HashMap<>();
    private @Nullable PieceWork work;

    /**
     * Creates them; nothing is fetched yet.
     *
     * @param folder where piece folders go
     */
    OwnPieces(RoomConfig config, JoinRequest request, Path folder, Pieces pieces, Board board) {
        this.config = config;
        this.request = request;
        this.folder = folder;
        this.pieces = pieces;
        this.board = board;
        for (var place = 0; place < config.pieces().size(); place++) {
            places.put(config.pieces().get(place).id(), place);
        }
    }

    /** Begins, the first time; links of a room are a stranger's (R14). */
    void fetch(Ranges ranges) {
        if (work() != null) {
            return;
        }
        var started =
                pieces.start(
                        "Room " + config.roomId(),
                        config.engine(),
                        config.pieces(),
                        folder,
                        Trust.NETWORK,
                        request.fromMembers() ? ranges : null,
                        this);
        synchronized (this) {
            work = started;
        }
    }

    /** Tries a failed piece again; returns whether it had failed. */
    boolean retry(String piece) {
        var mine = work();
        return mine != null && mine.retry(piece);
    }

    /** A folder for each piece that is there, in the order of the room file. */
    synchronized Map<String, Path> folders() {
        var there = new LinkedHashMap<String, Path>();
        for (var piece : config.pieces()) {
            var where = folders.get(piece.id());
            if (where != null) {
                there.put(piece.id(), where);
            }
        }
        return there;
    }

    @Override
    public void close() {
        var mine = work();
        if (mine != null) {
            mine.close();
        }
    }

    private synchronized @Nullable PieceWork work() {
        return work;
    }

    @Override
    public void moved(String piece, Progress progress) {
        put(piece, new PieceState(progress, null));
    }

    @Override
    public void finished(String piece, String sha256, long bytes, Path where) {
        synchronized (this) {
            folders.put(piece, where);
        }
        put(piece, new PieceState(new Progress(Status.FINISHED, bytes, bytes, null), sha256));
    }

    private void put(String piece, PieceState state) {
        var place = places.get(piece);
        if (place != null) {
            board.putJudged(request.user(), place, state);
        }
    }
}
