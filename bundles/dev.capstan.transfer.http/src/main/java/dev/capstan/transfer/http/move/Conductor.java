package dev.capstan.transfer.http.move;

import dev.capstan.content.Pieces;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Segment;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.transfer.http.move.Precedents.Precedent;
import dev.capstan.transfer.http.wire.Caller;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Cookies;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.http.wire.Target;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many connections a transfer has and where they go, what a fault means and when all is
 * over. Its work is done by one thread; what others may ask and set says so.
 */
final class Conductor {
    private static final System.Logger LOG = System.getLogger(Conductor.class.getName());
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long STARVING = TimeUnit.SECONDS.toNanos(1);

    // Less comes sooner than it is known whether others help.
    private static final long WORTH_AHEAD = 8L << 20;
    private static final long SAMPLE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Network network;
    private final Executor executor;
    private final TransferPlan plan;
    private final Ingest ingest;
    private final Filler filler;
    private final Limits limits;
    private final Cancellation cancellation;
    private final Course course;
    private final Caller caller;

    private final Limiter limit = new Limiter();
    private final LongAdder received = new LongAdder();
    private final Board board = new Board();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicBoolean demanded = new AtomicBoolean();

    /** Whether some reader waits for what a connection seems to bring soon; it may not. */
    private boolean comesSoon;

    private volatile int mostConnections;

    private final Set<Target> origins = new HashSet<>();
    private final Precedents precedents;
    private final Ramp ramp = new Ramp(this::found);
    private final Crew crew = new Crew();
    private final Ahead ahead;
    private final Mirrors mirrors;
    private final Description description;
    private @Nullable PieceCheck check;
    private final Attempts attempts;
    private int started;
    private boolean ramping;
    private int wantedBefore = 1;
    private long retryAt;
    private long tickAt;
    private long sampledAt;

    /** When the last look found no reader waiting, or something was done for those that do. */
    private long fedAt;

    Conductor(
            Network network,
            Executor executor,
            TransferPlan plan,
            Ingest ingest,
            Filler filler,
            TransferListener listener,
            Limits limits,
            Precedents precedents,
            Cancellation cancellation) {
        this.network = network;
        this.executor = executor;
        this.plan = plan;
        this.ingest = ingest;
        this.filler = filler;
        this.limits = limits;
        this.precedents = precedents;
        this.cancellation = cancellation;
        var settings = network.settings();
        attempts = new Attempts(settings, System.nanoTime(), ingest.downloaded());
        course = new Course(plan, ingest, filler, listener, settings.userAgent());
        mirrors = new Mirrors(course, crew);
        var redirects =
                new Caller.Redirects(
                        settings.redirects(), (from, to) -> true, settings.downgrade(), true);
        var trusted = plan.trust() == Trust.OPERATOR;
        caller = new Caller(network, cancellation, new Cookies(), redirects, trusted);
        ahead = new Ahead(executor, caller, events::add, "capstan-transfer-" + plan.id() + "-0");
        description =
                new Description(
                        executor,
                        caller,
                        events::add,
                        "capstan-transfer-" + plan.id() + "-0",
                        network.settings().userAgent());
        var pieces = plan.pieces();
        check = pieces == null ? null : check(pieces);
        limit(plan.maxConnections(), plan.limitBytesPerSecond());
        cancellation.guard(board::signal);
        cancellation.guard(this::wake);
    }

    // ---- for any thread

    long received() {
        return received.sum();
    }

    int connections() {
        return running.get();
    }

    List<Segment> segments() {
        return board.segments();
    }

    void limit(int maxConnections, long bytesPerSecond) {
        mostConnections = maxConnections;
        limit.rate(bytesPerSecond);
    }

    // ---- for the coordinator's

    /** Brings the bytes, until they are there or it is cancelled. */
    TransferResult conduct() throws DownloadException, InterruptedException {
        mirrors.add(Source.of(plan.links().get(0), plan.trust(), caller));
        for (var link : plan.links().subList(1, plan.links().size())) {
            addMirror(link);
        }
        board.begin(course.identity().length(), ingest.present());
        if (isComplete()) {
            return ended(End.COMPLETE);
        }
        filler.onDemand(this::demand);
        var begun = System.nanoTime();
        tickAt = begun;
        sampledAt = begun;
        fedAt = begun;
        DownloadException last = null;
        while (!cancellation.isCancelled()) {
            if (running.get() == 0 && !board.isComplete() && System.nanoTime() - retryAt >= 0) {
                spawn(course.lead());
            }
            var event = events.poll(patience(), TimeUnit.NANOSECONDS);
            count(event);
            if (cancellation.isCancelled()) {
                break;
            }
            if (event instanceof PieceCheck.Checked checked && check != null) {
                check.learn(checked);
            }
            if (event instanceof Description.Read read) {
                learn(read);
            }
            if (event instanceof Ended ended) {
                last = ended.fault() == null ? last : ended.fault();
                if (ended.how() == Ended.How.NOT_MODIFIED) {
                    return ended(End.NOT_MODIFIED);
                }
                if (!board.isComplete()) {
                    onEnd(ended);
                }
            }
            if (isComplete()) {
                return ended(End.COMPLETE);
            }
            var now = System.nanoTime();
            checkFirstByte(now - begun, last);
            if (now - tickAt >= TICK) {
                tick(now, begun);
                if (comesSoon) {
                    demanded.set(true);
                    feed(now);
                } else {
                    fedAt = now;
                }
            }
            if (demanded.getAndSet(false)) {
                serve();
            }
        }
        return ended(End.STOPPED);
    }

