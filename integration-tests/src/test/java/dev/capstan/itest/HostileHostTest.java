package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S8 in the packaged host: a plug-in that does everything it must not harms nobody else. */
class HostileHostTest {
    /** Calls into one plug-in, and so what it can hold of threads. */
    private static final int AT_ONCE = 8;

    private static final Pattern HANG = Pattern.compile("[2-8] calls hang");

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
            control.done(hangingCalls());
            var good = control.add(origin.uri("/good").toString());
            Capstan.await("another host's ends", () -> show(control, good).isEnded());
            assertThat(show(control, good).state()).isEqualTo("COMPLETED");
            someCallsHangAndNoMoreAreMade(control, host.process().pid());

            for (var p99 : faces.p99()) {
                assertThat(p99).isLessThan(Duration.ofSeconds(30));
            }
            assertThat(host.terminate().exit()).isZero();
        }
    }

    /** In one request, so that they begin together. */
    private static String[] hangingCalls() {
        var links = IntStream.range(1, 2 * AT_ONCE).mapToObj(number -> "hostile:block/" + number);
        return Stream.concat(Stream.of("add", "hostile:spin/1"), links).toArray(String[]::new);
    }

    private static void someCallsHangAndNoMoreAreMade(Control control, long pid) throws Exception {
        Capstan.await("what hangs is told", () -> HANG.matcher(told(control, "hosts")).find());
        assertThat(threadsOfThePlugin(pid)).isLessThanOrEqualTo(AT_ONCE);
        assertThat(told(control, "doctor", "--quick"))
                .containsPattern("[2-8] calls of host hostile cannot be stopped");
        control.done("hosts", "--release", "hostile");
        assertThat(control.call("add", "hostile:spin/2").err())
                .containsPattern("hangs in [2-8] calls that cannot be stopped. Restart its bundle");

        control.done("features", "update", "test.hostile");
        Capstan.await(
                "those of the version before are told, too",
                () -> told(control, "hosts").contains("calls hang"));
    }

    private static long threadsOfThePlugin(long pid) throws IOException {
        var dump = new ProcessBuilder("jcmd", Long.toString(pid), "Thread.print").start();
        try (var lines = dump.inputReader().lines()) {
            return lines.filter(line -> line.startsWith("\"capstan-host-hostile-")).count();
        }
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
