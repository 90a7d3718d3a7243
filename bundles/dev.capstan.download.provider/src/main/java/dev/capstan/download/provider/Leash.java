package dev.capstan.download.provider;

import dev.capstan.download.DownloadException;
import org.jspecify.annotations.Nullable;

/**
 * Lets any thread end a run at once, in any phase (Q3), without hurting what must not be
 * interrupted: the run's thread is interrupted only inside {@link #interruptible}, a transfer is
 * stopped by its own brake, and everything between looks at {@link #check}.
 *
 * <p>Safe for any thread; its lock is never held while anything else is called.
 */
final class Leash {

    /** Something a run does that may take long. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws DownloadException, InterruptedException, Stopped;
    }

    private @Nullable Stop wish;
    private @Nullable Thread inside;
    private @Nullable Runnable brake;

    /**
     * Asks the run to end. The first wish counts.
     *
     * @return whether this wish is what the run ends by
     */
    boolean pull(Stop stop) {
        Runnable toStop;
        boolean first;
        synchronized (this) {
            first = wish == null;
            if (first) {
                wish = stop;
                if (inside != null) {
                    inside.interrupt();
                }
            }
            toStop = brake;
        }
        if (toStop != null) {
            toStop.run();
        }
        return first;
    }

    /** Ends the run here if it was asked to. */
    synchronized void check() throws Stopped {
        if (wish != null) {
            throw new Stopped(wish);
        }
    }

    /** Takes a step during which an interrupt does no harm. */
    <T> T interruptible(Step<T> step) throws DownloadException, Stopped {
        synchronized (this) {
            check();
            inside = Thread.currentThread();
        }
        try {
            return step.take();
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            synchronized (this) {
                inside = null;
                // One that came when the step was over belongs to nobody any more.
                Thread.interrupted();
            }
        }
    }

    /** Takes a step that is ended by its own brake. */
    <T> T braked(Runnable stop, Step<T> step) throws DownloadException, Stopped {
        boolean late;
        synchronized (this) {
            brake = stop;
            late = wish != null;
        }
        if (late) {
            stop.run();
        }
        try {
            return step.take();
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            synchronized (this) {
                brake = null;
            }
        }
    }

    /** An interrupt that nobody asked for comes from the workers being shut down. */
    private synchronized Stopped interrupted() {
        return new Stopped(wish != null ? wish : Stop.SHUTDOWN);
    }
}
