package dev.capstan.host.deezer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.host.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("D9: the rolling window")
class RollingWindowTest {
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final ManualTime time = new ManualTime();
    private final Instant never = time.instant().plus(Duration.ofDays(1));

    @Test
    @DisplayName("No window of 5 s holds more calls, wherever the service saw each of them")
    void holdsInAnyWindow() throws Exception {
        var window = new RollingWindow(40, LENGTH, time);
        var random = new Random(1);
        var seen = new ArrayList<Instant>();
        for (var i = 0; i < 1000; i++) {
            time.pass(Duration.ofMillis(random.nextInt(20) == 0 ? random.nextInt(2000) : 0));
            assertThat(window.enter(never)).isTrue();
            var sent = time.instant();
            time.pass(Duration.ofMillis(random.nextInt(30)));
            window.answered();
            var took = Duration.between(sent, time.instant()).toMillis();
            seen.add(sent.plusMillis(took == 0 ? 0 : random.nextLong(took + 1)));
        }

        assertThat(mostIn(seen)).as("it was full, and never fuller").isEqualTo(40);
    }

    @Test
    @DisplayName("At a boundary it lets no burst through, as a bucket would")
    void noBurstAtABoundary() throws Exception {
        var window = new RollingWindow(10, LENGTH, time);
        var seen = new ArrayList<Instant>();
        time.pass(Duration.ofMillis(4900));
        for (var i = 0; i < 20; i++) {
            assertThat(window.enter(never)).isTrue();
            seen.add(time.instant());
            window.answered();
        }

        assertThat(mostIn(seen)).isEqualTo(10);
        assertThat(time.slept()).containsExactly(LENGTH);
    }

    @Test
    @DisplayName("A clock that is set back costs one window, and stops nobody")
    void aClockSetBackStopsNobody() throws Exception {
        var window = new RollingWindow(2, LENGTH, time);
        for (var i = 0; i < 2; i++) {
            assertThat(window.enter(never)).isTrue();
            window.answered();
        }
        time.pass(Duration.ofHours(-1));

        assertThat(window.enter(time.instant().plusSeconds(6))).isTrue();
        assertThat(time.slept()).containsExactly(LENGTH);
    }

    @Test
    void whatIsUnderWayCounts() throws Exception {
        var window = new RollingWindow(2, LENGTH, time);
        assertThat(window.enter(never)).isTrue();
        time.pass(Duration.ofSeconds(20));
        assertThat(window.enter(never)).isTrue();

        assertThat(window.enter(time.instant())).as("both places are under way").isFalse();
        window.answered();
        assertThat(window.enter(time.instant().plusSeconds(4))).as("answered just now").isFalse();
        assertThat(window.enter(time.instant().plusSeconds(6))).isTrue();
    }

    @Test
    void manyThreadsShareIt() throws Exception {
        var window = new RollingWindow(8, LENGTH, time);
        var seen = new ArrayList<Instant>();
        var done = new CountDownLatch(8);
        var threads = Executors.newFixedThreadPool(8);
        for (var i = 0; i < 8; i++) {
            threads.execute(
                    () -> {
                        try {
                            for (var n = 0; n < 50; n++) {
                                window.enter(never);
                                synchronized (seen) {
                                    seen.add(time.instant());
                                }
                                window.answered();
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } finally {
                            done.countDown();
                        }
                    });
        }

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        threads.shutdownNow();
        assertThat(seen).hasSize(400);
        assertThat(mostIn(seen)).isLessThanOrEqualTo(8);
    }

    /** Most calls in a window that begins with one of them: no other window holds more. */
    private static int mostIn(List<Instant> seen) {
        var most = 0;
        for (var begin : seen) {
            var end = begin.plus(LENGTH);
            most =
                    Math.max(
                            most,
                            (int)
                                    seen.stream()
                                            .filter(t -> !t.isBefore(begin) && t.isBefore(end))
                                            .count());
        }
        return most;
    }
}
