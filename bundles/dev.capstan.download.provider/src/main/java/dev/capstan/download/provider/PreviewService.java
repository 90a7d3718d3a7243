package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.Preview;
import dev.capstan.download.Preview.Problem;
import dev.capstan.download.Previews;
import dev.capstan.download.RefusedException;
import dev.capstan.download.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.osgi.util.promise.Deferred;
import org.osgi.util.promise.Promise;

/**
 * Looks at links on threads of its own, {@code capstan-preview-n}: half as many as a host takes
 * calls, so that downloads are never kept waiting by somebody who only looks.
 */
final class PreviewService implements Previews, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PreviewService.class.getName());
    private static final int AT_ONCE = HostCalls.AT_ONCE / 2;
    private static final int WAITING = 4_000;

    private final Intake intake;
    private final Workshop shop;
    private final HostRegistry hosts;
    private final Desk desk;
    private final ThreadPoolExecutor threads;

    PreviewService(Workshop shop, HostRegistry hosts, Desk desk) {
        this.shop = shop;
        this.intake = shop.intake();
        this.hosts = hosts;
        this.desk = desk;
        var count = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        AT_ONCE,
                        AT_ONCE,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        task -> {
                            var name = "capstan-preview-" + count.incrementAndGet();
                            var thread = new Thread(task, name);
                            thread.setDaemon(true);
                            return thread;
                        });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public Promise<List<Preview>> preview(List<DownloadRequest> requests) {
        var round = new Round(List.copyOf(requests), desk.deferred());
        execute(round::begin, round);
        return round.answer.getPromise();
    }

    private void execute(Runnable work, Round round) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            round.refuse();
        }
    }

    @Override
    public void close() throws InterruptedException {
        threads.shutdownNow().forEach(Runnable::run);
        threads.awaitTermination(1, TimeUnit.SECONDS);
    }

    /** The links of one call, each looked at by whichever thread is free. */
    private final class Round {
        private final List<DownloadRequest> requests;
        private final Deferred<List<Preview>> answer;
        private final List<@Nullable Preview> seen;
        private final AtomicInteger left;
        private final AtomicBoolean isOver = new AtomicBoolean();
        private final long end = System.nanoTime() + MOST.toNanos();

        Round(List<DownloadRequest> requests, Deferred<List<Preview>> answer) {
            this.requests = requests;
            this.answer = answer;
            seen = new CopyOnWriteArrayList<>(new Preview[requests.size()]);
            left = new AtomicInteger(requests.size());
        }

        void begin() {
            if (closed()) {
                refuse();
                return;
            }
            List<Intake.Looked> looked;
            try {
                looked = intake.look(requests);
            } catch (InterruptedException e) {
                refuse();
                return;
            }
            if (requests.isEmpty()) {
                isOver.set(true);
                answer.resolve(List.of());
            }
            IntStream.range(0, looked.size())
                    .forEach(i -> execute(() -> settle(i, look(looked.get(i), i)), this));
        }

        private Preview look(Intake.Looked looked, int i) {
            var link = requests.get(i).link();
            var refusal = looked.refusal();
            var row = looked.row();
            if (refusal != null) {
                var problem =
                        new Problem(refusal.reason().name(), String.valueOf(refusal.getMessage()));
                return failed(link, null, problem);
            }
            if (row == null) {
                throw new IllegalStateException("A link was neither read nor refused");
            }
            var host = row.source().host();
            var remaining = Duration.ofNanos(end - System.nanoTime());
            if (remaining.isNegative() || closed()) {
                return failed(link, host, new Problem("TIMEOUT", "It was not looked at in time."));
            }
            try {
                return new Look(shop, hosts.get(host), row, looked.secret(), remaining).at(link);
            } catch (DownloadException e) {
                return failed(link, host, new Problem(e.errorClass().name(), Errors.sentence(e)));
            } catch (Stopped e) {
                return failed(
                        link,
                        host,
                        new Problem("UNAVAILABLE", "Host " + host + " is not here at the moment."));
            } catch (InterruptedException e) {
                return failed(link, host, new Problem("UNAVAILABLE", "Downloads are stopping."));
            } catch (StoreException e) {
                return failed(
                        link, host, new Problem("UNAVAILABLE", String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "A link could not be looked at", e);
                return failed(
                        link, host, new Problem("HOST", "Looking at it failed; the log says why."));
            }
        }

        private boolean closed() {
            return threads.isShutdown();
        }

        private void settle(int i, Preview preview) {
            seen.set(i, preview);
            if (left.decrementAndGet() == 0 && isOver.compareAndSet(false, true)) {
                answer.resolve(seen.stream().map(Objects::requireNonNull).toList());
            }
        }

        void refuse() {
            if (isOver.compareAndSet(false, true)) {
                answer.fail(
                        new RefusedException(
                                RefusedException.Reason.UNAVAILABLE,
                                "Too many links are being looked at; ask again later."));
            }
        }

        private static Preview failed(String link, @Nullable String host, Problem problem) {
            return new Preview(link, host, null, -1, null, null, problem);
        }
    }
}
