package dev.capstan.content.file;

import dev.capstan.download.DownloadException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for bytes of one source. A lane that has written a block looks here once;
 * where nobody waits that is one read of memory.
 *
 * <p>Nothing is lost between looking and parking: a waiter says which byte it misses and looks once
 * more before it parks, a lane publishes its position before it looks who waits; both are volatile.
 */
final class Waiters {
    private final List<Waiter> waiting = new CopyOnWriteArrayList<>();

    /** One waiting thread. */
    static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private final Object reason;
        private volatile long misses;

        private Waiter(Object reason) {
            this.reason = reason;
        }

        /** Says which byte it waits for; to be called before the last look. */
        void misses(long position) {
            misses = position;
        }
    }

    /** Looks whether what is waited for has come. */
    @FunctionalInterface
    interface Look<T> {
        /** The answer, or null to wait on. */
        @Nullable T at(Waiter waiter) throws DownloadException, InterruptedException;
    }

    /**
     * Waits until a look gives an answer.
     *
     * @param reason for whom the thread waits
     * @param nanos how long
     * @return the answer, or null if it did not come in time
     */
    <T> @Nullable T await(Object reason, long nanos, Look<T> look)
            throws DownloadException, InterruptedException {
        var deadline = System.nanoTime() + nanos;
        var waiter = new Waiter(reason);
        waiting.add(waiter);
        try {
            while (true) {
                var answer = look.at(waiter);
                var left = deadline - System.nanoTime();
                if (answer != null || left <= 0) {
                    return answer;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            waiting.remove(waiter);
        }
    }

    /** Wakes those who miss a byte of what was just written. */
    void arrived(long from, long to) {
        if (waiting.isEmpty()) {
            return;
        }
        for (var waiter : waiting) {
            if (waiter.misses >= from && waiter.misses < to) {
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    /** Wakes those who wait for one reason only: where a thousand wait, the others are let rest. */
    void wake(Object reason) {
        for (var waiter : waiting) {
            if (waiter.reason == reason) {
                LockSupport.unpark(waiter.thread);
            }
        }
    }

    /** Wakes all: something other than bytes changed. */
    void wakeAll() {
        for (var waiter : waiting) {
            LockSupport.unpark(waiter.thread);
        }
    }
}
