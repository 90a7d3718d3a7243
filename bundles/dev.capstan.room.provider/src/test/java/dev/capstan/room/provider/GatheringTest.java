package dev.capstan.room.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.capstan.download.Trust;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.RoomException;
import dev.capstan.room.provider.document.MatchLock;
import dev.capstan.room.provider.piece.MemberSource;
import dev.capstan.room.provider.piece.PieceListener;
import dev.capstan.room.provider.piece.PieceRange;
import dev.capstan.room.provider.piece.PieceWork;
import dev.capstan.room.provider.piece.Pieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.osgi.util.promise.Deferred;

/** Pieces that are fetched without a room (R4); how each of them comes is tested elsewhere. */
class GatheringTest {
    private static final MatchLock LOCK = lock();
    private static final Path FOLDER = Path.of("/pieces");

    private final List<String> asked = new ArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final Deferred<Map<String, Path>> answer = new Deferred<>();

    private static MatchLock lock() {
        try {
            return MatchLock.parse(
                    """
                    {"version": 1, "engine": {"name": "Fighter", "version": "1"},
                     "pieceCollections": {
                       "base": {"selection": "mandatory", "pieces": [
                         {"id": "core", "resolvables": []}, {"id": "music", "resolvables": []}]},
                       "more": {"selection": "onDemand", "pieces": [
                         {"id": "beach", "resolvables": []}]}}}
                    """);
        } catch (RoomException e) {
            throw new AssertionError(e);
        }
    }

    /** Notes what is asked for, and does nothing about it. */
    private final Pieces pieces =
            new Pieces() {
                @Override
                public PieceWork start(
                        String name,
                        MatchLock.Engine engine,
                        List<MatchLock.Piece> wanted,
                        Path folder,
                        Trust trust,
                        @Nullable MemberSource members,
                        PieceListener listener) {
                    wanted.forEach(piece -> asked.add(piece.id()));
                    return work;
                }

                @Override
                public void read(PieceRange range, Consumer<byte[]> answer) {
                    throw new AssertionError("There is no room");
                }
            };

    private final PieceWork work =
            new PieceWork() {
                @Override
                public boolean retry(String piece) {
                    return false;
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };

    private PieceListener start(boolean mandatoryOnly) {
        return Gathering.start(LOCK, mandatoryOnly, FOLDER, pieces, answer);
    }

    @Test
    @DisplayName("All, or the mandatory ones, in the order of the document, once all are there")
    void folders() throws Exception {
        var gathering = start(true);
        assertEquals(List.of("core", "music"), asked);

        gathering.finished("music", "", 1, FOLDER.resolve("music"));
        assertFalse(answer.getPromise().isDone());
        gathering.finished("core", "", 1, FOLDER.resolve("core"));

        var folders = answer.getPromise().getValue();
        assertEquals(List.of("core", "music"), List.copyOf(folders.keySet()));
        assertEquals(FOLDER.resolve("music"), folders.get("music"));
        assertEquals(1, closed.get());
    }

    @Test
    @DisplayName("What failed is named with its reasons, when the others have ended")
    void failures() throws Exception {
        var gathering = start(false);
        assertEquals(List.of("core", "music", "beach"), asked);

        gathering.moved("music", new Progress(Status.ERROR, 0, -1, "link 1: 404"));
        gathering.moved("core", new Progress(Status.IN_PROGRESS, 1, 2, null));
        gathering.finished("core", "", 1, FOLDER);
        assertFalse(answer.getPromise().isDone());
        gathering.finished("beach", "", 1, FOLDER);

        var failure = answer.getPromise().getFailure();
        assertTrue(failure.getMessage().contains("music: link 1: 404"), failure::toString);
    }

    @Test
    @DisplayName("When the host stops, whoever waits is told")
    void stopped() throws Exception {
        Gathering.start(LOCK, false, FOLDER, pieces, answer).close();

        assertTrue(answer.getPromise().getFailure() instanceof RoomException);
        assertEquals(1, closed.get());
    }
}
