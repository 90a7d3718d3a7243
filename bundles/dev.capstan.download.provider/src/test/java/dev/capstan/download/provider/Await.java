package dev.capstan.download.provider;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what becomes true on another thread, and fails if it does not. */
final class Await {
    private static final Duration MOST = Duration.ofSeconds(15);

    private static final long BETWEEN_LOOKS = 500_000;

    private Await() {}

    static void until(BooleanSupplier condition) {
        within(MOST, condition);
    }

    static void within(Duration most, BooleanSupplier condition) {
        var end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + most);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }
}
