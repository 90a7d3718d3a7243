package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S8 and H3, against plug-ins that do what they must not. */
@Timeout(30)
class HostCallsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final HostCalls calls = new HostCalls("acme", "org.acme");
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        calls.close();
    }

    @Test
    void givesWhatThePluginGivesOnAThreadNamedAfterIt() throws Exception {
        assertThat(calls.call(() -> Thread.currentThread().getName(), LONG))
                .startsWith("capstan-host-acme-");
    }

    static List<Callable<String>> faults() {
        return List.of(
                () -> {
                    throw new NullPointerException();
                },
                () -> {
                    throw new StackOverflowError();
                },
                () -> {
                    throw new NoClassDefFoundError("org/acme/Gone");
                },
                () -> {
                    throw new OutOfMemoryError("none left");
                },
                () -> {
                    throw new InterruptedException();
                },
                () -> {
                    throw new DownloadException(ErrorClass.HOST, null);
                },
                () -> {
                    throw new Hostile();
                },
                () -> null);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void s8_whateverItThrowsOrNothingAtAllIsOfClassHost(Callable<String> fault) {
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> calls.call(fault, LONG))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.HOST))
                .satisfies(e -> assertThat(e.getMessage()).startsWith("Host acme "));
    }

    @Test
    void itsOwnErrorsKeepTheirClassAndLoseControlCharacters() {
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(
                        () ->
                                calls.call(
                                        () -> {
                                            throw new DownloadException(
                                                    ErrorClass.NOT_FOUND, "It is\r\n\u001b[1mgone");
                                        },
                                        LONG))
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.NOT_FOUND))
                .withMessage("It is [1mgone");
    }

    @Test
    void s8_aCallIsInterruptedAtItsDeadline() {
        var interrupted = new CountDownLatch(1);

        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> calls.call(() -> waitUntilInterrupted(interrupted), SHORT))
                .withMessageContaining("did not answer")
                .satisfies(e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.HOST));

        assertThat(ends(interrupted)).isTrue();
        assertThat(calls.abandoned()).isZero();
    }

    @Test
    void s8_twoCallsThatCannotBeStoppedAreAbandonedAndThenNoneIsMade() throws Exception {
        for (var i = 0; i < 2; i++) {
            assertThatExceptionOfType(DownloadException.class)
                    .isThrownBy(() -> calls.call(this::ignoreInterrupts, SHORT));
        }
        awaitAbandoned(2);
        var made = new AtomicInteger();

        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> calls.call(made::incrementAndGet, LONG))
                .withMessageContaining("Restart its bundle org.acme");
        assertThat(made).hasValue(0);

        released.countDown();
        awaitAbandoned(0);
        assertThat(calls.call(made::incrementAndGet, LONG)).isEqualTo(1);
    }

    @Test
    void q3_whenItsCallerIsInterruptedSoIsTheCall() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var caller =
                inThread(
                        () ->
                                calls.call(
                                        () -> {
                                            begun.countDown();
                                            return waitUntilInterrupted(interrupted);
                                        },
                                        LONG));
        assertThat(ends(begun)).isTrue();

        caller.thread.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(caller::get)
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(ends(interrupted)).isTrue();
    }

    @Test
    void h3_whenThePluginGoesItsCallsEndAndNoneIsMadeAfter() throws Exception {
        var begun = new CountDownLatch(1);
        var caller =
                inThread(
                        () ->
                                calls.call(
                                        () -> {
                                            begun.countDown();
                                            return ignoreInterrupts();
                                        },
                                        LONG));
        assertThat(ends(begun)).isTrue();

        calls.close();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(caller::get)
                .withCauseInstanceOf(Stopped.class);
        assertThatExceptionOfType(Stopped.class).isThrownBy(() -> calls.call(() -> "x", LONG));
    }

    @Test
    void s8_noMoreThanAFewCallsAreUnderWayAtOnce() throws Exception {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var full = new CountDownLatch(HostCalls.AT_ONCE);
        var callers = new ArrayList<Caller>();
        for (var i = 0; i < 3 * HostCalls.AT_ONCE; i++) {
            callers.add(
                    inThread(
                            () ->
                                    calls.call(
                                            () -> {
                                                most.accumulateAndGet(
                                                        running.incrementAndGet(), Math::max);
                                                full.countDown();
                                                released.await();
                                                return running.getAndDecrement();
                                            },
                                            LONG)));
        }
        assertThat(ends(full)).isTrue();
        released.countDown();
        for (var caller : callers) {
            caller.get();
        }
        assertThat(most).hasValue(HostCalls.AT_ONCE);
    }

    @Test
    void s8_aPluginThatHangsInAllItsCallsCostsNoMoreThreadsThanItHasPlaces() throws Exception {
        var begun = new AtomicInteger();
        var callers = new ArrayList<Caller>();
        for (var i = 0; i < 3 * HostCalls.AT_ONCE; i++) {
            callers.add(
                    inThread(
                            () ->
                                    calls.call(
                                            () -> {
                                                begun.incrementAndGet();
                                                return ignoreInterrupts();
                                            },
                                            SHORT)));
        }

        for (var caller : callers) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(caller::get)
                    .withCauseInstanceOf(DownloadException.class);
        }
        awaitAbandoned(HostCalls.AT_ONCE);
        assertThat(begun).hasValue(HostCalls.AT_ONCE);
        assertThatExceptionOfType(DownloadException.class)
                .isThrownBy(() -> calls.call(() -> "x", LONG))
                .withMessageContaining("hangs in 8 calls that cannot be stopped");

        try (var next = new HostCalls("acme", "org.acme")) {
            assertThat(next.call(() -> "x", LONG)).as("the service after it").isEqualTo("x");
        }
    }

    private String waitUntilInterrupted(CountDownLatch interrupted) throws InterruptedException {
        try {
            released.await();
            return "released";
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    private String ignoreInterrupts() {
        while (true) {
            try {
                released.await();
                return "released";
            } catch (InterruptedException e) {
                // As a bad plug-in does.
            }
        }
    }

    @Test
    void aCallThatWaitedForItsPlaceIsMade() throws Exception {
        var callers = new ArrayList<FutureTask<Integer>>();
        for (var i = 0; i < 4 * HostCalls.AT_ONCE; i++) {
            var caller = new FutureTask<>(this::manyCalls);
            callers.add(caller);
            new Thread(caller).start();
        }
        for (var caller : callers) {
            assertThat(caller.get()).isEqualTo(1_000);
        }
    }

    private int manyCalls() throws Exception {
        var made = 0;
        for (var i = 0; i < 1_000; i++) {
            made += calls.call(() -> 1, LONG);
        }
        return made;
    }

    private void awaitAbandoned(int number) {
        Await.until(() -> calls.abandoned() == number);
    }

    private static boolean ends(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Caller inThread(Callable<?> body) {
        var caller = new Caller(body);
        caller.thread.start();
        return caller;
    }

    private static final class Caller extends FutureTask<Object> {
        private final Thread thread = new Thread(this, "test-caller");

        @SuppressWarnings("unchecked")
        private Caller(Callable<?> body) {
            super((Callable<Object>) body);
        }
    }

    /** Fails even when it is asked what it is. */
    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("never");
        }
    }
}
