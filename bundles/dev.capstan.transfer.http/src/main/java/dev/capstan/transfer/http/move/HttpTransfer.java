package dev.capstan.transfer.http.move;

import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Ingest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.Segment;
import dev.capstan.transfer.http.wire.Cancellation;
import dev.capstan.transfer.http.wire.Network;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One transfer: a coordinating thread, on which a {@link Conductor} decides, and one {@link Worker}
 * thread for each connection. The coordinator owns the filler and ends after every worker, so that
 * nobody writes once the transfer is over.
 */
public final class HttpTransfer implements Transfer {
    private final Executor executor;
    private final TransferPlan plan;
    private final Filler filler;
    private final Cancellation parent;
    private final Cancellation cancellation = new Cancellation();
    private final Conductor conductor;
    private final Runnable hook;
    private final CountDownLatch over = new CountDownLatch(1);

    private volatile @Nullable TransferResult result;
    private volatile @Nullable DownloadException failure;

    /**
     * A transfer that is not running yet.
     *
     * @param filler the right to write, owned by this transfer from now on
     * @param limits the limits all transfers share
     * @param precedents what earlier transfers found out, and this one will
     * @param parent ends this transfer too
     */
    public HttpTransfer(
            Network network,
            Executor executor,
            TransferPlan plan,
            Ingest ingest,
            Filler filler,
            TransferListener listener,
            Limits limits,
            Precedents precedents,
            Cancellation parent) {
        this.executor = executor;
        this.plan = plan;
        this.filler = filler;
        this.parent = parent;
        conductor =
                new Conductor(
                        network,
                        executor,
                        plan,
                        ingest,
                        filler,
                        listener,
                        limits,
                        precedents,
                        cancellation);
        hook = parent.guard(cancellation::cancel);
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
        return conductor.received();
    }

    @Override
    public int connections() {
        return conductor.connections();
    }

    @Override
    public List<Segment> segments() {
        return conductor.segments();
    }

    @Override
    public void limit(int maxConnections, long bytesPerSecond) {
        conductor.limit(maxConnections, bytesPerSecond);
    }

    private void run() {
        Thread.currentThread().setName("capstan-transfer-" + plan.id());
        try {
            result = conductor.conduct();
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
        conductor.disband(stopped);
        filler.close();
        over.countDown();
    }
}
