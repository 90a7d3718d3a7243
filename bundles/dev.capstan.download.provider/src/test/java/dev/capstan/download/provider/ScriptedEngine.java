package dev.capstan.download.provider;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Filler;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.Ingest;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Segment;
import dev.capstan.transfer.spi.Answer;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferEngine;
import dev.capstan.transfer.spi.TransferListener;
import dev.capstan.transfer.spi.TransferPlan;
import dev.capstan.transfer.spi.TransferResult;
import dev.capstan.transfer.spi.TransferResult.End;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An engine and its origin for tests: it writes what a test gives it into the real ingest, fills
 * only what is missing, and counts. The name of a file is the path of its direct link.
 */
final class ScriptedEngine implements TransferEngine {

    /** What a test says of one transfer, in place of serving the body. */
    @FunctionalInterface
    interface Script {
        End fly(Leg leg) throws DownloadException, InterruptedException;
    }

    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
    private final Map<String, String> etags = new ConcurrentHashMap<>();
    private final Map<String, Queue<Script>> scripts = new ConcurrentHashMap<>();
    private final List<TransferPlan> plans = new CopyOnWriteArrayList<>();
    private final Set<Leg> flying = ConcurrentHashMap.newKeySet();
    private final AtomicLong served = new AtomicLong();
    private volatile boolean gone;

    /** Gives a file a body. */
    ScriptedEngine serve(String name, byte[] body) {
        bodies.put(name, body);
        etags.put(name, "\"" + Arrays.hashCode(body) + "\"");
        return this;
    }

    /** Says what the next transfer of a file does; several are used one after another. */
    ScriptedEngine on(String name, Script script) {
        scripts.computeIfAbsent(name, any -> new ArrayDeque<>()).add(script);
        return this;
    }

    /** All plans so far. */
    List<TransferPlan> plans() {
        return List.copyOf(plans);
    }

    /** Bytes of bodies that were moved. */
    long served() {
        return served.get();
    }

    int flying() {
        return flying.size();
    }

    /** Its bundle goes: every transfer ends as STOPPED. */
    void go() {
        gone = true;
        flying.forEach(Leg::stop);
    }

    void comeBack() {
        gone = false;
    }

    @Override
    public Transfer start(TransferPlan plan, Ingest ingest, TransferListener listener) {
        if (gone) {
            throw new IllegalStateException("The engine is going");
        }
        var filler = ingest.fill().orElseThrow(() -> new IllegalStateException("Is being filled"));
        plans.add(plan);
        var leg = new Leg(plan, ingest, filler, listener);
        flying.add(leg);
        new Thread(leg, "test-engine").start();
        return leg;
    }

    /** One transfer. */
    final class Leg implements Transfer, Runnable {
        private final TransferPlan plan;
        private final Ingest ingest;
        private final Filler filler;
        private final TransferListener listener;
        private final String name;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CompletableFuture<TransferResult> result = new CompletableFuture<>();
        private final AtomicLong received = new AtomicLong();

        private Leg(TransferPlan plan, Ingest ingest, Filler filler, TransferListener listener) {
            this.plan = plan;
            this.ingest = ingest;
            this.filler = filler;
            this.listener = listener;
            name = plan.links().get(0).uri().getPath().substring(1);
        }

        TransferPlan plan() {
            return plan;
        }

        Ingest ingest() {
            return ingest;
        }

        /** How far the transfer may go. */
        long horizon() {
            return filler.horizon();
        }

        /** Tells what the source says of the file. */
        void answer() throws DownloadException {
            answer(null, Set.of());
        }

        void answer(String fileName, Set<Digest> digests) throws DownloadException {
            var identity =
                    new Identity(
                            body().length,
                            new Validator(etags.get(name), null, false, null),
                            "application/octet-stream");
            listener.onAnswer(new Answer(identity, fileName, digests, true));
            filler.identify(identity);
        }

        /** Moves what is missing up to a position. */
        void moveUpTo(long end) throws DownloadException {
            for (var gap : ingest.present().missing(0, end).ranges()) {
                try (var lane = filler.lane(gap.from())) {
                    lane.write(ByteBuffer.wrap(body(), (int) gap.from(), (int) gap.length()));
                }
                received.addAndGet(gap.length());
                served.addAndGet(gap.length());
            }
        }

        /** Serves the whole body as a good origin does. */
        End serve() throws DownloadException {
            if (plan.known() != null && etags.get(name).equals(plan.known().etag())) {
                return End.NOT_MODIFIED;
            }
            answer();
            moveUpTo(body().length);
            return End.COMPLETE;
        }

        boolean isStopped() {
            return stopped.getCount() == 0;
        }

        /** Stands still until it is stopped. */
        End hold() throws InterruptedException {
            stopped.await();
            return End.STOPPED;
        }

        /** Stands still until a test lets it go on; tells whether it was stopped instead. */
        boolean stoppedBefore(CountDownLatch going) throws InterruptedException {
            while (!going.await(5, TimeUnit.MILLISECONDS)) {
                if (stopped.getCount() == 0) {
                    return true;
                }
            }
            return false;
        }

        private byte[] body() throws DownloadException {
            var body = bodies.get(name);
            if (body == null) {
                throw new DownloadException(ErrorClass.NOT_FOUND, "There is no " + name + ".");
            }
            return body;
        }

        @Override
        public void run() {
            var queue = scripts.get(name);
            var script = queue == null ? null : queue.poll();
            TransferResult end = null;
            DownloadException error = null;
            try {
                end =
                        new TransferResult(
                                script == null ? serve() : script.fly(this), Set.of(), true);
            } catch (DownloadException e) {
                error = e;
            } catch (InterruptedException e) {
                error = new DownloadException(ErrorClass.IO, "interrupted", e);
            } finally {
                flying.remove(this);
                filler.close();
            }
            if (error != null) {
                result.completeExceptionally(error);
            } else {
                result.complete(end);
            }
        }

        @Override
        public TransferResult await() throws DownloadException, InterruptedException {
            try {
                return result.get();
            } catch (ExecutionException e) {
                throw (DownloadException) e.getCause();
            }
        }

        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public long received() {
            return received.get();
        }

        @Override
        public int connections() {
            return result.isDone() ? 0 : 1;
        }

        @Override
        public List<Segment> segments() {
            return List.of(new Segment(0, received.get(), -1, 0));
        }

        @Override
        public void limit(int maxConnections, long bytesPerSecond) {
            limits.add(maxConnections + " connections, " + bytesPerSecond + " B/s");
        }
    }

    /** The limits that were set on running transfers. */
    final List<String> limits = new CopyOnWriteArrayList<>();
}
