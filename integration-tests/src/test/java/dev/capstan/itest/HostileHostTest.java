package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S8 in the packaged host: a plug-in that does everything it must not harms nobody else. */
class HostileHostTest {
    @TempDir Path root;

    @Test
    @DisplayName("S8: what a plug-in throws, answers or hangs in ends its own downloads only")
    void aHostilePluginHarmsItsOwnDownloadsOnly() throws Exception {
        var capstan = new Capstan(root);
        HostileHost.write(capstan.data().resolve("bundles/hostile.jar"));
        var control = new Control(capstan.data(), capstan.folder());
        try (var origin = Origin.plain();
                var host =
                        capstan.startHost(
                                "--set", "dev.capstan.download.provider:resolveTimeoutSeconds=2");
                var faces = new Faces(capstan.data(), control)) {
            Capstan.await("the plug-in is there", () -> told(control, "hosts").contains("hostile"));
            origin.serve("/good", Resource.of(Body.random(200_000, 1)));
            var ids = new ArrayList<String>();
            ids.add(control.add("hostile:many/0"));
            for (var mode : HostileHost.QUICK) {
                ids.add(control.add("hostile:" + mode + "/0"));
            }
            Capstan.await(
                    "its breaker opens", () -> told(control, "hosts").contains("out of order"));
            for (var id : ids) {
                Capstan.await("it is at rest", () -> isAtRest(show(control, id)));
            }

            control.done("hosts", "--release", "hostile");
            for (var mode : new String[] {"block", "spin"}) {
                control.add("hostile:" + mode + "/1");
            }
            var good = control.add(origin.uri("/good").toString());
            Capstan.await("another host's ends", () -> show(control, good).isEnded());
            assertThat(show(control, good).state()).isEqualTo("COMPLETED");
            twoCallsHangAndNoMoreAreMade(control);

            for (var p99 : faces.p99()) {
                assertThat(p99).isLessThan(Duration.ofSeconds(30));
            }
            assertThat(host.terminate().exit()).isZero();
        }
    }

    private static void twoCallsHangAndNoMoreAreMade(Control control) throws Exception {
        Capstan.await("what hangs is told", () -> told(control, "hosts").contains("2 calls hang"));
        assertThat(told(control, "doctor", "--quick"))
                .contains("2 calls of host hostile cannot be stopped");
        control.done("hosts", "--release", "hostile");
        assertThat(control.call("add", "hostile:spin/2").err())
                .contains("hangs in 2 calls that cannot be stopped. Restart its bundle");

        control.done("features", "update", "test.hostile");
        Capstan.await(
                "those of the version before are told, too",
                () -> told(control, "hosts").contains("2 calls hang"));
    }

    private static boolean isAtRest(Control.Row row) {
        return row.state().equals("QUEUED") || row.state().equals("FAILED");
    }

    private static String told(Control control, String... words) {
        try {
            return control.call(words).out();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Control.Row show(Control control, String id) {
        try {
            return control.show(id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
