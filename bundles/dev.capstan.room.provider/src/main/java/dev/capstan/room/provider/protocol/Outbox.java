package dev.capstan.room.provider.protocol;

import dev.capstan.room.spi.RoomChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one peer: a short queue, and a thread that hands it to the channel. Who
 * offers never waits. Safe for any number of threads; its monitor guards the queue, and the channel
 * is never called under it.
 */
final class Outbox {
    private static final int MOST_FRAMES = 32;
    private static final int MOST_BYTES = 2 << 20;

    private final RoomChannel channel;
    private final InstantSource clock;
    private final Consumer<String> whenEnded;
    private final Queue<Frame> queue = new ArrayDeque<>();
    private final Thread writer;
    private int bytes;
    private boolean isEnding;
    private boolean isEnded;
    private volatile @Nullable Instant sendingSince;

    private record Frame(byte[] bytes, Runnable whenSent) {}

    /**
     * Creates it and starts its thread.
     *
     * @param name of the thread
     * @param whenEnded is told why, once, on that thread, when nothing more is sent
     */
    Outbox(String name, RoomChannel channel, InstantSource clock, Consumer<String> whenEnded) {
        this.channel = channel;
        this.clock = clock;
        this.whenEnded = whenEnded;
        writer = new Thread(this::write, name);
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes a frame, unless too much is waiting. */
    boolean offer(byte[] frame) {
        return offer(List.of(frame));
    }

    /** Takes all of them or none; however many, where nothing is waiting. */
    synchronized boolean offer(List<byte[]> frames) {
        if (isEnding || (!queue.isEmpty() && isFull(frames.size()))) {
            return false;
        }
        frames.forEach(frame -> add(frame, () -> {}));
        return true;
    }

    /** Takes a frame, and runs something once it has left; not if the end comes first. */
    synchronized boolean offer(byte[] frame, Runnable whenSent) {
        if (isEnding || (!queue.isEmpty() && isFull(1))) {
            return false;
        }
        add(frame, whenSent);
        return true;
    }

    private void add(byte[] frame, Runnable whenSent) {
        queue.add(new Frame(frame, whenSent));
        bytes += frame.length;
        notifyAll();
    }

    private boolean isFull(int more) {
        return queue.size() + more > MOST_FRAMES || bytes > MOST_BYTES;
    }

    synchronized boolean isEmpty() {
        return queue.isEmpty() && sendingSince == null;
    }

    /** How long the peer has not taken the frame that is being sent. */
    Duration stuck() {
        var since = sendingSince;
        return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
    }

    /** Sends what is there, and nothing more. */
    synchronized void finish() {
        isEnding = true;
        notifyAll();
    }

    /** Waits until nothing more is being sent. */
    void awaitEnd(Duration limit) throws InterruptedException {
        // Less than a millisecond is no time; to Thread.join that would be for ever.
        TimeUnit.NANOSECONDS.timedJoin(writer, limit.toNanos());
    }

    /** Throws away what is there. Whoever closes the channel calls this afterwards too. */
    synchronized void close() {
        isEnding = true;
        queue.clear();
        notifyAll();
        if (!isEnded) {
            writer.interrupt();
        }
    }

    private void write() {
        var reason = "Nothing more is to be said";
        try {
            for (var frame = next(); frame != null; frame = next()) {
                channel.send(frame.bytes);
                sendingSince = null;
                frame.whenSent.run();
            }
        } catch (InterruptedException e) {
            reason = "Sending was interrupted";
        } catch (Throwable e) {
            // Whatever a transport throws, errors included, ends this channel and nothing else.
            reason = "Nothing can be sent: " + Faults.of(e);
        } finally {
            synchronized (this) {
                isEnded = true;
                isEnding = true;
                queue.clear();
            }
            sendingSince = null;
        }
        whenEnded.accept(reason);
    }

    private synchronized @Nullable Frame next() throws InterruptedException {
        while (queue.isEmpty() && !isEnding) {
            wait();
        }
        var frame = queue.poll();
        if (frame != null) {
            bytes -= frame.bytes.length;
            sendingSince = clock.instant();
        }
        return frame;
    }
}
