package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.util.promise.Promise;

/** What a promise becomes, within a generous time. */
final class Awaited {

    private Awaited() {}

    static <T> T value(Promise<T> promise) throws InterruptedException, InvocationTargetException {
        resolved(promise);
        return promise.getValue();
    }

    static Throwable failure(Promise<?> promise) throws InterruptedException {
        resolved(promise);
        return promise.getFailure();
    }

    private static void resolved(Promise<?> promise) throws InterruptedException {
        var done = new CountDownLatch(1);
        promise.onResolve(done::countDown);
        assertTrue(done.await(Party.SOON.toSeconds(), TimeUnit.SECONDS), "It was never resolved");
    }

    /** Waits where a test wants a thread to wait. */
    static void opened(CountDownLatch gate) {
        try {
            assertTrue(gate.await(Party.SOON.toSeconds(), TimeUnit.SECONDS), "It stayed shut");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
