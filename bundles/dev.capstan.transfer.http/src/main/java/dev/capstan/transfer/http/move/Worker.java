package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.field.DigestFields;
import dev.capstan.transfer.http.move.Verdict.Again;
import dev.capstan.transfer.http.wire.Block;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Framing.Kind;
import dev.capstan.transfer.http.wire.Reply;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's thread: takes part after part from the board, asks for it, judges the answer and
 * puts the bytes where they belong. Whatever ends it is told once, to whoever started it.
 */
final class Worker implements Runnable {

    /** What a worker shares with the others of its transfer. */
    record Shared(
            Board board,
            Course course,
            Ingest ingest,
            Filler filler,
            Limiter limit,
            Limiter allLimit,
            LongAdder received,
            Cancellation cancellation) {}

    /** How a worker ended. */
    enum How {
        /** There was nothing left for it to do. */
        IDLE,
        /** The source has the version that was known. */
        NOT_MODIFIED,
        /** It saw something that only a connection alone may act on. */
        NOT_ALONE,
        /** It failed. */
        FAILED
    }

    /**
     * The end of a worker.
     *
     * @param progressed whether it brought any bytes
     * @param fault for {@link How#FAILED}
     */
    record Ended(How how, boolean progressed, @Nullable DownloadException fault) implements Event {}

    /** Leaves a worker whose place is elsewhere. */
    private static final class Leave extends Exception {
        private static final long serialVersionUID = 1L;
        private final How how;

        Leave(How how) {
            super(null, null, false, false);
            this.how = how;
        }
    }

    private static final System.Logger LOG = System.getLogger(Worker.class.getName());
    private static final int MOST_READ = 1 << 20;
    private static final RangeSet NOTHING = RangeSet.EMPTY;

    private final Shared shared;
    private final Board board;
    private final Course course;
    private final Consumer<Ended> whenEnded;
    private final Block block = new Block();
    private @Nullable Part part;
    private boolean progressed;

    Worker(Shared shared, Consumer<Ended> whenEnded) {
        this.shared = shared;
        this.board = shared.board;
        this.course = shared.course;
        this.whenEnded = whenEnded;
    }

