package dev.capstan.room.provider.protocol;

import dev.capstan.download.Trust;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.piece.MemberSource;
import dev.capstan.room.provider.piece.PieceListener;
import dev.capstan.room.provider.piece.PieceRange;
import dev.capstan.room.provider.piece.PieceWork;
import dev.capstan.room.provider.piece.Pieces;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pieces that get on as a test tells them to; what rooms say of them is what is looked at. */
final class ToldPieces implements Pieces {
    final AtomicInteger starts = new AtomicInteger();
    final AtomicBoolean isClosed = new AtomicBoolean();
    final Set<String> retried = ConcurrentHashMap.newKeySet();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<PieceListener> listener = new CompletableFuture<>();

    @Override
    public PieceWork start(
            String name,
            MatchLock.Engine engine,
            List<MatchLock.Piece> pieces,
            Path folder,
            Trust trust,
            @Nullable MemberSource members,
            PieceListener told) {
        starts.incrementAndGet();
        listener.complete(told);
        return new PieceWork() {
            @Override
            public boolean retry(String piece) {
                return failed.remove(piece) && retried.add(piece);
            }

            @Override
            public void close() {
                isClosed.set(true);
            }
        };
    }

    @Override
    public void read(PieceRange range, Consumer<byte[]> answer) {
        throw new AssertionError("Nothing was told of bytes");
    }

    void moved(String piece, long bytes, long total) {
        listener().moved(piece, new Progress(Status.IN_PROGRESS, bytes, total, null));
    }

    void failed(String piece, String error) {
        failed.add(piece);
        listener().moved(piece, new Progress(Status.ERROR, 0, -1, error));
    }

    void finished(String piece) {
        finished(piece, "%064x".formatted(piece.hashCode()));
    }

    void finished(String piece, String sha256) {
        listener().finished(piece, sha256, 100, Path.of("/pieces", piece));
    }

    private PieceListener listener() {
        try {
            return listener.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("The pieces were not started", e);
        }
    }
}
