package dev.capstan.launcher;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * How the process ends: with the work's own exit code, also on SIGINT and SIGTERM, and in bounded
 * time.
 *
 * <p>On a signal the work is asked to stop and given {@value #WORK_MILLIS} ms to say its exit code;
 * then whatever is still open is closed for at most {@value #CLOSING_MILLIS} ms, and the process
 * halts.
 *
 * <p>Threads: the main thread and the one of the shutdown hook, {@code capstan-shutdown}.
 */
final class Ending {

    private static final int WORK_MILLIS = 6_000;
    private static final int CLOSING_MILLIS = 3_500;

    /** What is under way: how to ask it to stop, and how to close what it leaves open. */
    interface Work {
        void interrupt();

        void close(Duration most);
    }

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private volatile Work work;

    /** Makes an ending for work that is not yet more than this thread. */
    Ending() {
        this.work = new MainThread(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "capstan-shutdown"));
    }

    void becomes(Work work) {
        this.work = work;
    }

    /** The work is done. */
    void exitsWith(int code) {
        exit.complete(code);
    }

    private void end() {
        if (exit.isDone()) {
            return; // no signal: the process ends by itself, with its code
        }
        work.interrupt();
        var code = LaunchException.UNFINISHED;
        try {
            code = exit.get(WORK_MILLIS, MILLISECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
            // It does not stop by itself. What is below it stops it.
        }
        work.close(Duration.ofMillis(CLOSING_MILLIS));
        Runtime.getRuntime().halt(code);
    }

    private record MainThread(Thread thread) implements Work {
        @Override
        public void interrupt() {
            thread.interrupt();
        }

        @Override
        public void close(Duration most) {}
    }
}
