package dev.capstan.room.provider;

import dev.capstan.download.Trust;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.MatchLock.Selection;
import dev.capstan.room.provider.piece.PieceListener;
import dev.capstan.room.provider.piece.PieceWork;
import dev.capstan.room.provider.piece.Pieces;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/** R4: pieces that are fetched without a room. Safe for any number of threads. */
final class Gathering implements PieceListener, AutoCloseable {
    private final List<Piece> wanted;
    private final Deferred<Map<String, Path>> answer;
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private @Nullable PieceWork work;
    private boolean isOver;

    private Gathering(List<Piece> wanted, Deferred<Map<String, Path>> answer) {
        this.wanted = wanted;
        this.answer = answer;
    }

    static Gathering start(
            MatchLock lock,
            boolean mandatoryOnly,
            Path folder,
            Pieces pieces,
            Deferred<Map<String, Path>> answer) {
        var wanted =
                lock.collections().values().stream()
                        .filter(each -> !mandatoryOnly || each.selection() == Selection.MANDATORY)
                        .flatMap(each -> each.pieces().stream())
                        .toList();
        var gathering = new Gathering(wanted, answer);
        if (wanted.isEmpty()) {
            gathering.endIfDone();
            return gathering;
        }
        var name = "Pieces of " + lock.engine().name() + " " + lock.engine().version();
        // What a document names is a stranger's, whoever gave the document.
        gathering.began(
                pieces.start(name, lock.engine(), wanted, folder, Trust.NETWORK, null, gathering));
        return gathering;
    }

    Promise<Map<String, Path>> answer() {
        return answer.getPromise();
    }

    private void began(PieceWork started) {
        synchronized (this) {
            work = started;
            if (!isOver) {
                return;
            }
        }
        // It was over before it had begun.
        started.close();
    }

    @Override
    public void moved(String piece, Progress progress) {
        if (progress.status() == Status.ERROR) {
            synchronized (this) {
                failures.put(piece, String.valueOf(progress.error()));
            }
            endIfDone();
        }
    }

    @Override
    public void finished(String piece, String sha256, long bytes, Path folder) {
        synchronized (this) {
            folders.put(piece, folder);
        }
        endIfDone();
    }

    private void endIfDone() {
        synchronized (this) {
            if (isOver || folders.size() + failures.size() < wanted.size()) {
                return;
            }
            isOver = true;
        }
        closeWork();
        if (failures.isEmpty()) {
            answer.resolve(inOrder());
        } else {
            var why =
                    failures.entrySet().stream()
                            .map(each -> each.getKey() + ": " + each.getValue())
                            .collect(Collectors.joining("; "));
            answer.fail(new RoomException(Reason.FAILED, "Not all pieces came. " + why, null));
        }
    }

    private synchronized Map<String, Path> inOrder() {
        var all = new LinkedHashMap<String, Path>();
        for (var piece : wanted) {
            var folder = folders.get(piece.id());
            if (folder != null) {
                all.put(piece.id(), folder);
            }
        }
        return all;
    }

    /** Cancels what is on its way; whoever waits is told. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (isOver) {
                return;
            }
            isOver = true;
        }
        closeWork();
        answer.fail(new RoomException(Reason.FAILED, "The host stopped to fetch pieces.", null));
    }

    private void closeWork() {
        PieceWork mine;
        synchronized (this) {
            mine = work;
        }
        if (mine != null) {
            mine.close();
        }
    }
}