    private PieceCheck check(Pieces pieces) {
        return new PieceCheck(pieces, ingest, filler, board, course, mirrors);
    }

    /** A malformed one is no loss where there are others. */
    private void addMirror(DirectLink link) {
        try {
            mirrors.add(Source.of(link, plan.trust(), caller));
        } catch (DownloadException e) {
            LOG.log(Level.DEBUG, () -> "Transfer " + plan.id() + ": " + e.getMessage());
        }
    }

    /** Waits for all that is under way, which was cancelled. */
    void disband(boolean dropConnections) {
        try {
            while (isAnyBusy()) {
                count(events.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        origins.forEach(dropConnections ? network::drop : network::dropUnused);
    }

    private boolean isAnyBusy() {
        return running.get() > 0
                || ahead.isBusy()
                || description.isBusy()
                || (check != null && check.isBusy());
    }

    /** Further addresses, digests and pieces, if they are of the file that is being fetched. */
    private void learn(Description.Read read) {
        var file = read.file();
        var length = course.identity().length();
        var isOther = file != null && file.size() != null && length >= 0 && file.size() != length;
        if (file == null || isOther || read.edition() != course.changes()) {
            return;
        }
        if (file.digest() != null) {
            course.describe(file.digest(), read.edition());
        }
        for (var address : read.addresses()) {
            mirrors.add(Source.of(address));
        }
        if (check == null && file.pieces() != null) {
            check = check(file.pieces());
        }
    }

    /** Whether all is there, and sound as far as that can be told. */
    private boolean isComplete() throws DownloadException {
        if (!board.isComplete()) {
            return false;
        }
        if (check == null) {
            return true;
        }
        check.look(executor, cancellation, events::add);
        return check.isDone() && board.isComplete();
    }

    /** How long nothing needs to be looked at. */
    private long patience() {
        return running.get() > 0 || board.isComplete()
                ? TICK
                : Math.max(0, Math.min(TICK, retryAt - System.nanoTime()));
    }

    /** What the end of a connection means while there is still something to do. */
    private void onEnd(Ended event) throws DownloadException {
        var fault = event.fault();
        if (fault != null && (event.isFatal() || course.isRefusal(fault))) {
            throw fault;
        }
        if (fault != null) {
            LOG.log(Level.DEBUG, () -> "Transfer " + plan.id() + ": " + fault.getMessage());
            ahead.stop();
        }
        var source = event.source();
        if (event.showsAnotherFile() && !course.isLedBy(source)) {
            mirrors.drop(source);
            return;
        }
        if (running.get() > 0) {
            // It may have gone to make way, or have been refused when it came for a reader.
            demanded.set(true);
            if (event.isRefusal()) {
                // It may be that the server wants no more than there are. Whoever is last decides.
                mirrors.refused(source);
                if (mirrors.candidates().isEmpty()) {
                    ramp.refused(running.get());
                    board.want(running.get(), false);
                }
            }
            return;
        }
        retryAt = System.nanoTime();
        if (fault == null) {
            return;
        }
        if (event.isRefusal() && !event.worker().askedAlone() && !mirrors.hasOthers(source)) {
            // It was one too many, and outlived the others: asked alone, the server means the file.
            ramp.refused(1);
            board.want(1, false);
            return;
        }
        var wait = attempts.next(fault, retryAt, ingest.downloaded(), board.missingNext());
        if (wait < 0) {
            if (!mirrors.drop(source)) {
                throw fault;
            }
        } else if (event.progressed() || !mirrors.pass(source)) {
            retryAt += wait;
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

    private void tick(long now, long begun) throws DownloadException {
        tickAt = now;
        if (now - sampledAt >= SAMPLE) {
            sample(now);
        }
        var bytes = received.sum();
        if (check != null) {
            check.look(executor, cancellation, events::add);
        }
        for (var duplicate : course.duplicates()) {
            mirrors.add(Source.of(duplicate));
        }
        description.read(course.descriptions(), course.changes());
        if (running.get() == 0 || bytes == 0) {
            return;
        }
        if (!ramping) {
            ramping = true;
            ramp.start(now, bytes, now - begun, precedent());
        }
        if (!course.allowsParts()) {
            board.want(1, false);
            return;
        }
        if (board.isHeldBack()) {
            // Its readers are slower than the way (P10), so nothing is to be learnt of the way.
            ramp.pause(now, bytes, crew::received);
            if (running.get() < most() && board.isStalled(filler.horizon())) {
                spawnAnywhere();
            }
            return;
        }
        crew.replaceLaggard(bytes);
        var wanted =
                ramp.next(
                        now,
                        bytes,
                        crew::received,
                        board.missing(),
                        running.get(),
                        board.isFlowing(),
                        most());
        if (wanted < wantedBefore) {
            origins.forEach(network::dropUnused);
        }
        if (wanted != wantedBefore) {
            wantedBefore = wanted;
            LOG.log(
                    Level.DEBUG,
                    () ->
                            "Transfer %s: %d ms, %d bytes: %s"
                                    .formatted(plan.id(), (now - begun) / 1_000_000, bytes, ramp));
        }
        board.want(wanted, ramp.isFirstTrial());
        while (running.get() < wanted && board.hasWork(filler.horizon()) && spawnAnywhere()) {
            // Each takes its part from the board.
        }
        connectAhead();
    }

    /** What one source brought says nothing of several together. */
    private @Nullable Precedent precedent() {
        var lead = course.lead();
        return mirrors.hasOthers(lead) ? null : precedents.of(lead.target().host());
    }

    /** What several sources bring together says nothing of one of them. */
    private void found(@Nullable Precedent paid) {
        if (!mirrors.hasOthers(course.lead())) {
            precedents.found(course.lead().target().host(), paid);
        }
    }

    /** Where others may soon be tried, their connections are made while it is found out. */
    private void connectAhead() {
        var missing = board.missing();
        var sources = mirrors.candidates();
        if (sources.size() != 1 || missing < WORTH_AHEAD) {
            return;
        }
        var source = sources.get(0);
        var most = Math.min(most(), ramp.mayFollow(missing));
        var room = network.room(source.target().host());
        ahead.make(source, Math.min(most - running.get(), room));
    }

    private void sample(long now) {
        board.sample((now - sampledAt) / 1e9);
        crew.sample(now);
        mirrors.sample();
        sampledAt = now;
    }

    /**
     * A reader waits all the time, though a connection is where it waits: that one is slower than
     * the reader. One that is far ahead comes to its side.
     */
    private void feed(long now) {
        if (now - fedAt < STARVING) {
            return;
        }
        fedAt = now;
        var far = board.farFrom(filler.upcoming());
        if (far >= 0) {
            crew.comeNearer(far);
        }
    }

    /**
     * A reader waits for bytes, or soon will: they may have a connection of their own. Where there
     * can be none for those that are waited for, one goes that is further from its end than the
     * others; whoever follows it takes first what is waited for.
     */
    private void serve() {
        var some = running.get();
        if (some == 0 || !course.allowsParts()) {
            return;
        }
        var isWaitedFor = board.isUrgent(filler.demands());
        comesSoon = !isWaitedFor && !filler.demands().ranges().isEmpty();
        if (!isWaitedFor && !board.isUrgent(filler.upcoming())) {
            return;
        }
        var isServed = ramp.accepts(some) && some <= most() && spawnAnywhere();
        if (isWaitedFor && !isServed) {
            crew.makeWay();
        }
    }

    private int most() {
        var own = network.settings().connections();
        return mostConnections == 0 ? own : mostConnections;
    }

    /** One more connection, where it is worth most. */
    private boolean spawnAnywhere() {
        for (var source : mirrors.candidates()) {
            if (course.mayJoin(source) && spawn(source)) {
                return true;
            }
        }
        return false;
    }

    private boolean spawn(Source source) {
        var host = source.target().host();
        if (!network.enter(host, running.get() == 0)) {
            return false;
        }
        if (!board.enter()) {
            network.leave(host);
            return false;
        }
        origins.addAll(source.origins());
        var shared = new Worker.Shared(board, course, ingest, filler, caller, received);
        var worker =
                new Worker(
                        shared,
                        source,
                        new Toll(limit, limits, host),
                        ended -> {
                            network.leave(host);
                            events.add(ended);
                        });
        var name = "capstan-transfer-" + plan.id() + "-" + ++started;
        running.incrementAndGet();
        crew.add(worker, System.nanoTime());
        executor.execute(
                () -> {
                    Thread.currentThread().setName(name);
                    var hook = cancellation.guard(worker::cancel);
                    worker.run();
                    cancellation.release(hook);
                });
        return true;
    }

    private void count(@Nullable Event event) {
        if (event instanceof Ended ended) {
            running.decrementAndGet();
            crew.remove(ended.worker());
            origins.addAll(ended.source().origins());
        } else if (event instanceof PieceCheck.Checked && check != null) {
            check.rest();
        } else if (event instanceof Ahead.Made made) {
            ahead.learn(made);
        } else if (event instanceof Description.Read) {
            description.rest();
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

    private TransferResult ended(End end) {
        return new TransferResult(end, course.digests(), course.isLengthVerified());
    }
}
