package dev.capstan.room.provider.protocol;

import dev.capstan.download.Trust;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.piece.MemberSource;
import dev.capstan.room.provider.piece.PieceListener;
import dev.capstan.room.provider.piece.PieceRange;
import dev.capstan.room.provider.piece.PieceWork;
import dev.capstan.room.provider.piece.Pieces;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The real pieces of one host, where links may lead to this machine; what it gives may be wrong.
 */
final class Fetcher implements Pieces {
    final AtomicInteger reads = new AtomicInteger();

    /** What becomes of the bytes that it gives. */
    volatile UnaryOperator<byte[]> giving = UnaryOperator.identity();

    private final Pieces real;
    private final Path folder;

    Fetcher(Pieces real, Path folder) {
        this.real = real;
        this.folder = folder;
    }

    @Override
    public PieceWork start(
            String name,
            MatchLock.Engine engine,
            List<MatchLock.Piece> pieces,
            Path ignored,
            Trust trust,
            @Nullable MemberSource members,
            PieceListener listener) {
        return real.start(name, engine, pieces, folder, Trust.OPERATOR, members, listener);
    }

    @Override
    public void read(PieceRange range, Consumer<byte[]> answer) {
        reads.incrementAndGet();
        real.read(range, bytes -> answer.accept(giving.apply(bytes)));
    }
}
