package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.transfer.http.field.DigestFields;
import dev.capstan.transfer.http.field.Validators;
import dev.capstan.transfer.http.move.Verdict.Again;
import dev.capstan.transfer.http.wire.Block;
import dev.capstan.transfer.http.wire.Caller;
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
            Caller caller,
            LongAdder received) {}

    /** Leaves a worker whose place is elsewhere. */
    private static final class Leave extends Exception {
        private static final long serialVersionUID = 1L;
        private final Ended.How how;

        Leave(Ended.How how) {
            super(null, null, false, false);
            this.how = how;
        }
    }

    private static final System.Logger LOG = System.getLogger(Worker.class.getName());
    private static final int MOST_READ = 1 << 20;

    // A server may send less than was asked for, but not so little that the file never ends.
    private static final int LEAST_ANSWER = 16 << 10;
    private static final int MOST_SLIVERS = 16;
    private static final RangeSet NOTHING = RangeSet.EMPTY;

    private final Shared shared;
    private final Board board;
    private final Course course;
    private final Source source;
    private final Toll toll;
    private final Consumer<Ended> whenEnded;
    private final Cancellation cancellation = new Cancellation();
    private final Caller caller;
    private final Block block = new Block();
    private volatile @Nullable Part part;
    private volatile long received;
    private volatile boolean dismissed;
    private boolean progressed;
    private int slivers;
    private long speed;
    private boolean askedAlone;

    /**
     * A worker that is not at work yet.
     *
     * @param source where it asks
     * @param toll what its bytes are paid to
     */
    Worker(Shared shared, Source source, Toll toll, Consumer<Ended> whenEnded) {
        this.shared = shared;
        this.board = shared.board;
        this.course = shared.course;
        this.source = source;
        this.toll = toll;
        this.whenEnded = whenEnded;
        caller = shared.caller.under(cancellation);
        cancellation.guard(board::signal);
    }

    /** Where it asks. */
    Source source() {
        return source;
    }

    /** Whether its last request was the only one, so that the answer was meant for the file. */
    boolean askedAlone() {
        return askedAlone;
    }

    /** Bytes it received. */
    long received() {
        return received;
    }

    /** Bytes of its part that are still to come; 0 between two parts. */
    long remaining() {
        var current = part;
        return current == null ? 0 : current.remaining();
    }

    /** Where it is; −1 between two parts. */
    long position() {
        var current = part;
        return current == null ? -1 : current.position();
    }

    /** Ends it at once, on any thread; what it does not fetch is free for others. */
    void dismiss() {
        dismissed = true;
        cancellation.cancel();
    }

    /** Ends it because all is over. */
    void cancel() {
        cancellation.cancel();
    }

    @Override
    public void run() {
        var ended = ended(Ended.How.IDLE, null);
        try {
            var counted = true;
            try {
                counted = work();
            } finally {
                if (counted) {
                    board.leave();
                }
            }
            ended = ended(Ended.How.IDLE, null);
        } catch (Leave e) {
            ended = ended(e.how, null);
        } catch (DownloadException e) {
            ended = ended(Ended.How.FAILED, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            ended = ended(Ended.How.FAILED, internal(Thread.currentThread().getName(), e));
        } finally {
            whenEnded.accept(ended);
        }
    }

    private Ended ended(Ended.How how, @Nullable DownloadException fault) {
        // Whoever was told to go met the fault that its connection was closed, and no other.
        return dismissed
                ? new Ended(this, Ended.How.DISMISSED, progressed, null)
                : new Ended(this, how, progressed, fault);
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
        if (!course.isLedBy(source) && !course.isProven(source) && !course.trusts(source)) {
            compare(shared.ingest.present());
        }
        while (!cancellation.isCancelled()) {
            var taken =
                    board.take(
                            shared.filler.demands(),
                            shared.filler.upcoming(),
                            shared.filler.horizon(),
                            speed);
            if (taken == null) {
                return false;
            }
            part = taken;
            try {
                while (!current().isDone() && !cancellation.isCancelled()) {
                    fetch(current());
                }
            } finally {
                var last = current();
                part = null;
                speed = last.speed();
                source.brought(last.from(), last.position());
                board.release(last, shared.ingest.present());
            }
        }
        return true;
    }

    /** Finds out whether a mirror has the same bytes before any of its own are taken. */
    private void compare(RangeSet present) throws DownloadException, InterruptedException {
        var probe = course.probe(present);
        if (probe == null) {
            throw differs("cannot be compared with what is there");
        }
        try (var reply = call(probe);
                var sink = new Sink(shared.filler, shared.ingest, probe.from(), present)) {
            var verdict = course.judge(source, probe, reply);
            if (verdict instanceof Verdict.Refused refused) {
                reply.discard();
                throw refused.error();
            }
            var version = Validators.of(reply.head());
            if (!(verdict instanceof Verdict.Part got) || got.to() < probe.to()) {
                throw differs("serves no parts of the same file");
            }
            if (!Validators.prove(version)) {
                throw differs("does not tell the version it has");
            }
            for (var at = probe.from(); at < probe.to(); ) {
                var bytes = reply.next(block, (int) Course.OVERLAP);
                if (bytes == null) {
                    throw differs("ended the connection early");
                }
                var count = bytes.remaining();
                count(count);
                if (!sink.accept(at, bytes)) {
                    throw differs("has other bytes");
                }
                at += count;
                toll.pay(count, cancellation);
            }
            course.prove(source, version);
        }
    }

    private DownloadException differs(String how) {
        return new DownloadException(ErrorClass.CHANGED, source.target().shown() + " " + how);
    }

    private Reply call(Ask ask) throws DownloadException, InterruptedException {
        askedAlone = board.workers() <= 1;
        return source.call(caller, course.fields(source, ask));
    }

    /** One request for a part. */
    private void fetch(Part wanted) throws DownloadException, InterruptedException, Leave {
        var present = shared.ingest.present();
        var ask = course.ask(source, wanted, present);
        try (var reply = call(ask)) {
            var verdict = course.judge(source, ask, reply);
            if (verdict instanceof Verdict.Part got) {
                if (course.isLedBy(source)) {
                    course.open(reply);
                } else if (!course.isProven(source)) {
                    // A digest answers for it; yet all of it shall be of one version.
                    course.prove(source, Validators.of(reply.head()));
                }
                if (got.total() >= 0 && course.identity().length() < 0) {
                    learn(got.total());
                }
                if (isSliver(ask, got.to())) {
                    alone(() -> course.again(Again.WITHOUT_RANGE));
                    return;
                }
                copy(reply, wanted, ask.from(), got.to(), ask.overlaps() ? present : NOTHING);
            } else if (verdict instanceof Verdict.Refused refused) {
                reply.discard();
                throw refused.error();
            } else if (!course.isLedBy(source)) {
                throw differs("does not serve the part that was asked for");
            } else if (verdict instanceof Verdict.NotModified) {
                throw new Leave(Ended.How.NOT_MODIFIED);
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

    /** Whether an answer is the last of too many that bring next to nothing of what was asked. */
    private boolean isSliver(Ask ask, long to) {
        var small = to - ask.at() < LEAST_ANSWER && to < ask.to();
        slivers = small ? slivers + 1 : 0;
        return slivers > MOST_SLIVERS && course.isLedBy(source);
    }

    private void begin(Verdict.Begin begin, Reply reply, Part wanted) throws DownloadException {
        course.begin(begin, reply);
        part = board.whole(wanted, course.identity().length());
    }

    private void stream(Reply reply, Part wanted) throws DownloadException {
        course.open(reply);
        part = board.whole(wanted, course.identity().length());
    }

    private Part current() {
        return Objects.requireNonNull(part);
    }

    /** What changes the course of all may be done by a connection alone only. */
    private void alone(Step step) throws DownloadException, Leave {
        if (!board.seclude()) {
            throw new Leave(Ended.How.NOT_ALONE);
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
        try (var sink = new Sink(shared.filler, shared.ingest, from, present)) {
            block.borrow(sink::buffer);
            while (!of.isDone() || board.extend(of, to)) {
                if (!board.awaitHorizon(of, position, shared.filler::horizon, cancellation)) {
                    return;
                }
                if (of.isDone()) {
                    // Cut while it was held back.
                    continue;
                }
                var bytes = reply.next(block, most(position));
                if (bytes == null) {
                    end(reply, of, position, to);
                    return;
                }
                var count = bytes.remaining();
                count(count);
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
                course.allow(position);
                toll.pay(count, cancellation);
                if (mine < count) {
                    // Somebody else fetches what follows; what came of it is lost.
                    return;
                }
            }
        } finally {
            block.borrow(null);
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
                    ErrorClass.NETWORK, source.target().shown() + " ended the connection early");
        }
    }

    private void learn(long length) throws DownloadException {
        course.learn(length);
        board.learn(length);
    }

    private void changed() throws DownloadException, Leave {
        if (!course.isLedBy(source)) {
            throw differs("has other bytes");
        }
        alone(() -> course.again(Again.CHANGED));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void count(int bytes) {
        received += bytes;
        shared.received.add(bytes);
    }

    private int most(long position) {
        var most = toll.block(MOST_READ);
        return (int) Math.max(1, Math.min(most, shared.filler.horizon() - position));
    }
}
