package dev.capstan.tck.script;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Calls that wait at the service until the test lets them go on:
 *
 * <pre>{@code
 * try (var hold = script.hold(call -> call.endpoint() == LOGIN)) {
 *     startEightResolves();
 *     assertTrue(hold.awaitCalls(1, BOUND));
 * }
 * }</pre>
 *
 * <p>Safe for any thread.
 *
 * @param <C> a call
 */
public final class Hold<C> implements AutoCloseable {
    private final Predicate<C> held;
    private int arrived;
    private boolean released;

    Hold(Predicate<C> held) {
        this.held = held;
    }

    /**
     * Waits for calls to be held.
     *
     * @param calls how many in all
     * @param most how long
     * @return whether they came
     * @throws InterruptedException if the thread was interrupted
     */
    public synchronized boolean awaitCalls(int calls, Duration most) throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (arrived < calls) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /**
     * How many calls came.
     *
     * @return calls, those that went on included
     */
    public synchronized int calls() {
        return arrived;
    }

    /** Lets all calls go on, and those to come. */
    public synchronized void release() {
        released = true;
        notifyAll();
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
        release();
    }

    void pass(C call) throws InterruptedException {
        if (!held.test(call)) {
            return;
        }
        synchronized (this) {
            if (released) {
                return;
            }
            arrived++;
            notifyAll();
            while (!released) {
                wait();
            }
        }
    }
}
