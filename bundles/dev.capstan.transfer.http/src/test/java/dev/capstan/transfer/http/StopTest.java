package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.spi.Transfer;
import dev.capstan.transfer.spi.TransferResult.End;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@DisplayName("T3: stop ends a transfer within a second, in any phase")
@Isolated
class StopTest {
    private static final Body BODY = Body.random(2_000_000, 1);
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() {
        rig.close();
        origin.close();
    }

    @Test
    void whileTheNameIsResolved() throws Exception {
        var transfer = rig.start(URI.create("http://never.test/f"));
        assertThat(rig.resolving.await(5, TimeUnit.SECONDS)).isTrue();

        stops(transfer);
    }

    @Test
    void whileConnecting() throws Exception {
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var one = new Socket(full.getInetAddress(), full.getLocalPort());
                var two = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(one.isConnected() && two.isConnected()).isTrue();
            var transfer = rig.start(URI.create("http://127.0.0.1:" + full.getLocalPort() + "/"));
            awaitThread("connect");

            stops(transfer);
        }
    }

    @Test
    void duringTheHandshake() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var transfer = rig.start(URI.create("https://127.0.0.1:" + silent.getLocalPort()));
            try (var accepted = silent.accept()) {
                accepted.getInputStream().read();

                stops(transfer);
            }
        }
    }

    @Test
    void beforeTheAnswer() throws Exception {
        origin.serve("/f", Exchange::stall);
        var transfer = rig.start(origin.uri("/f"));
        assertThat(origin.awaitRequests(1, SOON)).isTrue();

        stops(transfer);
    }

    @Test
    void inTheMiddleOfABody() throws Exception {
        origin.serve(
                "/f",
                exchange -> {
                    exchange.stallAfter(1_000_000);
                    Resource.of(BODY).handle(exchange);
                });
        var transfer = rig.start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(1_000_000, SOON)).isTrue();

        stops(transfer);

        assertThat(rig.ingest.downloaded()).isEqualTo(1_000_000);
    }

    @Test
    void inTheMiddleOfABodyOverTls() throws Exception {
        try (var secure = Origin.tls()) {
            secure.serve(
                    "/f",
                    exchange -> {
                        exchange.stallAfter(1_000_000);
                        Resource.of(BODY).handle(exchange);
                    });
            var transfer = rig.start(secure.uri("/f"));
            assertThat(rig.ingest.awaitDownloaded(1_000_000, SOON)).isTrue();

            stops(transfer);

            assertThat(secure.awaitNoConnection(Duration.ofSeconds(1))).isTrue();
        }
    }

    @Test
    void whileWaitingForTheNextAttempt() throws Exception {
        origin.serve("/f", exchange -> exchange.answer(503, "", "Retry-After: 20"));
        var transfer = rig.start(origin.uri("/f"));
        assertThat(origin.awaitRequests(1, SOON)).isTrue();

        stops(transfer);
    }

    @Test
    void whileNobodyWantsMore() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        rig.ingest.horizon(100_000);
        var transfer = rig.start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(100_000, SOON)).isTrue();

        stops(transfer);
    }

    @Test
    void whileItIsHeldBackByALimit() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        var transfer = rig.limit(1000).start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(500, SOON)).isTrue();

        stops(transfer);
    }

    @Test
    void beforeItBegan() throws Exception {
        origin.serve("/f", Resource.of(BODY));
        var transfer = rig.start(origin.uri("/f"));

        stops(transfer);
    }

    @Test
    void whenTheEngineGoes() throws Exception {
        origin.serve("/f", Resource.of(BODY).pace(100_000));
        var transfer = rig.start(origin.uri("/f"));
        assertThat(rig.ingest.awaitDownloaded(10_000, SOON)).isTrue();
        var start = System.nanoTime();

        rig.engine.deactivate();

        assertThat(Rig.await(transfer).end()).isEqualTo(End.STOPPED);
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
        assertThat(origin.awaitNoConnection(Duration.ofSeconds(1))).isTrue();
        awaitNoThread("capstan-transfer");
    }

    private void stops(Transfer transfer) throws Exception {
        var start = System.nanoTime();

        transfer.stop();
        transfer.stop();

        assertThat(Rig.await(transfer).end()).isEqualTo(End.STOPPED);
        assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
        assertThat(transfer.connections()).isZero();
        assertThat(rig.ingest.isFilling()).isFalse();
        assertThat(origin.awaitNoConnection(Duration.ofSeconds(1))).isTrue();
        awaitNoThread("capstan-transfer-t");
    }

    /** Waits until a thread of the transfer is in a method of that name. */
    private static void awaitThread(String method) {
        var end = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < end) {
            for (var thread : Thread.getAllStackTraces().entrySet()) {
                for (var frame : thread.getValue()) {
                    if (thread.getKey().getName().startsWith("capstan-transfer-t")
                            && frame.getMethodName().contains(method)) {
                        return;
                    }
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("No thread got there");
    }

    private static void awaitNoThread(String prefix) {
        var end = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < end) {
            if (Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(
                            thread ->
                                    thread.getName().startsWith(prefix)
                                            && !thread.getName()
                                                    .equals(Thread.currentThread().getName()))) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError(
                "Left: "
                        + Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith(prefix))
                                .toList());
    }
}
