package dev.capstan.room.provider.piece;

import dev.capstan.download.BatchRef;
import dev.capstan.download.Trust;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.provider.document.MatchLock.Engine;
import dev.capstan.room.provider.document.MatchLock.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One order of pieces. All of them are looked for first; what is nowhere here then goes to the
 * queue at once, as one batch.
 */
final class Delivery implements PieceWork {
    private final Order order;
    private final PieceFetcher fetcher;
    private final PieceListener listener;
    private final Map<String, Effort> efforts = new LinkedHashMap<>();
    private final Set<String> failed = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /** Pieces of which is not known yet whether they must be fetched. */
    private int unknown;

    private List<Rows.Wish> firsts = new ArrayList<>();

    /**
     * What is the same for all pieces.
     *
     * @param batch they are of, in the queue
     * @param engine whose folder is looked into
     * @param folder where their folders go
     * @param trust of their links
     * @param members who may be asked before the links, or null
     */
    record Order(
            BatchRef batch,
            Engine engine,
            Path folder,
            Trust trust,
            @Nullable MemberSource members) {}

    Delivery(Order order, List<Piece> pieces, PieceFetcher fetcher, PieceListener listener) {
        this.order = order;
        this.fetcher = fetcher;
        this.listener = listener;
        for (var piece : pieces) {
            efforts.putIfAbsent(piece.id(), new Effort(piece, this));
        }
    }

    // For any thread.

    @Override
    public boolean retry(String piece) {
        var effort = efforts.get(piece);
        if (effort == null || isClosed || !failed.remove(piece)) {
            return false;
        }
        fetcher.soon(() -> doUnlessClosed(effort::begin));
        return true;
    }

    @Override
    public void close() {
        isClosed = true;
        fetcher.soon(() -> efforts.values().forEach(Effort::end));
    }

    boolean isClosed() {
        return isClosed;
    }

    // At the desk.

    Order order() {
        return order;
    }

    PieceFetcher fetcher() {
        return fetcher;
    }

    void begin() {
        unknown = efforts.size();
        fetcher.sweep(order.folder());
        efforts.values().forEach(effort -> doUnlessClosed(effort::begin));
    }

    /** One more piece of which is known where it comes from. */
    void known() {
        if (--unknown == 0 && !isClosed && !firsts.isEmpty()) {
            var all = firsts;
            firsts = new ArrayList<>();
            fetcher.rows().add(all);
        }
    }

    /** Wants a link fetched: with all others at first, and then at once. */
    void want(Rows.Wish wish) {
        if (unknown > 0) {
            firsts.add(wish);
        } else {
            fetcher.rows().add(List.of(wish));
        }
    }

    void moved(Piece piece, Progress progress) {
        if (!isClosed) {
            listener.moved(piece.id(), progress);
        }
    }

    void failed(Piece piece, Progress progress) {
        if (!isClosed) {
            failed.add(piece.id());
            listener.moved(piece.id(), progress);
        }
    }

    void finished(Piece piece, Arrived arrived) {
        if (!isClosed) {
            listener.finished(piece.id(), arrived.sha256(), arrived.bytes(), arrived.folder());
        }
    }

    private void doUnlessClosed(Runnable task) {
        if (!isClosed) {
            task.run();
        }
    }
}