    @Override
    public void run() {
        var ended = new Ended(How.IDLE, false, null);
        try {
            var counted = true;
            try {
                counted = work();
            } finally {
                if (counted) {
                    board.leave();
                }
            }
            ended = new Ended(How.IDLE, progressed, null);
        } catch (Leave e) {
            ended = new Ended(e.how, progressed, null);
        } catch (DownloadException e) {
            ended = new Ended(How.FAILED, progressed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            ended =
                    new Ended(
                            How.FAILED, progressed, internal(Thread.currentThread().getName(), e));
        } finally {
            whenEnded.accept(ended);
        }
    }

    /** Our own fault: no other attempt helps, and somebody should know. */
    static DownloadException internal(String where, Throwable cause) {
        LOG.log(Level.WARNING, "Transfer " + where + " failed inside", cause);
        return new DownloadException(
                ErrorClass.IO,
                "A fault inside Capstan ended the transfer; the log tells more",
                cause);
    }

    /** Gives whether the board still counts this worker. */
    private boolean work() throws DownloadException, InterruptedException, Leave {
        while (!shared.cancellation.isCancelled()) {
            part = board.take(shared.filler.demands(), shared.filler.horizon());
            if (part == null) {
                return false;
            }
            try {
                while (part != null && !part.isDone() && !shared.cancellation.isCancelled()) {
                    fetch(part);
                }
            } finally {
                board.release(part, shared.ingest.present());
            }
        }
        return true;
    }

    /** One request for a part. */
    private void fetch(Part wanted) throws DownloadException, InterruptedException, Leave {
        var present = shared.ingest.present();
        var ask = course.ask(wanted, present);
        try (var reply = course.call(ask)) {
            var verdict = course.judge(ask, reply);
            if (verdict instanceof Verdict.Part got) {
                course.open(reply.head());
                if (got.total() >= 0 && course.identity().length() < 0) {
                    learn(got.total());
                }
                copy(reply, wanted, ask.from(), got.to(), ask.overlaps() ? present : NOTHING);
            } else if (verdict instanceof Verdict.Refused refused) {
                reply.discard();
                throw refused.error();
            } else if (verdict instanceof Verdict.NotModified) {
                throw new Leave(How.NOT_MODIFIED);
            } else if (verdict instanceof Verdict.Complete complete) {
                learn(complete.length());
            } else if (verdict instanceof Verdict.Begin begin) {
                alone(() -> begin(begin, reply, wanted));
                copy(reply, current(), 0, begin.to(), NOTHING);
            } else if (verdict instanceof Verdict.Stream stream) {
                alone(() -> stream(reply, wanted));
                copy(reply, current(), 0, stream.to(), present);
            } else {
                alone(() -> course.again((Again) verdict));
            }
        }
    }

    private void begin(Verdict.Begin begin, Reply reply, Part wanted) throws DownloadException {
        course.begin(begin, reply.head());
        part = board.whole(wanted, course.identity().length());
    }

    private void stream(Reply reply, Part wanted) throws DownloadException {
        course.open(reply.head());
        part = board.whole(wanted, course.identity().length());
    }

    private Part current() {
        return Objects.requireNonNull(part);
    }

    /** What changes the course of all may be done by a connection alone only. */
    private void alone(Step step) throws DownloadException, Leave {
        if (!board.seclude()) {
            throw new Leave(How.NOT_ALONE);
        }
        try {
            step.run();
        } finally {
            board.unseclude();
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws DownloadException;
    }

    /** Moves a body into the ingest, as far as it belongs to the part. */
    private void copy(Reply reply, Part of, long from, long to, RangeSet present)
            throws DownloadException, InterruptedException, Leave {
        var position = from;
        try (var sink = new Sink(shared.filler, shared.ingest, present)) {
            while (!of.isDone() || board.extend(of, to)) {
                if (!board.awaitHorizon(position, shared.filler::horizon, shared.cancellation)) {
                    return;
                }
                var bytes = reply.next(block, most(position));
                if (bytes == null) {
                    end(reply, of, position, to);
                    return;
                }
                var count = bytes.remaining();
                shared.received.add(count);
                var before = (int) Math.max(0, Math.min(count, of.position() - position));
                var mine = before + of.claim(count - before);
                while (mine < count && board.extend(of, to)) {
                    mine += of.claim(count - mine);
                }
                bytes.limit(bytes.position() + mine);
                if (!sink.accept(position, bytes)) {
                    changed();
                    return;
                }
                progressed |= sink.hasWritten();
                position += mine;
                shared.limit.pay(count, shared.cancellation);
                shared.allLimit.pay(count, shared.cancellation);
                if (mine < count) {
                    // Somebody else fetches what follows; what came of it is lost.
                    return;
                }
            }
        }
        var unbounded =
                reply.body().framing().kind() != Kind.LENGTH && reply.head().status() == 200;
        if (unbounded && position == course.identity().length() && reply.next(block, 1) != null) {
            // What is here was all equal, and yet there is more than there was.
            changed();
        }
    }

    /** The body ended in order; says whether the file did. */
    private void end(Reply reply, Part of, long position, long to) throws DownloadException, Leave {
        var byClose = reply.body().framing().kind() == Kind.CLOSE;
        var length = course.identity().length();
        if (to == Long.MAX_VALUE && length < 0) {
            var trailers = DigestFields.parse(reply.body().trailers(), true);
            course.end(position, byClose, trailers);
            board.learn(position);
        } else if (to == Long.MAX_VALUE && !byClose && position < length) {
            changed();
        } else if (position < Math.min(to, of.to())) {
            throw new DownloadException(
                    ErrorClass.NETWORK, course.target().shown() + " ended the connection early");
        }
    }

    private void learn(long length) throws DownloadException {
        course.learn(length);
        board.learn(length);
    }

    private void changed() throws DownloadException, Leave {
        alone(() -> course.again(Again.CHANGED));
    }

    private int most(long position) {
        var most = shared.allLimit.block(shared.limit.block(MOST_READ));
        return (int) Math.max(1, Math.min(most, shared.filler.horizon() - position));
    }
}
