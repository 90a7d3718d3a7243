package dev.capstan.host.deezer.fake;

import java.time.Duration;

/**
 * Calls of one endpoint that wait at the server until the test lets them go on:
 *
 * <pre>{@code
 * try (var hold = fake.hold(LOGIN)) {
 *     startEightResolves();
 *     assertTrue(hold.awaitCalls(1, BOUND));
 * }
 * }</pre>
 *
 * <p>Safe for any thread.
 */
public final class Hold implements AutoCloseable {
    private final Endpoint endpoint;
    private int arrived;
    private boolean released;

    Hold(Endpoint endpoint) {
        this.endpoint = endpoint;
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

    synchronized void pass(Endpoint asked) throws InterruptedException {
        if (asked != endpoint || released) {
            return;
        }
        arrived++;
        notifyAll();
        while (!released) {
            wait();
        }
    }
}
