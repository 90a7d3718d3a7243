package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Q4: killed the hard way at half, a download goes on with what is on disk. */
class KillTest {
    private static final long MIB = 1 << 20;

    /** In MiB; a gigabyte is for a machine that has the time. */
    private static final long SIZE = Long.getLong("capstan.kill.size", 128) * MIB;

    @TempDir Path root;

    @ParameterizedTest(name = "{0} connections")
    @CsvSource({"1, 16, 1", "16, 64, 16"})
    void killedAtHalfItGoesOn(int connections, int pace, int again) throws Exception {
        var capstan = new Capstan(root);
        var killed = new AtomicBoolean();
        try (var origin = Origin.plain()) {
            var file = Resource.of(Body.random(SIZE, 1));
            origin.serve(
                    "/file",
                    exchange -> {
                        exchange.pace(killed.get() ? 1 << 30 : pace * MIB / connections);
                        file.handle(exchange);
                    });
            var command =
                    new String[] {
                        "get", "-x", Integer.toString(connections), origin.uri("/file").toString()
                    };

            long received;
            try (var running = capstan.start(command)) {
                Capstan.await("half of it", () -> origin.bodyBytes() > SIZE / 2);
                running.freeze();
                received = received(origin);
                running.kill();
            }
            assertThat(origin.awaitNoConnection(Duration.ofSeconds(30))).isTrue();
            var sent = origin.bodyBytes();
            killed.set(true);
            assertThat(sent).as("still at work when it was killed").isLessThan(SIZE);
            var result = capstan.run(command);

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("file")).hasSize(SIZE);
            var twice = received + origin.bodyBytes() - sent - SIZE;
            System.out.printf(
                    "%d connections: %.2f MiB again%n", connections, twice / (double) MIB);
            assertThat(twice).isLessThanOrEqualTo(again * MIB);
        }
    }

    /**
     * What a client that stands still took: what connections hold was sent, and it has it not. The
     * median of some looks, since both ends of a connection tell of the same bytes until they are
     * acknowledged, and since the origin goes on sending while one looks.
     */
    private static long received(Origin origin) throws IOException, InterruptedException {
        var looks = new long[21];
        for (var i = 0; i < looks.length; i++) {
            var queued = queued(origin.port());
            looks[i] = origin.bodyBytes() - queued;
            TimeUnit.MILLISECONDS.sleep(10);
        }
        Arrays.sort(looks);
        return looks[looks.length / 2];
    }

    /** Bytes that connections to a port hold. */
    private static long queued(int port) throws IOException {
        var ends = ":%04X".formatted(port);
        var sum = 0L;
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (var line : Files.readAllLines(Path.of(table))) {
                var fields = line.strip().split("\\s+");
                if (fields[1].endsWith(ends) || fields[2].endsWith(ends)) {
                    for (var queue : fields[4].split(":")) {
                        sum += Long.parseLong(queue, 16);
                    }
                }
            }
        }
        return sum;
    }
}
