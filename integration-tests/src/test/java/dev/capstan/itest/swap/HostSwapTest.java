package dev.capstan.itest.swap;

import static dev.capstan.host.fshare.fake.Endpoint.LOGOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.itest.Vitals;
import dev.capstan.itest.fshare.Operator;
import dev.capstan.tck.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host with an account, and the engine, swapped again and again under downloads that run all the
 * while. The long form is {@code -Dcapstan.swaps=350}.
 */
class HostSwapTest {
    private static final int SWAPS = Integer.getInteger("capstan.swaps", 25);
    private static final int DOWNLOADS = 8;
    private static final String HOST = "dev.capstan.host.fshare";
    private static final String ENGINE = "dev.capstan.transfer.http";

    /** Every so many swaps it is the engine. */
    private static final int ENGINE_EVERY = 7;

    /** What the first swaps load, and keep, is no leak. */
    private static final int WARM = 10;

    private static final int PACE = 200_000;

    /** So much that none ends before the last swap, at a second for each. */
    private static final int SIZE = SWAPS * PACE;

    /** What a connection may have had under way when it was cut; between two swaps comes more. */
    private static final int BLOCK = 1 << 14;

    private static final int FEW = 10;

    /** Class loaders that a thread or a cache may still hold for a moment. */
    private static final int LAST_ONES = 2;

    @TempDir Path root;
    private final FakeFshare fake = FakeFshare.start();
    private final List<String> codes =
            IntStream.range(0, DOWNLOADS).mapToObj(number -> "SWAP" + number).toList();
    private Capstan capstan;
    private Control control;
    private Operator operator;

    @BeforeEach
    void configure() throws IOException {
        capstan = new Capstan(root);
        operator = new Operator(capstan, fake);
        control = new Control(capstan.data(), capstan.folder());
    }

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    @DisplayName("H2: swaps of a host and of the engine fail, lose and leak nothing")
    void eightDownloadsSurviveEverySwap() throws Exception {
        try (var host = capstan.startHost(operator.options())) {
            var pid = host.process().pid();
            for (var code : codes) {
                fake.file(code).size(SIZE).pace(PACE);
                control.add("-x", "1", "https://www.fshare.vn/file/" + code);
            }
            awaitAllGoOn(0);
            var pauses = new ArrayList<Duration>();
            var warm = Vitals.of(pid);
            for (var swap = 1; swap <= SWAPS; swap++) {
                if (swap == SWAPS) {
                    codes.forEach(code -> fake.file(code).pace(0));
                }
                pauses.add(swap(swap));
                if (swap == WARM) {
                    warm = Vitals.of(pid);
                }
            }
            awaitNoMoreThan(warm, pid);
            var last = Vitals.of(pid);
            var rows = ended();

            var twice = delivered() - (long) DOWNLOADS * SIZE;
            pauses.sort(null);
            System.out.printf(
                    "%d swaps: on again after %d ms, at most %d ms; %d bytes twice;"
                            + " %s became %s%n",
                    SWAPS,
                    pauses.get(SWAPS / 2).toMillis(),
                    pauses.get(SWAPS - 1).toMillis(),
                    twice,
                    warm,
                    last);
            for (var row : rows) {
                assertThat(row.state()).as(row.json()).isEqualTo("COMPLETED");
                assertThat(row.json()).contains("\"retries\":0");
                assertThat(Files.readAllBytes(Path.of(row.path()))).isEqualTo(bytes(row));
            }
            assertThat(twice).isLessThanOrEqualTo((long) SWAPS * DOWNLOADS * BLOCK);
            assertThat(last.loaders()).isLessThanOrEqualTo(warm.loaders() + LAST_ONES);
            assertThat(last.heap()).isLessThan(warm.heap() + warm.heap() / 4);
            assertThat(fake.calls(LOGOUT)).as("F20: a swap logs nobody out").isEmpty();
            assertThat(host.terminate().exit()).isZero();
        }
    }

    /** Swaps a bundle; tells how long after its return the last of all downloads went on. */
    private Duration swap(int number) throws Exception {
        var bundle = number % ENGINE_EVERY == 0 ? ENGINE : HOST;
        var before = fake.deliveries().size();
        if (number % 2 == 0) {
            control.done("features", "update", bundle);
        } else {
            control.done("features", "stop", bundle);
            var reason = bundle.equals(HOST) ? "waiting for host fshare" : "a transfer engine";
            Capstan.await("the reason is shown", () -> story().contains(reason));
            control.done("features", "start", bundle);
        }
        var back = System.nanoTime();
        awaitAllGoOn(before);
        return Duration.ofNanos(System.nanoTime() - back);
    }

    /** What a person is shown of the first download. */
    private String story() {
        try {
            return control.done("show", control.list().get(0).id());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** On a machine that is slow enough one may have ended before its time. */
    private void awaitAllGoOn(int before) throws Exception {
        Capstan.await(
                "all go on",
                () -> {
                    var log = fake.deliveries();
                    var late = log.subList(before, log.size());
                    return codes.stream()
                            .allMatch(code -> sent(late, code) > 0 || sent(log, code) >= SIZE);
                });
    }

    private static long sent(List<Exchange> deliveries, String code) {
        return deliveries.stream()
                .filter(delivery -> delivery.target().endsWith("/" + code + ".bin"))
                .mapToLong(Exchange::bodyBytes)
                .sum();
    }

    private void awaitNoMoreThan(Vitals warm, long pid) throws Exception {
        Capstan.await(
                "no more threads and handles than in the beginning",
                () ->
                        Vitals.threads(pid) <= warm.threads() + FEW
                                && Vitals.handles(pid) <= warm.handles() + FEW);
    }

    private List<Control.Row> ended() throws Exception {
        Capstan.await(
                "the end of all",
                () -> {
                    try {
                        return control.list().stream().allMatch(Control.Row::isEnded);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        return control.list();
    }

    private long delivered() {
        return fake.deliveries().stream().mapToLong(Exchange::bodyBytes).sum();
    }

    private byte[] bytes(Control.Row row) {
        return fake.file(row.link().substring(row.link().lastIndexOf('/') + 1)).body().bytes();
    }
}
