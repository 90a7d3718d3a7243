package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeashTest {
    private final Leash leash = new Leash();

    @Test
    void theFirstWishCounts() {
        assertThat(leash.pull(Stop.PAUSE)).isTrue();
        assertThat(leash.pull(Stop.CANCEL)).isFalse();

        assertThatExceptionOfType(Stopped.class)
                .isThrownBy(leash::check)
                .satisfies(stopped -> assertThat(stopped.reason()).isEqualTo(Stop.PAUSE));
    }

    @Test
    void aThreadIsInterruptedOnlyInsideAnInterruptibleStep() throws Exception {
        var inside = new CountDownLatch(1);
        var outcome = new AtomicReference<Object>();
        var thread =
                new Thread(
                        () -> {
                            try {
                                leash.interruptible(
                                        () -> {
                                            inside.countDown();
                                            new CountDownLatch(1).await();
                                            return "never";
                                        });
                            } catch (Stopped stopped) {
                                outcome.set(stopped.reason());
                            } catch (Exception e) {
                                outcome.set(e);
                            }
                            if (Thread.currentThread().isInterrupted()) {
                                outcome.set("interrupted outside");
                            }
                        });
        thread.start();
        inside.await();
        leash.pull(Stop.CANCEL);
        thread.join();

        assertThat(outcome).hasValue(Stop.CANCEL);
    }

    @Test
    void aStepIsNotBegunOnceItWasPulled() {
        leash.pull(Stop.YIELD);
        var begun = new AtomicInteger();

        assertThatExceptionOfType(Stopped.class)
                .isThrownBy(() -> leash.interruptible(begun::incrementAndGet));
        assertThat(begun).hasValue(0);
    }

    @Test
    void aBrakeThatComesLateIsPulledAtOnce() throws Exception {
        leash.pull(Stop.PAUSE);
        var braked = new AtomicInteger();

        assertThat(leash.braked(braked::incrementAndGet, braked::get)).isEqualTo(1);
    }

    @Test
    void anInterruptOfNobodysIsAShutdown() {
        assertThatExceptionOfType(Stopped.class)
                .isThrownBy(
                        () ->
                                leash.interruptible(
                                        () -> {
                                            throw new InterruptedException();
                                        }))
                .satisfies(stopped -> assertThat(stopped.reason()).isEqualTo(Stop.SHUTDOWN));
    }
}
