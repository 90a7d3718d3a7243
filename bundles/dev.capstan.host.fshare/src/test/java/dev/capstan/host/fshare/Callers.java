package dev.capstan.host.fshare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Threads that call the host at once, as downloads do. */
final class Callers implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();

    /** Starts a call. */
    <T> Answer<T> start(Callable<T> call) {
        var answer = new CompletableFuture<T>();
        var thread =
                new Thread(
                        () -> {
                            try {
                                answer.complete(call.call());
                            } catch (Throwable e) {
                                answer.completeExceptionally(e);
                            }
                        });
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
        return new Answer<>(thread, answer);
    }

    /** Starts a call some times. */
    <T> List<Answer<T>> start(int times, Callable<T> call) {
        var answers = new ArrayList<Answer<T>>();
        for (var i = 0; i < times; i++) {
            answers.add(start(call));
        }
        return answers;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    /** What becomes of a call. */
    record Answer<T>(Thread thread, CompletableFuture<T> future) {
        T get() throws Exception {
            return future.get(20, TimeUnit.SECONDS);
        }

        /** What it threw. */
        Throwable error() throws Exception {
            try {
                throw new AssertionError("It answered " + get());
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }

        /** Interrupts the call; how long it went on. */
        Duration interrupt() throws Exception {
            var since = System.nanoTime();
            thread.interrupt();
            error();
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }
}
