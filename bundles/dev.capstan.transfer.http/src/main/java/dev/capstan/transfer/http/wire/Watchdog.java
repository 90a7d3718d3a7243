package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that passed a limit, on the monotonic clock. One thread for all of them, which
 * sleeps without a time-out while there is none. Time-outs of sockets would not do: they begin anew
 * with every byte, and a blocking channel has none.
 */
final class Watchdog implements AutoCloseable {
    private static final long MOST_TICK = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LEAST_TICK = TimeUnit.MILLISECONDS.toNanos(5);

    private record Watched(Watch watch, SocketChannel channel) {}

    private final Supplier<Settings> settings;
    private final Runnable eachTick;
    private final List<Watched> all = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "capstan-transfer-watchdog");
    private boolean closed;

    /**
     * Starts watching.
     *
     * @param eachTick what else is to be looked at while there are connections
     */
    Watchdog(Supplier<Settings> settings, Runnable eachTick) {
        this.settings = settings;
        this.eachTick = eachTick;
        thread.setDaemon(true);
        thread.start();
    }

    /** Watches a channel until it is closed. */
    synchronized void add(Watch watch, SocketChannel channel) {
        all.add(new Watched(watch, channel));
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void run() {
        try {
            for (var due = await(); due != null; due = await()) {
                eachTick.run();
                // Outside the lock, since closing may touch the network.
                for (var watched : due) {
                    closeQuietly(watched.channel);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a tick; gives what is overdue, or null at the end. */
    private synchronized @Nullable List<Watched> await() throws InterruptedException {
        while (all.isEmpty() && !closed) {
            wait();
        }
        if (closed) {
            return null;
        }
        var limits = settings.get();
        TimeUnit.NANOSECONDS.timedWait(this, tick(limits));
        all.removeIf(watched -> !watched.channel.isOpen());
        var now = System.nanoTime();
        return all.stream().filter(watched -> watched.watch.isOverdue(now, limits)).toList();
    }

    private static long tick(Settings limits) {
        var shortest = Math.min(limits.header().toNanos(), limits.idle().toNanos());
        return Math.max(LEAST_TICK, Math.min(MOST_TICK, shortest / 10));
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for all that matters.
        }
    }
}
