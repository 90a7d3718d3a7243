package dev.capstan.room.provider.piece;

import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what is told of pieces. */
final class Told implements PieceListener {
    final Map<String, Arrived> finished = new ConcurrentHashMap<>();
    final List<Progress> moves = new CopyOnWriteArrayList<>();
    private final Map<String, Progress> last = new ConcurrentHashMap<>();

    @Override
    public void moved(String piece, Progress progress) {
        moves.add(progress);
        last.put(piece, progress);
    }

    @Override
    public void finished(String piece, String sha256, long bytes, Path folder) {
        finished.put(piece, new Arrived(sha256, bytes, folder));
    }

    Arrived awaitFinished(String piece) {
        PieceHost.await(() -> finished.containsKey(piece) || hasFailed(piece));
        if (!finished.containsKey(piece)) {
            throw new AssertionError(last.get(piece).error());
        }
        return finished.get(piece);
    }

    String awaitError(String piece) {
        PieceHost.await(() -> finished.containsKey(piece) || hasFailed(piece));
        if (finished.containsKey(piece)) {
            throw new AssertionError("Finished: " + finished.get(piece));
        }
        return last.get(piece).error();
    }

    boolean hasFailed(String piece) {
        var progress = last.get(piece);
        return progress != null && progress.status() == Status.ERROR;
    }

    boolean isMoving(String piece) {
        var progress = last.get(piece);
        return progress != null && progress.bytes() > 0;
    }
}
