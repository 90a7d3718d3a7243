package dev.capstan.itest;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions. */
final class Awaits {
    private static final Duration MOST = Duration.ofSeconds(30);

    private Awaits() {}

    /** Waits until a condition holds; fails if it does not within half a minute. */
    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        var end = System.nanoTime() + MOST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("In vain for " + MOST.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
