package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    @CsvSource({"1, 16, 1", "16, 64, 20"})
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

            long lost;
            try (var running = capstan.start(command)) {
                Capstan.await("half of it", () -> origin.bodyBytes() > SIZE / 2);
                lost = queued(origin.port());
                running.kill();
            }
            killed.set(true);
            assertThat(origin.bodyBytes()).as("still at work when it was killed").isLessThan(SIZE);
            var result = capstan.run(command);

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("file")).hasSize(SIZE);
            var twice = origin.bodyBytes() - SIZE - lost;
            System.out.printf(
                    "%d connections: %.2f MiB again%n", connections, twice / (double) MIB);
            assertThat(twice).isLessThanOrEqualTo(again * MIB);
        }
    }

    /** What connections to a port hold: sent by the origin, and no client can have it. */
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
