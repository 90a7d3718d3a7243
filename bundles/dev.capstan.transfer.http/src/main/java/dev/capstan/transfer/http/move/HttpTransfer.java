package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Segment;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Cookies;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One transfer: a coordinating thread that decides how many connections there are, what a fault
 * means and when all is over, and one {@link Worker} thread for each connection. The coordinator
 * owns the filler and ends after every worker, so that nobody writes once the transfer is over.
 */
public final class HttpTransfer implements Transfer {
    private static final System.Logger LOG = System.getLogger(HttpTransfer.class.getName());
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(200);

    private final Network network;
    private final Executor executor;
    private final TransferPlan plan;
    private final Ingest ingest;
    private final Filler filler;
    private final TransferListener listener;
    private final Limiter allLimit;
    private final Cancellation parent;
    private final Cancellation cancellation = new Cancellation();
    private final Runnable hook;

    private final Limiter limit = new Limiter();
    private final LongAdder received = new LongAdder();
    private final Board board = new Board();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean demanded = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);

    private volatile int mostConnections;
    private volatile @Nullable TransferResult result;
    private volatile @Nullable DownloadException failure;

    // The coordinator's own
    private final Ramp ramp = new Ramp();
    private final Attempts attempts;
    private @Nullable Course course;
    private int started;
    private boolean ramping;
    private long retryAt;
    private long tickAt;

    /**
     * A transfer that is not running yet.
     *
     * @param filler the right to write, owned by this transfer from now on
     * @param allLimit the limit all transfers share
     * @param parent ends this transfer too
     */
    public HttpTransfer(
            Network network,
            Executor executor,
            TransferPlan plan,
            Ingest ingest,
            Filler filler,
            TransferListener listener,
            Limiter allLimit,
            Cancellation parent) {
        this.network = network;
        this.executor = executor;
        this.plan = plan;
        this.ingest = ingest;
        this.filler = filler;
        this.listener = listener;
        this.allLimit = allLimit;
        this.parent = parent;
        attempts = new Attempts(network.settings(), System.nanoTime(), ingest.downloaded());
        limit(plan.maxConnections(), plan.limitBytesPerSecond());
        hook = parent.guard(cancellation::cancel);
        cancellation.guard(board::signal);
        cancellation.guard(this::wake);
    }

    /**
     * Begins; returns at once.
     *
     * @param whenOver is run at the very end
     */
    public void start(Runnable whenOver) {
        executor.execute(
                () -> {
                    run();
                    whenOver.run();
                });
    }

    /** Waits for the end, but not for long. */
    public void awaitEnd(long nanos) {
        try {
            over.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public TransferResult await() throws DownloadException, InterruptedException {
        over.await();
        var failed = failure;
        if (failed != null) {
            throw failed;
        }
        var ended = result;
        return ended != null ? ended : new TransferResult(End.STOPPED, Set.of(), true);
    }

    @Override
    public void stop() {
        cancellation.cancel();
    }

    @Override
    public long received() {
        return received.sum();
    }

    @Override
    public int connections() {
        return running.get();
    }

    @Override
    public List<Segment> segments() {
        return board.segments();
    }

    @Override
    public void limit(int maxConnections, long bytesPerSecond) {
        mostConnections = maxConnections;
        limit.rate(bytesPerSecond);
    }

    private void run() {
        Thread.currentThread().setName("capstan-transfer-" + plan.id());
        try {
            result = coordinate();
        } catch (DownloadException e) {
            if (!cancellation.isCancelled()) {
                failure = e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            failure = Worker.internal(plan.id(), e);
        } finally {
            end();
        }
    }

    private void end() {
        var stopped = cancellation.isCancelled();
        cancellation.cancel();
        parent.release(hook);
        try {
            while (running.get() > 0) {
                count(events.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        filler.close();
        if (stopped && course != null) {
            course.origins().forEach(network::drop);
        }
        over.countDown();
    }

    private TransferResult coordinate() throws DownloadException, InterruptedException {
        var limits = network.settings();
        var redirects =
                new Caller.Redirects(
                        limits.redirects(), (from, to) -> true, limits.downgrade(), true);
        var caller = new Caller(network, cancellation, new Cookies(), redirects);
        var source = new Course(plan, ingest, filler, listener, caller, limits.userAgent());
        course = source;
        board.begin(source.identity().length(), ingest.present());
        if (board.isComplete()) {
            return ended(source, End.COMPLETE);
        }
        filler.onDemand(this::demand);
        var begun = System.nanoTime();
        tickAt = begun;
        DownloadException last = null;
        spawn(source);
        while (!cancellation.isCancelled()) {
            var event = events.poll(patience(), TimeUnit.NANOSECONDS);
            count(event);
            if (cancellation.isCancelled()) {
                break;
            }
            if (event instanceof Worker.Ended ended) {
                last = ended.fault() == null ? last : ended.fault();
                if (ended.how() == Worker.How.NOT_MODIFIED) {
                    return ended(source, End.NOT_MODIFIED);
                }
                if (board.isComplete()) {
                    return ended(source, End.COMPLETE);
                }
                onEnd(source, ended);
            }
            var now = System.nanoTime();
            checkFirstByte(now - begun, last);
            if (demanded.getAndSet(false)) {
                serve(source);
            }
            if (now - tickAt >= TICK) {
                tick(source, now);
            }
            if (running.get() == 0 && now - retryAt >= 0) {
                spawn(source);
            }
        }
        return ended(source, End.STOPPED);
    }

    /** How long nothing needs to be looked at. */
    private long patience() {
        return running.get() > 0 ? TICK : Math.max(0, Math.min(TICK, retryAt - System.nanoTime()));
    }

    /** What the end of a connection means while there is still something to do. */
    private void onEnd(Course source, Worker.Ended event) throws DownloadException {
        var fault = event.fault();
        if (fault != null && (isFatal(fault) || source.isRefusal(fault))) {
            throw fault;
        }
        var left = running.get();
        if (left > 0) {
            var stumbled =
                    fault != null
                            && event.progressed()
                            // Where each is too slow, more of them are not the answer.
                            && fault.detail() != Detail.TOO_SLOW
                            && (fault.errorClass() == ErrorClass.NETWORK
                                    || fault.errorClass() == ErrorClass.TIMEOUT);
            if (event.how() != Worker.How.IDLE && !stumbled) {
                // It may be that the server wants no more than there are. Whoever is last decides.
                ramp.refused(left);
                board.want(left);
            }
            return;
        }
        retryAt = System.nanoTime();
        if (fault == null) {
            return;
        }
        LOG.log(Level.DEBUG, () -> "Transfer " + plan.id() + ": " + fault.getMessage());
        var wait = attempts.next(fault, retryAt, ingest.downloaded(), board.missing());
        if (wait >= 0) {
            retryAt += wait;
        } else if (!source.nextLink()) {
            throw fault;
        }
    }

    private void checkFirstByte(long elapsed, @Nullable DownloadException last)
            throws DownloadException {
        var within = plan.firstByteWithin();
        if (within != null && elapsed > within.toNanos() && received.sum() == 0) {
            throw last != null
                    ? last
                    : new DownloadException(
                            ErrorClass.TIMEOUT,
                            "Nothing came from the source within " + within.toSeconds() + " s");
        }
    }

    private void tick(Course source, long now) {
        var seconds = (now - tickAt) / 1e9;
        var bytes = received.sum();
        board.sample(seconds);
        tickAt = now;
        if (running.get() == 0 || bytes == 0 || filler.horizon() != Long.MAX_VALUE) {
            return;
        }
        if (!ramping) {
            ramping = true;
            ramp.start(now, bytes);
        }
        if (!source.allowsParts()) {
            board.want(1);
            return;
        }
        var wanted =
                ramp.next(now, bytes, board.missing(), running.get(), board.isFlowing(), most());
        board.want(wanted);
        while (running.get() < wanted && spawn(source)) {
            // Each takes its part from the board.
        }
    }

    /** A reader waits for bytes: they may have a connection of their own. */
    private void serve(Course source) {
        var some = running.get();
        if (some > 0
                && some <= most()
                && source.allowsParts()
                && board.isUrgent(filler.demands())) {
            spawn(source);
        }
    }

    private int most() {
        var own = network.settings().connections();
        return mostConnections == 0 ? own : mostConnections;
    }

    private boolean spawn(Course source) {
        var host = source.target().host();
        if (!network.enter(host, running.get() == 0)) {
            return false;
        }
        if (!board.enter()) {
            network.leave(host);
            return false;
        }
        var shared =
                new Worker.Shared(
                        board, source, ingest, filler, limit, allLimit, received, cancellation);
        var name = "capstan-transfer-" + plan.id() + "-" + ++started;
        running.incrementAndGet();
        var worker =
                new Worker(
                        shared,
                        ended -> {
                            network.leave(host);
                            events.add(ended);
                        });
        executor.execute(
                () -> {
                    Thread.currentThread().setName(name);
                    worker.run();
                });
        return true;
    }

    private void count(@Nullable Event event) {
        if (event instanceof Worker.Ended) {
            running.decrementAndGet();
        }
    }

    private void demand() {
        board.signal();
        if (!demanded.getAndSet(true)) {
            wake();
        }
    }

    private void wake() {
        events.add(new Event.Woken());
    }

    private TransferResult ended(Course source, End end) {
        return new TransferResult(end, source.digests(), source.isLengthVerified());
    }

    /** Faults that another attempt from here cannot heal. */
    private static boolean isFatal(DownloadException fault) {
        return switch (fault.errorClass()) {
            case DISK_FULL, IO, CHECKSUM -> true;
            default -> fault.detail() == Detail.FOLDER;
        };
    }
}
