package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Vitals;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * S5: clients that never send a whole request keep nobody else from being served, and are closed.
 * In short, unless the properties {@code capstan.slow} and {@code capstan.slow.seconds} name more
 * of them, and how long each may take; with 10,000 this process needs as many open files, which
 * {@code ulimit -Hn} has to allow. The host does not: it keeps some 2,000 of them.
 */
@Timeout(300)
class SlowRequestsTest {
    private static final int CLIENTS = Integer.getInteger("capstan.slow", 500);
    private static final int REQUEST_SECONDS = Integer.getInteger("capstan.slow.seconds", 2);

    /** Of a machine with much else to do; what is measured is printed. */
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(10);

    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(60);
    private static final long MOST_HEAP = 64 << 20;
    private static final int FEW = 20;

    @TempDir Path root;
    private AdminHost host;
    private long slowest;
    private int served;

    @BeforeEach
    void start() throws Exception {
        host =
                new AdminHost(
                        root, "--set", "dev.capstan.admin.rest:requestSeconds=" + REQUEST_SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        host.close();
    }

    @Test
    @DisplayName("S5: others are served meanwhile, memory is bounded, and the slow ones are closed")
    void whoIsSlowIsClosedAndNobodyElseWaits() throws Exception {
        serve();
        var events = host.listen();
        var before = Vitals.of(host.pid());
        var most = before.handles();
        try (var slow = new SlowClients(host.port(), host.token())) {
            for (var number = 0; number < CLIENTS; number++) {
                slow.open(number);
                if (number % 100 == 0) {
                    slow.sendOn();
                    most = Math.max(most, Vitals.handles(host.pid()));
                    serve();
                }
            }
            most = Math.max(most, Vitals.handles(host.pid()));
            var opened = System.nanoTime();
            var during = Vitals.of(host.pid());
            while (slow.left() > 0 && since(opened).compareTo(CLOSED_WITHIN) < 0) {
                slow.sendOn();
                serve();
            }
            System.out.printf(
                    "%d slow clients, all closed %.1f s after the last was opened;"
                            + " %d requests of others, the slowest %d ms;"
                            + " live heap %+d KiB, threads %+d, handles %d and %d at most%n",
                    CLIENTS,
                    since(opened).toMillis() / 1000.0,
                    served,
                    slowest,
                    (during.heap() - before.heap()) >> 10,
                    during.threads() - before.threads(),
                    before.handles(),
                    most);
            assertThat(slow.left()).as("not closed").isZero();
            assertThat(events.isInputClosed()).as("who listens is closed").isFalse();
            assertThat(slowest).isLessThan(SERVED_WITHIN.toMillis());
            assertThat(during.heap() - before.heap()).isLessThan(MOST_HEAP);
            assertThat(during.threads() - before.threads()).isLessThan(40);
        }
        events.abort();
        var handles = before.handles() + FEW;
        Capstan.await("no handle is left", () -> Vitals.handles(host.pid()) <= handles);
    }

    /** One who only asks, and one who sends something. */
    private void serve() throws Exception {
        var begun = System.nanoTime();
        assertThat(host.get("/stats").status()).isEqualTo(200);
        assertThat(host.post("/links/preview", "{\"colour\":1}").status()).isEqualTo(400);
        slowest = Math.max(slowest, since(begun).toMillis());
        served += 2;
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }
}
