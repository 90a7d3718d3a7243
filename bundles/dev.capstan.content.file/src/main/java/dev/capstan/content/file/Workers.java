package dev.capstan.content.file;

import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The store's own threads. They die with it; those without work are not there.
 *
 * <ul>
 *   <li>{@code capstan-hash-N}: SHA-256 in the shade of transfers, at most one for each core;
 *   <li>{@code capstan-checkpoint-1}: syncs what is being filled, once a second;
 *   <li>{@code capstan-content-N}: eviction, the check at the start, the sweep that hashes again.
 * </ul>
 */
final class Workers implements Closeable {
    private final ThreadPoolExecutor hashers;
    private final ScheduledThreadPoolExecutor checkpoints;
    private final ScheduledThreadPoolExecutor chores;

    Workers() {
        var cores = Runtime.getRuntime().availableProcessors();
        hashers =
                new ThreadPoolExecutor(
                        cores,
                        cores,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        named("capstan-hash-"),
                        new ThreadPoolExecutor.DiscardPolicy());
        hashers.allowCoreThreadTimeOut(true);
        checkpoints = scheduled(1, "capstan-checkpoint-");
        chores = scheduled(2, "capstan-content-");
    }

    private static ScheduledThreadPoolExecutor scheduled(int threads, String name) {
        var pool =
                new ScheduledThreadPoolExecutor(
                        threads, named(name), new ThreadPoolExecutor.DiscardPolicy());
        pool.setKeepAliveTime(10, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setRemoveOnCancelPolicy(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, name + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    ExecutorService hashers() {
        return hashers;
    }

    ScheduledExecutorService checkpoints() {
        return checkpoints;
    }

    ScheduledExecutorService chores() {
        return chores;
    }

    /** Interrupts all work and waits some seconds for it to end. */
    @Override
    public void close() {
        checkpoints.shutdown();
        hashers.shutdownNow();
        chores.shutdownNow();
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        for (var pool : new ExecutorService[] {checkpoints, hashers, chores}) {
            try {
                pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
