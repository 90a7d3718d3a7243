package dev.capstan.content.file;

import dev.capstan.download.DownloadException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the store does by itself: at its start, after commits, and every hour. */
final class Housekeeper {
    private static final System.Logger LOG = System.getLogger(Housekeeper.class.getName());
    private static final long LEAST_SWEEP = 1L << 30;

    private final Limits limits;
    private final Index index;
    private final Vault vault;
    private final Stage stage;
    private final Recovery recovery;
    private final Evictor evictor;
    private final Workers workers;
    private final InstantSource clock;
    private final AtomicBoolean evicting = new AtomicBoolean();
    private final AtomicBoolean lookingAgain = new AtomicBoolean();
    private final CountDownLatch started = new CountDownLatch(1);

    Housekeeper(
            Limits limits,
            Index index,
            Vault vault,
            Stage stage,
            Recovery recovery,
            Evictor evictor,
            Workers workers,
            InstantSource clock) {
        this.limits = limits;
        this.index = index;
        this.vault = vault;
        this.stage = stage;
        this.recovery = recovery;
        this.evictor = evictor;
        this.workers = workers;
        this.clock = clock;
    }

    private interface Chore {
        void run() throws IOException, InterruptedException;
    }

    void start() {
        workers.chores()
                .execute(
                        () -> {
                            run(() -> recovery.compare(clock.instant()));
                            hourly();
                            started.countDown();
                        });
        var unused = workers.chores().scheduleWithFixedDelay(this::hourly, 1, 1, TimeUnit.HOURS);
    }

    /** Waits until what was there at the start has been looked at. */
    void awaitStart() throws InterruptedException {
        started.await();
    }

    /** After a commit: many at once make one look. */
    void afterCommit() {
        if (evicting.compareAndSet(false, true)) {
            workers.chores().execute(this::keepWithinLimits);
        }
    }

    /** What is being used now is looked at again in a while. */
    private void keepWithinLimits() {
        evicting.set(false);
        if (!stage.isGone() && evictor.runIfOver() && lookingAgain.compareAndSet(false, true)) {
            var unused =
                    workers.chores()
                            .schedule(
                                    () -> {
                                        lookingAgain.set(false);
                                        keepWithinLimits();
                                    },
                                    Evictor.GRACE.toSeconds(),
                                    TimeUnit.SECONDS);
        }
    }

    void hourly() {
        run(this::sweepStaging);
        run(evictor::refreshPlaced);
        run(evictor::run);
        run(index::tidy);
        run(this::verifySome);
    }

    private void sweepStaging() throws IOException {
        var age = limits.stagingMaxAge();
        stage.sweep(age.isZero() ? Instant.EPOCH : clock.instant().minus(age));
    }

    /** P7: the share of an hour, and as much again, so that it keeps up. */
    private void verifySome() throws InterruptedException {
        if (limits.verifyEvery().isZero()) {
            return;
        }
        var due = clock.instant().minus(limits.verifyEvery());
        var hours = Math.max(1, limits.verifyEvery().toHours());
        var budget = Math.max(LEAST_SWEEP, 2 * index.totals().bytes() / hours);
        var items =
                index.all().stream()
                        .filter(item -> item.verified().isBefore(due))
                        .sorted(Comparator.comparing(Item::verified))
                        .toList();
        for (var item : items) {
            if (budget <= 0) {
                return;
            }
            budget -= item.size();
            try {
                vault.verify(item.hex());
            } catch (DownloadException e) {
                LOG.log(Level.DEBUG, "Content {0} was not hashed again: {1}", item.hex(), e);
            }
        }
    }

    /** One chore that fails does not keep the others from being done. */
    private void run(Chore chore) {
        try {
            if (!stage.isGone()) {
                chore.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The content store could not be looked after: {0}", e);
        }
    }
}
