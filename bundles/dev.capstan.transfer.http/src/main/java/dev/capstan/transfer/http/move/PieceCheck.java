package dev.capstan.transfer.http.move;

import dev.capstan.content.Digest;
import dev.capstan.content.Pieces;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.Range;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.wire.Cancellation;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies pieces as they become whole, and sees to it that a damaged one alone is fetched again,
 * from elsewhere if it is clear whose fault it was. The hashing is done on a thread beside the
 * transfer; all else by the coordinator.
 */
final class PieceCheck {
    private static final System.Logger LOG = System.getLogger(PieceCheck.class.getName());
    private static final int BLOCK = 256 << 10;
    private static final int MOST_FAILURES = 4;

    /** What a round of hashing found. */
    record Checked(int version, BitSet sound, BitSet damaged, @Nullable DownloadException fault)
            implements Event {}

    private final Pieces pieces;
    private final Ingest ingest;
    private final Filler filler;
    private final Board board;
    private final Course course;
    private final Mirrors mirrors;
    private final BitSet sound = new BitSet();
    private final BitSet damaged = new BitSet();
    private final Map<Integer, Integer> failures = new HashMap<>();
    private int version;
    private boolean busy;

    PieceCheck(
            Pieces pieces,
            Ingest ingest,
            Filler filler,
            Board board,
            Course course,
            Mirrors mirrors) {
        this.pieces = pieces;
        this.ingest = ingest;
        this.filler = filler;
        this.board = board;
        this.course = course;
        this.mirrors = mirrors;
    }

    /** Whether a round is under way. */
    boolean isBusy() {
        return busy;
    }

    /** Whether every piece was found to be sound, or there are none of this file. */
    boolean isDone() {
        return !isOfThisFile() || sound.cardinality() == pieces.digests().size();
    }

    /** A round is over. */
    void rest() {
        busy = false;
    }

    /** Takes over what a round found. */
    void learn(Checked round) throws DownloadException {
        if (round.fault != null) {
            throw round.fault;
        }
        if (round.version == course.changes()) {
            sound.or(round.sound);
            damaged.or(round.damaged);
        }
    }

    /** Begins a round if there is something to hash, and frees what is damaged. */
    void look(Executor executor, Cancellation cancellation, Consumer<Event> told)
            throws DownloadException {
        if (version != course.changes()) {
            version = course.changes();
            sound.clear();
            damaged.clear();
            failures.clear();
        }
        if (!isOfThisFile()) {
            return;
        }
        for (var piece : damaged.stream().toArray()) {
            mend(piece);
        }
        var due = busy ? new BitSet() : due(ingest.present());
        if (!due.isEmpty()) {
            busy = true;
            var of = version;
            executor.execute(() -> told.accept(hash(of, due, cancellation)));
        }
    }

    private boolean isOfThisFile() {
        return pieces.fit(course.identity().length());
    }

    private Range range(int piece) {
        var from = piece * pieces.length();
        return new Range(from, Math.min(from + pieces.length(), course.identity().length()));
    }

    private BitSet due(RangeSet present) {
        var due = new BitSet();
        var length = course.identity().length();
        for (var run : present.ranges()) {
            var first = (run.from() + pieces.length() - 1) / pieces.length();
            var end = run.to() == length ? pieces.digests().size() : run.to() / pieces.length();
            if (end > first) {
                due.set((int) first, (int) end);
            }
        }
        due.andNot(sound);
        due.andNot(damaged);
        return due;
    }

    // ---- mending

    private void mend(int piece) throws DownloadException {
        var range = range(piece);
        if (!board.isQuiet(range)) {
            // Whoever wrote it still writes behind it.
            return;
        }
        var failed = failures.merge(piece, 1, Integer::sum);
        var from = mirrors.bringersOf(range);
        var blamed = from.size() == 1 && mirrors.drop(from.get(0));
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> "Bytes " + range + " are damaged" + (blamed ? "; their source is left" : ""));
        if (!blamed && (failed >= MOST_FAILURES || (failed > 1 && from.size() == 1))) {
            throw new DownloadException(
                    ErrorClass.CHECKSUM,
                    "Bytes %d to %d of the file are not what was promised, however often they are fetched"
                            .formatted(range.from(), range.to() - 1));
        }
        filler.forget(range);
        from.forEach(source -> source.lost(range.from(), range.to()));
        damaged.clear(piece);
        board.free(range);
    }

    // ---- hashing, on a thread of its own

    private Checked hash(int of, BitSet due, Cancellation cancellation) {
        var good = new BitSet();
        var bad = new BitSet();
        DownloadException fault = null;
        try {
            var buffer = ByteBuffer.allocate(BLOCK);
            var next = due.nextSetBit(0);
            while (next >= 0 && !cancellation.isCancelled()) {
                (isSound(next, buffer) ? good : bad).set(next);
                next = due.nextSetBit(next + 1);
            }
        } catch (DownloadException e) {
            fault = e;
        } catch (RuntimeException | Error e) {
            fault = Worker.internal("verification", e);
        }
        return new Checked(of, good, bad, fault);
    }

    private boolean isSound(int piece, ByteBuffer buffer) throws DownloadException {
        var promised = pieces.digests().get(piece);
        var range = range(piece);
        var hash = digest(promised);
        for (var at = range.from(); at < range.to(); at += buffer.position()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), range.to() - at));
            if (ingest.read(at, buffer) == 0) {
                // It began anew meanwhile; what this round finds will not count.
                return false;
            }
            hash.update(buffer.array(), 0, buffer.position());
        }
        return promised.equals(Digest.of(promised.algorithm(), hash.digest()));
    }

    private static MessageDigest digest(Digest like) throws DownloadException {
        try {
            return MessageDigest.getInstance(like.jdkName());
        } catch (NoSuchAlgorithmException e) {
            throw new DownloadException(
                    ErrorClass.CHECKSUM, "This Java cannot verify " + like.algorithm(), e);
        }
    }
}
