package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2, H2a in the packaged host: bundles stopped, updated and started under running downloads. */
class PackagedSwapTest {
    private static final int SIZE = 24_000_000;
    private static final int PACE = 2_000_000;
    private static final long BLOCK = 1 << 20;

    private static final String[] BUNDLES = {
        "dev.capstan.host.direct",
        "dev.capstan.transfer.http",
        "dev.capstan.content.file",
        "dev.capstan.download.sqlite"
    };

    @TempDir Path root;

    @Test
    void fourDownloadsSurviveEverySwapWithoutFetchingTwice() throws Exception {
        var capstan = new Capstan(root);
        try (var origin = Origin.plain();
                var host = capstan.startHost()) {
            for (var i = 0; i < 4; i++) {
                origin.serve("/f" + i, Resource.of(Body.random(SIZE, i)).pace(PACE));
            }
            var get =
                    capstan.start(
                            "get",
                            "-x",
                            "1",
                            origin.uri("/f0").toString(),
                            origin.uri("/f1").toString(),
                            origin.uri("/f2").toString(),
                            origin.uri("/f3").toString());
            Capstan.await("bytes flow", () -> origin.bodyBytes() > PACE);
            var pauses = new ArrayList<String>();

            for (var bundle : BUNDLES) {
                features(capstan, "stop", bundle);
                features(capstan, "start", bundle);
                pauses.add(bundle + " stopped: " + untilItGoesOn(origin).toMillis() + " ms");
                features(capstan, "update", bundle);
                pauses.add(bundle + " updated: " + untilItGoesOn(origin).toMillis() + " ms");
            }
            var result = get.await(Duration.ofMinutes(1));

            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.out().lines()).hasSize(4);
            for (var i = 0; i < 4; i++) {
                assertThat(result.out()).contains(Body.random(SIZE, i).sha256());
            }
            var twice = origin.bodyBytes() - 4L * SIZE;
            System.out.println(pauses + ", " + twice + " bytes twice");
            assertThat(twice).isLessThanOrEqualTo(2L * BUNDLES.length * 4 * BLOCK);
            assertThat(host.terminate().exit()).isZero();
        }
    }

    private static void features(Capstan capstan, String action, String bundle) throws Exception {
        var result = capstan.run("features", action, bundle);
        assertThat(result.exit()).as(result.err()).isZero();
    }

    private static Duration untilItGoesOn(Origin origin) throws Exception {
        var begin = System.nanoTime();
        var before = origin.bodyBytes();
        // What was under way in sockets when the bundle went is not a sign of life.
        Capstan.await("it goes on", () -> origin.bodyBytes() > before + PACE / 2);
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
