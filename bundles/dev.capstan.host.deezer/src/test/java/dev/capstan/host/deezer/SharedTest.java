package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.tck.host.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D10: shared and kept calls")
class SharedTest {
    private final ManualTime time = new ManualTime();
    private final Shared shared = new Shared(time);
    private final List<Thread> started = new CopyOnWriteArrayList<>();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        var thread = new Thread(task);
                        started.add(thread);
                        return thread;
                    });
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void equalCallsUnderWayAreOne() throws Exception {
        var answers = new ArrayList<Future<String>>();
        for (var i = 0; i < 8; i++) {
            answers.add(threads.submit(() -> shared.fresh("a", String.class, this::slowCall)));
        }
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        awaitWaiting(8);
        released.countDown();

        for (var answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("call 1");
        }
        assertThat(shared.fresh("a", String.class, this::slowCall)).isEqualTo("call 2");
    }

    @Test
    void whatIsKeptIsKeptForTenMinutes() throws Exception {
        released.countDown();
        Callable<String> ask = () -> shared.kept("a", String.class, this::slowCall);

        assertThat(ask.call()).isEqualTo("call 1");
        time.pass(Duration.ofMinutes(9));
        assertThat(ask.call()).isEqualTo("call 1");
        time.pass(Duration.ofMinutes(2));
        assertThat(ask.call()).isEqualTo("call 2");
        assertThat(shared.renewed("a", String.class, this::slowCall)).isEqualTo("call 3");
        assertThat(ask.call()).isEqualTo("call 3");
    }

    @Test
    void anInterruptedCallIsMadeAnewForTheOthers() throws Exception {
        var first = threads.submit(() -> shared.fresh("a", String.class, this::slowCall));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        var second = threads.submit(() -> shared.fresh("a", String.class, () -> "own"));
        awaitWaiting(2);

        first.cancel(true);

        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("own");
    }

    @Test
    void aFailureIsEverybodysAndIsNotKept() {
        var failure =
                catchThrowableOfType(
                        DownloadException.class,
                        () ->
                                shared.kept(
                                        "a",
                                        String.class,
                                        () -> {
                                            throw new DownloadException(ErrorClass.HOST, "no");
                                        }));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.HOST);
        released.countDown();
        assertThat(catchThrowableOfType(Exception.class, this::keep)).isNull();
    }

    /** Until so many threads wait: one in its call, the others for it. */
    private void awaitWaiting(int number) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (started.stream().filter(t -> t.getState() == Thread.State.WAITING).count()
                < number) {
            assertThat(System.nanoTime()).as("threads wait").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private void keep() throws Exception {
        assertThat(shared.kept("a", String.class, this::slowCall)).isEqualTo("call 1");
    }

    private String slowCall() throws InterruptedException {
        begun.countDown();
        released.await();
        return "call " + calls.incrementAndGet();
    }
}
