package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Q4: killed the hard way at half, a download goes on with what is on disk. */
class KillTest {
    private static final long MIB = 1 << 20;

    /** In MiB; a gigabyte is for a machine that has the time. */
    private static final long SIZE = Long.getLong("capstan.kill.size", 256) * MIB;

    @TempDir Path root;

    /** What may have been in sockets and is counted at the origin as sent. */
    private static final long AGAIN = 20 * MIB;

    @ParameterizedTest(name = "{0} connections")
    @ValueSource(ints = {1, 4})
    void killedAtHalfItGoesOn(int connections) throws Exception {
        var capstan = new Capstan(root);
        try (var origin = Origin.plain()) {
            var file = Resource.of(Body.random(SIZE, 1));
            // Slow enough that half is a moment one can hit, and that no backlog is in the sockets.
            origin.serve("/file", file.pace(64 * MIB / connections));
            var command =
                    new String[] {
                        "get", "-x", Integer.toString(connections), origin.uri("/file").toString()
                    };

            try (var running = capstan.start(command)) {
                Capstan.await("half of it", () -> origin.bodyBytes() > SIZE / 2);
                running.kill();
            }
            assertThat(origin.bodyBytes()).as("still at work when it was killed").isLessThan(SIZE);
            var result = capstan.run(command);

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(capstan.folder().resolve("file")).hasSize(SIZE);
            var twice = origin.bodyBytes() - SIZE;
            System.out.printf(
                    "%d connections: %.2f MiB again%n", connections, twice / (double) MIB);
            assertThat(twice).isLessThanOrEqualTo(AGAIN);
        }
    }
}
