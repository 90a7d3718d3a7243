package dev.capstan.download.provider;

import dev.capstan.download.Download;
import dev.capstan.download.DownloadError;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Phase;
import dev.capstan.download.spi.Claim;
import dev.capstan.download.spi.DownloadStore.Durability;
import dev.capstan.download.spi.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes downloads from the queue and runs them. One thread, {@code capstan-queue}, claims; each
 * download runs on a thread {@code capstan-worker-n}. The queue's thread sleeps until a signal or
 * until the time that the store, or a breaker, names next (Q7).
 *
 * <p>Safe for any thread.
 */
final class Workers {
    static final Duration LEASE = Duration.ofSeconds(60);

    /** How long a download that must not wait bears with a bundle that is being swapped. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Against clocks that are set; nothing depends on it. */
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);

    /** How many may run beside the others because somebody wants to play them. */
    private static final int MOST_BESIDE = 4;

    private static final System.Logger LOG = System.getLogger(Workers.class.getName());

    private final Workshop shop;
    private final HostRegistry hosts;
    private final Obstacles obstacles;
    private final String owner;
    private final Map<String, Run> active = new ConcurrentHashMap<>();
    private final Set<String> beside = ConcurrentHashMap.newKeySet();
    private final Map<String, Turn> wanted = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;
    private final Thread queue;
    private final Object bell = new Object();
    private boolean rung;
    private volatile boolean stopping;

    Workers(Workshop shop, HostRegistry hosts, Obstacles obstacles, String owner) {
        this.shop = shop;
        this.hosts = hosts;
        this.obstacles = obstacles;
        this.owner = owner;
        var count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        task -> new Thread(task, "capstan-worker-" + count.incrementAndGet()));
        queue = new Thread(this::loop, "capstan-queue");
    }

    void start() {
        queue.start();
    }

    /** When a download that somebody wants to play may start. */
    private enum Turn {
        NOW,
        WHEN_DUE
    }

    /** P11: starts a queued download beside the others, or as soon as one of such has ended. */
    void startBeside(String id) {
        wanted.put(id, Turn.NOW);
        signal();
    }

    /** Something has changed that may let a download start. */
    void signal() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    @Nullable Run find(String id) {
        return active.get(id);
    }

    Stream<Run> runs() {
        return active.values().stream();
    }

    /** Waits for the run of a row that was seen claimed; null if it is another host's. */
    @Nullable Run await(String id, Duration most) throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        synchronized (bell) {
            for (var left = most.toNanos(); left > 0; left = end - System.nanoTime()) {
                var run = active.get(id);
                if (run != null) {
                    return run;
                }
                TimeUnit.NANOSECONDS.timedWait(bell, left);
            }
        }
        return active.get(id);
    }

    /** Ends the runs that something has happened to. */
    void stop(Predicate<Run> which, Stop reason) {
        runs().filter(which).forEach(run -> run.stop(reason));
    }

    /** Q6: another number of downloads may run; those that are too many yield, the last first. */
    void resized() {
        var most = shop.settings().get().maxConcurrent();
        var running =
                runs().filter(run -> !beside.contains(run.row().id()))
                        .map(run -> Map.entry(run.snapshot(), run))
                        .toList();
        running.stream()
                .sorted(
                        Comparator.comparing(
                                (Map.Entry<Download, Run> entry) -> entry.getKey(), CLAIM_ORDER))
                .skip(most)
                .forEach(entry -> entry.getValue().stop(Stop.YIELD));
        signal();
    }

    private static final Comparator<Download> CLAIM_ORDER =
            Comparator.comparingInt(Download::priority)
                    .reversed()
                    .thenComparingLong(Download::position)
                    .thenComparing(Download::id);

    /** P15: ends the streams that nobody has read for a while. */
    void endUnheard() {
        var now = shop.now();
        stop(run -> run.isUnheard(now), Stop.UNHEARD);
    }

    void renewLeases() {
        if (!active.isEmpty()) {
            shop.store().renew(owner, shop.now().plus(LEASE));
        }
    }

    /** Q11: claims no more and ends all runs; their rows stay as they are. */
    void close(Duration most) throws InterruptedException {
        stopping = true;
        signal();
        stop(run -> true, Stop.SHUTDOWN);
        queue.join(most.toMillis());
        // One may have been claimed in the last moment.
        stop(run -> true, Stop.SHUTDOWN);
        threads.shutdown();
        if (!threads.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.log(System.Logger.Level.WARNING, "{0} downloads do not stop", active.size());
            threads.shutdownNow();
        }
    }

    private void loop() {
        var recovered = false;
        while (!stopping) {
            try {
                if (!recovered) {
                    recover();
                    recovered = true;
                }
                sleepUntil(claimAll());
            } catch (StoreException e) {
                LOG.log(System.Logger.Level.WARNING, "The queue waits: {0}", e.getMessage());
                sleepUntil(shop.now().plusSeconds(1));
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "The queue was disturbed", e);
                sleepUntil(shop.now().plusSeconds(1));
            }
        }
    }

    /** Q2: takes back what an earlier life left running. */
    private void recover() {
        var rows = shop.store().recover(owner, shop.now());
        if (rows > 0) {
            LOG.log(System.Logger.Level.DEBUG, "{0} downloads go on", rows);
        }
        shop.store().notices().forEach(notice -> LOG.log(System.Logger.Level.WARNING, notice));
    }

    /** Claims what may start; returns when to look again without a signal. */
    private Instant claimAll() {
        claimWanted();
        var store = shop.store();
        while (!stopping && freePlaces() > 0) {
            var now = shop.now();
            var queued = store.queuedHosts();
            var closed = obstacles.closed(queued, now);
            var most = Math.min(freePlaces(), obstacles.room(queued, closed, now));
            if (most <= 0) {
                break;
            }
            var claimed = store.claim(new Claim(owner, LEASE, now, closed), most);
            claimed.forEach(this::begin);
            if (claimed.size() < most) {
                break;
            }
        }
        var now = shop.now();
        return Stream.of(
                        store.nextDue(now).stream(),
                        obstacles.nextEnd(now).stream(),
                        giveUpTheImpatient(now).stream(),
                        Stream.of(now.plus(LONGEST_SLEEP)))
                .flatMap(times -> times)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private int freePlaces() {
        return shop.settings().get().maxConcurrent() - (active.size() - beside.size());
    }

    private void claimWanted() {
        for (var wish : wanted.entrySet()) {
            if (stopping || beside.size() >= MOST_BESIDE) {
                return;
            }
            var id = wish.getKey();
            var now = shop.now();
            var row = shop.store().get(id).orElse(null);
            if (row == null || row.state() != DownloadState.QUEUED) {
                wanted.remove(id, wish.getValue());
                continue;
            }
            var until = row.status().waitUntil();
            if (wish.getValue() == Turn.WHEN_DUE && until != null && until.isAfter(now)) {
                continue;
            }
            var closed = obstacles.closed(Set.of(row.source().host()), now);
            var claimed = shop.store().claim(id, new Claim(owner, LEASE, now, closed));
            if (claimed.isPresent()) {
                wanted.remove(id);
                beside.add(id);
                begin(claimed.get());
            }
        }
    }

    /** One that was started to be played stays so while it waits for another try. */
    private void ended(Run run) {
        var id = run.row().id();
        active.remove(id, run);
        if (beside.remove(id) && run.row().state() == DownloadState.QUEUED) {
            wanted.put(id, Turn.WHEN_DUE);
        }
        run.over();
        signal();
    }

    private void begin(Download claimed) {
        var run = new Run(claimed, hosts.get(claimed.source().host()), shop);
        active.put(claimed.id(), run);
        shop.ledger().claimed(run.snapshot());
        threads.execute(
                () -> {
                    try {
                        run.run();
                    } finally {
                        ended(run);
                    }
                });
        synchronized (bell) {
            bell.notifyAll();
        }
    }

    /**
     * Fails downloads that must not wait for what may never come.
     *
     * @return when the next of them loses patience
     */
    private List<Instant> giveUpTheImpatient(Instant now) {
        var next = new ArrayList<Instant>();
        for (var host : shop.ledger().impatientHosts()) {
            var obstacle = obstacles.of(host, now).orElse(null);
            if (obstacle == null) {
                continue;
            }
            var since = obstacle.since();
            var until = since == null ? now : since.plus(PATIENCE);
            if (until.isAfter(now)) {
                next.add(until);
            } else {
                shop.ledger().impatientOf(host).forEach(id -> giveUp(id, obstacle, now));
            }
        }
        return next;
    }

    private void giveUp(String id, Obstacle obstacle, Instant now) {
        var row = shop.store().get(id).orElse(null);
        if (row == null || row.state() != DownloadState.QUEUED) {
            return;
        }
        // By the table of moves: nothing fails that was not begun.
        var begun = moved(row, DownloadState.STARTING, now);
        var error =
                new DownloadError(
                        now, obstacle.errorClass(), obstacle.note(), row.status().retryCount());
        var failed = moved(row, DownloadState.FAILED, now);
        failed = failed.copy().status(failed.status().withError(error)).build();
        if (shop.ledger().write(row, begun, Durability.ORDERED)) {
            shop.ledger().write(begun, failed, Durability.DURABLE);
        }
    }

    private static Download moved(Download row, DownloadState state, Instant now) {
        return row.copy()
                .status(row.status().with(state, Phase.NONE, null))
                .updatedAfter(now)
                .build();
    }

    private void sleepUntil(Instant time) {
        synchronized (bell) {
            try {
                for (var left = millisTo(time); !rung && !stopping && left > 0; ) {
                    bell.wait(left);
                    left = millisTo(time);
                }
            } catch (InterruptedException e) {
                stopping = true;
            }
            rung = false;
        }
    }

    private long millisTo(Instant time) {
        // Rounded up: a millisecond early would be once more for nothing.
        return Duration.between(shop.now(), time).plusNanos(999_999).toMillis();
    }
}
