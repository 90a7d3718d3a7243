package dev.capstan.transfer.http.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends whatever is under way, at once and in any phase: what blocks registers a hook that unblocks
 * it. Safe for any number of threads; hooks run on the thread that cancels and must return at once.
 */
public final class Cancellation {
    private final CountDownLatch latch = new CountDownLatch(1);
    private final Set<Runnable> hooks = new HashSet<>();

    /** Ends everything that is registered and all that will be. */
    public void cancel() {
        List<Runnable> due;
        synchronized (hooks) {
            latch.countDown();
            due = List.copyOf(hooks);
            hooks.clear();
        }
        due.forEach(Runnable::run);
    }

    /** Whether it was cancelled. */
    public boolean isCancelled() {
        return latch.getCount() == 0;
    }

    /**
     * Registers a hook; runs it at once if it is too late. Give the same object to {@link
     * #release}.
     */
    public Runnable guard(Runnable hook) {
        synchronized (hooks) {
            if (!isCancelled()) {
                hooks.add(hook);
                return hook;
            }
        }
        hook.run();
        return hook;
    }

    /** Forgets a hook. */
    public void release(Runnable hook) {
        synchronized (hooks) {
            hooks.remove(hook);
        }
    }

    /**
     * Waits.
     *
     * @return false if it was cancelled meanwhile
     */
    public boolean sleep(long nanos) throws InterruptedException {
        return !latch.await(nanos, TimeUnit.NANOSECONDS);
    }
}
